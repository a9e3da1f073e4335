-- Somebody has answered a line with a join word: takes the address off the suppression list where a stop word to this very line had put it there, and nothing
-- has withdrawn the consent after that.
-- Called by inbound.take_inbound, in the transaction that accepts the event. Returns a row where it was taken off: then the consent is given again.
-- Writes: suppression. Index: suppression_pkey, identity_pkey, consent_pkey.
DELETE FROM suppression s
 WHERE s.workspace_id = %(workspace)s AND s.channel = 'sms' AND s.address = %(address)s AND s.reason = %(reason)s AND s.at <= %(at)s
   AND NOT EXISTS (
    SELECT FROM identity i JOIN consent n ON n.bucket = i.contact_id & 1023 AND n.contact_id = i.contact_id AND n.channel = 'sms'
     WHERE i.workspace_id = s.workspace_id AND i.kind = 4 AND i.value = s.address AND n.state = 'withdrawn' AND n.at > s.at)
RETURNING s.address
