-- Whether an order's total is that of a correction (migration 0009): the latest of them then stands for what was told first.
ALTER TABLE purchase ADD COLUMN corrected boolean NOT NULL DEFAULT false;
