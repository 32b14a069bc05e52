-- Payloads of middling size lie one after the other in segment files: which file, and from which byte on.
ALTER TABLE payload ADD COLUMN segment bigint;
ALTER TABLE payload ADD COLUMN place bigint;
