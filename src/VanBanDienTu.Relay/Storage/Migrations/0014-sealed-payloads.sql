-- readers from: 0013
-- Payloads sealed at rest: key_id names the key. sealed holds small ones, so that a program from before this step finds nothing rather than bytes
-- that are not the payload. From the first key on such programs are kept out altogether.
ALTER TABLE payload ADD COLUMN sealed blob;
ALTER TABLE payload ADD COLUMN key_id text;
CREATE INDEX payload_key ON payload (key_id) WHERE key_id IS NOT NULL;
ALTER TABLE quarantine ADD COLUMN key_id text;
CREATE INDEX quarantine_key ON quarantine (key_id) WHERE key_id IS NOT NULL;

-- Every key that this database was ever sealed with.
CREATE TABLE storage_key (
    id text NOT NULL PRIMARY KEY,
    first_used_at bigint NOT NULL
);
