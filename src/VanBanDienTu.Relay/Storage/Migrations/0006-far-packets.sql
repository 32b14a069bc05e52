-- readers from: 0005
-- Packets that crossed to or from a system that does not sign receipts (the national axis): its id for them, and what became of them here.
CREATE TABLE far_packet (
    link text NOT NULL,
    direction text NOT NULL,
    far_id text NOT NULL,
    message_id text,
    state text NOT NULL,
    attempts bigint NOT NULL,
    error text,
    changed_at bigint NOT NULL,
    PRIMARY KEY (link, direction, far_id)
);
CREATE INDEX far_packet_message ON far_packet (message_id);
