-- Somebody has answered a line with a stop word: the address is suppressed at once, so that the next message already meets it at the gate. Not where they
-- have agreed anew since they wrote it (a service may tell of it late). An address that is on the list already keeps its reason.
-- Called by inbound.take_inbound, in the transaction that accepts the event. news: false where the same line was told so before, and nothing came since.
-- Writes: suppression. Index: identity_pkey, consent_pkey, suppression_pkey.
WITH known AS (
    SELECT n.state, n.at FROM identity i JOIN consent n ON n.bucket = i.contact_id & 1023 AND n.contact_id = i.contact_id AND n.channel = 'sms'
     WHERE i.workspace_id = %(workspace)s AND i.kind = 4 AND i.value = %(address)s
), written AS (
    INSERT INTO suppression (workspace_id, channel, address, reason, at)
    SELECT %(workspace)s, 'sms', %(address)s, %(reason)s, %(at)s
     WHERE NOT EXISTS (SELECT FROM known k WHERE k.state = 'given' AND k.at > %(at)s)
    ON CONFLICT (workspace_id, channel, address) DO NOTHING
    RETURNING address
)
SELECT EXISTS (SELECT FROM written)
    OR NOT EXISTS (SELECT FROM suppression s WHERE s.workspace_id = %(workspace)s AND s.channel = 'sms' AND s.address = %(address)s
                      AND s.reason = %(reason)s AND NOT EXISTS (SELECT FROM known k WHERE k.state = 'given' AND k.at > s.at)) AS news
