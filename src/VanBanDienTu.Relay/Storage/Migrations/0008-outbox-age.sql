-- readers from: 0007
-- What waits beyond its horizon is found without looking at all that waits.
CREATE INDEX outbox_age ON outbox (queued_at);
