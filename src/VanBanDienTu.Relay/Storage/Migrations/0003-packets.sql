-- readers from: 0002
-- Units that exchange whole packets: what waits for them leaves the list when they acknowledge it (Initial, Processing, Done, Fail).
ALTER TABLE incoming ADD COLUMN acknowledgement text NOT NULL DEFAULT 'Initial';

-- 0 new, 1 recall, 2 update, 3 replace; a recall may carry the edXML id of the document that it takes back.
ALTER TABLE document ADD COLUMN business_type bigint NOT NULL DEFAULT 0;

-- Status packets (01 to 16) for such units; the id is the message id.
CREATE TABLE status_packet (
    id text NOT NULL PRIMARY KEY,
    organ text NOT NULL,
    from_organ text NOT NULL,
    envelope blob NOT NULL,
    received_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    acknowledgement text NOT NULL
);
CREATE INDEX status_packet_waiting ON status_packet (organ, received_at, id) WHERE acknowledgement IN ('Initial', 'Processing');
