-- readers from: 0010
-- Bytes of a document's attachments, for quotas; what came before this step counts as 0.
ALTER TABLE document ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
ALTER TABLE incoming ADD COLUMN bytes bigint NOT NULL DEFAULT 0;
