-- readers from: 0003
-- Payloads too large for a row, for nodes that share a database and no disk: pieces of one upload, and the upload that a digest is found in.
CREATE TABLE payload_chunk (
    upload text NOT NULL,
    place bigint NOT NULL,
    bytes blob NOT NULL,
    PRIMARY KEY (upload, place)
);
CREATE TABLE payload_upload (
    upload text NOT NULL PRIMARY KEY,
    sha256 text UNIQUE,
    size bigint NOT NULL,
    begun_at bigint NOT NULL
);
