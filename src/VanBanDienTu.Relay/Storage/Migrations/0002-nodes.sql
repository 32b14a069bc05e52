-- Several nodes on one database: who holds a lease, one chain of evidence for each node, leases of jobs that only one node does at a time.

-- The oldest program that a step leaves at work; null = the step itself.
ALTER TABLE migration ADD COLUMN readers_from bigint;

-- A node's lease on its name: epoch counts its starts, alive_until runs on the database's clock.
DROP TABLE node;
CREATE TABLE node (
    name text NOT NULL PRIMARY KEY,
    epoch bigint NOT NULL,
    alive_until bigint NOT NULL
);

-- A job that one node does at a time. Whoever takes it raises the epoch, and every step of the work names the epoch that it holds.
CREATE TABLE job (
    name text NOT NULL PRIMARY KEY,
    holder text NOT NULL,
    epoch bigint NOT NULL,
    held_until bigint NOT NULL
);

-- Which node's lease it is; the work of a node that died is due at once.
ALTER TABLE document ADD COLUMN holder text;
ALTER TABLE outbox ADD COLUMN holder text;
ALTER TABLE incoming ADD COLUMN holder text;

-- A node numbers what it stores without gaps, and chains it by hash; two nodes never wait for one another.
CREATE TABLE chained_evidence (
    node text NOT NULL,
    sequence bigint NOT NULL,
    id text NOT NULL UNIQUE,
    own bigint NOT NULL,
    event text NOT NULL,
    json blob NOT NULL,
    signature blob NOT NULL,
    happened_at bigint NOT NULL,
    issuer text NOT NULL,
    document_id text,
    message_id text,
    same text UNIQUE,
    hash text NOT NULL,
    stored_at bigint NOT NULL,
    PRIMARY KEY (node, sequence)
);
INSERT INTO chained_evidence (node, sequence, id, own, event, json, signature, happened_at, issuer, document_id, message_id, same, hash, stored_at)
SELECT COALESCE((SELECT o.issuer FROM evidence o WHERE o.own = 1 ORDER BY o.sequence DESC LIMIT 1), ''),
       sequence, id, own, event, json, signature, happened_at, issuer, document_id, message_id, same, hash, 0
FROM evidence;
DROP TABLE evidence;
ALTER TABLE chained_evidence RENAME TO evidence;
CREATE INDEX evidence_document ON evidence (document_id);
CREATE INDEX evidence_message ON evidence (message_id);
