-- When the dispatcher has something to do next though nothing new comes in: a lease or a doubt that ends, a not_after that passes.
-- Due rows are told by queues.sql. Called by resolve.next_moment before the dispatcher sleeps.
-- Writes: nothing. Index: outbox_lease, outbox_expiry.
SELECT least(
    (SELECT min(lease_until) FROM outbox WHERE state IN (1, 2, 4)),
    (SELECT min(not_after) FROM outbox WHERE state IN (0, 3, 5) AND not_after IS NOT NULL)) AS at
