-- One text for SQLite and PostgreSQL: columns are text, bigint (instants: Unix milliseconds UTC; truth: 0 or 1) and blob.

CREATE TABLE node (
    id bigint NOT NULL PRIMARY KEY,
    epoch bigint NOT NULL
);

-- Every payload that a row below names. bytes holds the small ones; the others are files named by their digest.
CREATE TABLE payload (
    sha256 text NOT NULL PRIMARY KEY,
    size bigint NOT NULL,
    bytes blob
);

-- What a unit of this node submitted.
CREATE TABLE document (
    id text NOT NULL PRIMARY KEY,
    organ text NOT NULL,
    request_id text NOT NULL,
    request_digest text NOT NULL,
    edxml_id text NOT NULL,
    code text NOT NULL,
    submission text NOT NULL,
    attachments text NOT NULL,
    reports text NOT NULL,
    state text NOT NULL,
    reason_code text,
    reason_vi text,
    reason_en text,
    received_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    due_at bigint NOT NULL,
    lease_epoch bigint NOT NULL,
    leased bigint NOT NULL,
    attempts bigint NOT NULL,
    outcome text,
    UNIQUE (organ, request_id)
);
CREATE INDEX document_due ON document (due_at) WHERE state IN ('Received', 'Signing', 'Held');
CREATE INDEX document_listed ON document (organ, received_at, id);
CREATE INDEX document_edxml ON document (edxml_id);
CREATE INDEX document_code ON document (organ, code);

-- One document to one recipient; the id is the message id.
CREATE TABLE delivery (
    id text NOT NULL PRIMARY KEY,
    document_id text NOT NULL,
    place bigint NOT NULL,
    organ text NOT NULL,
    name text,
    state text NOT NULL,
    request text NOT NULL,
    by_whom text,
    reason_code text,
    reason_vi text,
    reason_en text,
    contradicted bigint NOT NULL,
    changed_at bigint NOT NULL
);
CREATE INDEX delivery_document ON delivery (document_id, place);

-- Status history of a delivery, whatever order it came in.
CREATE TABLE delivery_status (
    delivery_id text NOT NULL,
    message_id text NOT NULL,
    code text NOT NULL,
    description text,
    reported_at bigint NOT NULL,
    organ text NOT NULL,
    contradicts bigint NOT NULL,
    received_at bigint NOT NULL,
    PRIMARY KEY (delivery_id, message_id)
);

-- What leaves this node, own or in transit. Written once, sent as it is on every attempt.
CREATE TABLE message (
    id text NOT NULL PRIMARY KEY,
    kind text NOT NULL,
    own bigint NOT NULL,
    from_organ text NOT NULL,
    from_name text,
    to_organ text NOT NULL,
    to_name text,
    edxml_id text NOT NULL,
    envelope blob NOT NULL,
    attachments text NOT NULL,
    hops text NOT NULL,
    evidence text NOT NULL,
    concerns text,
    digest text NOT NULL,
    urgency bigint NOT NULL,
    created_at bigint NOT NULL,
    given_up bigint NOT NULL
);

-- What is still to be sent; a row goes when the next hop answered for good, or when we gave up.
-- A lease is due_at in the future and leased = 1: a claim moves both and raises lease_epoch.
CREATE TABLE outbox (
    message_id text NOT NULL PRIMARY KEY,
    destination text NOT NULL,
    urgency bigint NOT NULL,
    due_at bigint NOT NULL,
    leased bigint NOT NULL,
    lease_epoch bigint NOT NULL,
    attempts bigint NOT NULL,
    last_error text,
    queued_at bigint NOT NULL,
    after_id text
);
CREATE INDEX outbox_due ON outbox (destination, urgency, due_at);

CREATE TABLE destination (
    name text NOT NULL PRIMARY KEY,
    breaker text NOT NULL,
    open_until bigint NOT NULL,
    failures bigint NOT NULL,
    last_error text,
    clock_skew_ms bigint NOT NULL,
    succeeded_at bigint NOT NULL
);

-- Every message that this node gave a receipt for, for ever.
CREATE TABLE arrival (
    message_id text NOT NULL PRIMARY KEY,
    digest text NOT NULL,
    peer text NOT NULL,
    peer_certificate text,
    receipt text NOT NULL,
    received_at bigint NOT NULL
);

-- What arrived for a unit of this node; the id is the message id.
CREATE TABLE incoming (
    id text NOT NULL PRIMARY KEY,
    organ text NOT NULL,
    from_organ text NOT NULL,
    from_name text,
    edxml_id text NOT NULL,
    code text NOT NULL,
    promulgated text NOT NULL,
    envelope blob NOT NULL,
    attachments text NOT NULL,
    hops text NOT NULL,
    received_at bigint NOT NULL,
    consignment text NOT NULL,
    acceptance text NOT NULL,
    rule text,
    reason_vi text,
    reason_en text,
    reports text NOT NULL,
    confirmed_at bigint NOT NULL,
    handover text,
    request text NOT NULL,
    request_reason text,
    business_type bigint NOT NULL,
    due_at bigint NOT NULL,
    lease_epoch bigint NOT NULL,
    leased bigint NOT NULL,
    attempts bigint NOT NULL
);
CREATE INDEX incoming_due ON incoming (due_at) WHERE acceptance = 'Verifying';
CREATE INDEX incoming_listed ON incoming (organ, received_at, id);
CREATE INDEX incoming_unconfirmed ON incoming (organ, received_at, id) WHERE confirmed_at = 0;
CREATE INDEX incoming_edxml ON incoming (organ, edxml_id);

-- Status packets that units of this node sent about what arrived for them.
CREATE TABLE answer (
    message_id text NOT NULL PRIMARY KEY,
    incoming_id text NOT NULL,
    organ text NOT NULL,
    request_id text NOT NULL,
    digest text NOT NULL,
    code text NOT NULL,
    description text,
    answered_at bigint NOT NULL,
    state text NOT NULL,
    reason_vi text,
    reason_en text,
    UNIQUE (organ, request_id)
);
CREATE INDEX answer_incoming ON answer (incoming_id, answered_at);

-- What changed, in order, for those who watch.
CREATE TABLE event (
    sequence bigint NOT NULL PRIMARY KEY,
    side text NOT NULL,
    organ text NOT NULL,
    document_id text NOT NULL,
    message_id text,
    recipient text,
    recipient_name text,
    previous_state text NOT NULL,
    state text NOT NULL,
    request text NOT NULL,
    reason_code text,
    reason_vi text,
    reason_en text,
    code text NOT NULL,
    happened_at bigint NOT NULL
);
CREATE INDEX event_watched ON event (organ, side, sequence);

-- Signed evidence, our own and our peers', numbered without gaps; hash chains each row to the one before.
CREATE TABLE evidence (
    sequence bigint NOT NULL PRIMARY KEY,
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
    hash text NOT NULL
);
CREATE INDEX evidence_document ON evidence (document_id);
CREATE INDEX evidence_message ON evidence (message_id);

-- What could not be read or matched; the raw bytes are kept.
CREATE TABLE quarantine (
    id text NOT NULL PRIMARY KEY,
    received_at bigint NOT NULL,
    peer text NOT NULL,
    message_id text,
    reason_vi text NOT NULL,
    reason_en text NOT NULL,
    bytes blob NOT NULL
);
CREATE INDEX quarantine_received ON quarantine (received_at);
