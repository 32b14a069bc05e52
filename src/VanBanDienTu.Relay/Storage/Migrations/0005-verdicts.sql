-- Every verdict, for ever. report is a payload (JSON as it was given out); record is canonical JSON that names, by hash, the file,
-- the anchors, the policy and all that the verdict rests on. stamp is the number of the timestamp over it, 0 while there is none.
CREATE TABLE verdict (
    report_id text NOT NULL,
    organ text NOT NULL,
    file_sha256 text NOT NULL,
    outcome text NOT NULL,
    snapshot text NOT NULL,
    judged_at bigint NOT NULL,
    report text NOT NULL,
    record blob NOT NULL,
    stamp bigint NOT NULL,
    PRIMARY KEY (report_id, organ)
);
CREATE INDEX verdict_file ON verdict (file_sha256, stamp);
CREATE INDEX verdict_unstamped ON verdict (judged_at) WHERE stamp = 0;

-- Timestamps of an authority over lists of records and CRLs, each list naming the timestamp before it.
CREATE TABLE stamp (
    number bigint NOT NULL PRIMARY KEY,
    list blob NOT NULL,
    token blob NOT NULL,
    evidence text NOT NULL,
    stamped_at bigint NOT NULL
);

-- CRLs of the configured authorities, day by day.
CREATE TABLE kept_crl (
    url text NOT NULL,
    stamp bigint NOT NULL,
    payload text NOT NULL,
    PRIMARY KEY (url, stamp)
);
