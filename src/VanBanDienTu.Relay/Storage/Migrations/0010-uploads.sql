-- readers from: 0009
-- Uploads that can be resumed over another connection, at another node: under the name that they are asked for by, while they are not complete.
ALTER TABLE payload_upload ADD COLUMN upload_key text;
CREATE UNIQUE INDEX payload_upload_key ON payload_upload (upload_key);
