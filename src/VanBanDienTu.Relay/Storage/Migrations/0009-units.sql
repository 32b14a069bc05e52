-- readers from: 0006
-- The axis's directory: units, their codes of before, who succeeded whom. version rises with every change, so that a follower asks for what is newer.
CREATE TABLE unit (
    code text NOT NULL PRIMARY KEY,
    name text NOT NULL,
    parent text,
    old_code text,
    mail text,
    successor text,
    locked bigint NOT NULL,
    deleted bigint NOT NULL,
    source text NOT NULL,
    authority bigint NOT NULL,
    source_version bigint NOT NULL,
    version bigint NOT NULL,
    changed_at bigint NOT NULL
);
CREATE UNIQUE INDEX unit_version ON unit (version);
CREATE INDEX unit_source ON unit (source, source_version);
CREATE INDEX unit_special ON unit (code) WHERE old_code IS NOT NULL OR successor IS NOT NULL OR locked = 1 OR deleted = 1 OR authority = 1;
