-- readers from: 0014
-- A node's state was put back to an older one: its log of evidence goes on from from_sequence, and nothing is numbered between.
CREATE TABLE restoration (
    node text NOT NULL,
    restored_at bigint NOT NULL,
    backup_at bigint NOT NULL,
    after_sequence bigint NOT NULL,
    from_sequence bigint NOT NULL,
    PRIMARY KEY (node, restored_at)
);

-- Neighbours, by link, that must be asked what passed since: Pending, Done, or Accepted (an operator took the difference as it is).
CREATE TABLE reconciliation (
    link text NOT NULL PRIMARY KEY,
    backup_at bigint NOT NULL,
    restored_at bigint NOT NULL,
    state text NOT NULL,
    recovered bigint NOT NULL,
    error text,
    changed_at bigint NOT NULL
);

-- What a neighbour knows of this node and what could not be put back.
CREATE TABLE difference (
    link text NOT NULL,
    message_id text NOT NULL,
    from_organ text NOT NULL,
    to_organ text NOT NULL,
    code text NOT NULL,
    reason_vi text NOT NULL,
    reason_en text NOT NULL,
    happened_at bigint NOT NULL,
    PRIMARY KEY (link, message_id)
);

-- What a neighbour that was put back asks for: what came since, in the order in which it was kept.
CREATE INDEX arrival_received ON arrival (received_at, message_id);
CREATE INDEX evidence_kept ON evidence (stored_at, id) WHERE own = 0;
