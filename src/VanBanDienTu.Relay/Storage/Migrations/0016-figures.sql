-- readers from: 0015
-- A node's health and its quotas are counted without looking at all that ever was. sender: the organ of this node whose document waits.
DROP INDEX outbox_due;
CREATE INDEX outbox_due ON outbox (destination, urgency, due_at, queued_at);
ALTER TABLE outbox ADD COLUMN sender text;
UPDATE outbox SET sender = (SELECT o.organ FROM delivery d JOIN document o ON o.id = d.document_id WHERE d.id = outbox.message_id);
CREATE INDEX outbox_sender ON outbox (sender) WHERE sender IS NOT NULL;
DROP INDEX incoming_unconfirmed;
CREATE INDEX incoming_unconfirmed ON incoming (organ, received_at, id, acceptance, bytes) WHERE confirmed_at = 0;
CREATE INDEX answer_failed ON answer (message_id) WHERE state = 'Failed';
