-- readers from: 0011
-- Which later document (recall, update, replacement) asks something of this one; the request beside the state is open for both.
ALTER TABLE delivery ADD COLUMN asked_by text;
CREATE INDEX delivery_asked ON delivery (asked_by) WHERE asked_by IS NOT NULL;
ALTER TABLE incoming ADD COLUMN asked_by text;
CREATE INDEX incoming_asked ON incoming (asked_by) WHERE asked_by IS NOT NULL;
CREATE INDEX incoming_asking ON incoming (organ, from_organ) WHERE business_type > 0 AND request IN ('recall:open', 'update:open', 'replace:open');

-- Documents that answer documents (edXML ResponseFor). answered and answer are ids of outgoing and incoming documents: in either direction one of each.
CREATE TABLE response (
    answered text NOT NULL,
    answer text NOT NULL,
    answered_at bigint NOT NULL,
    PRIMARY KEY (answered, answer)
);
CREATE INDEX response_answer ON response (answer);
