-- readers from: 0017
-- What is looked up for one document is found in the order asked for: with the filter in one index and the order in another, the engine may take
-- that of the order and read through all that ever came for the organ. confirmed_at is a column of its own partial index for the same reason: two
-- columns that are given weigh more than one.
DROP INDEX incoming_asking;
CREATE INDEX incoming_asking ON incoming (organ, from_organ, received_at)
    WHERE business_type > 0 AND request IN ('recall:open', 'update:open', 'replace:open');
DROP INDEX incoming_unconfirmed;
CREATE INDEX incoming_unconfirmed ON incoming (organ, confirmed_at, received_at, id, acceptance, bytes) WHERE confirmed_at = 0;
CREATE INDEX incoming_code ON incoming (organ, code, received_at, id);
DROP INDEX document_code;
CREATE INDEX document_code ON document (organ, code, received_at, id);
DROP INDEX document_edxml;
CREATE INDEX document_edxml ON document (organ, edxml_id, received_at, id);
CREATE INDEX answer_listed ON answer (organ, answered_at);
