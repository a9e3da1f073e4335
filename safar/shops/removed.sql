-- Shops that were taken away (migration 0003): what one has said stays known, so that the same shop connected again says nothing twice.
ALTER TABLE shop ADD COLUMN removed_at timestamptz;
