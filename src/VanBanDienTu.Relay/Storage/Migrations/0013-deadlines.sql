-- readers from: 0011
-- What a unit must do about what arrived, and until when. met_at: when it did; raised_at: when it was found overdue (0 = not).
CREATE TABLE deadline (
    incoming_id text NOT NULL,
    kind text NOT NULL,
    organ text NOT NULL,
    due_at bigint NOT NULL,
    met_at bigint NOT NULL,
    raised_at bigint NOT NULL,
    PRIMARY KEY (incoming_id, kind)
);
CREATE INDEX deadline_due ON deadline (due_at) WHERE met_at = 0 AND raised_at = 0;
CREATE INDEX deadline_overdue ON deadline (organ, due_at) WHERE met_at = 0 AND raised_at > 0;
CREATE INDEX deadline_figures ON deadline (organ, due_at);
