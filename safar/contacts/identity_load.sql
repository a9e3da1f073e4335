-- Whose these names are, and what is known of each contact: a userId of it (any), whether it has an e-mail or a phone.
-- Called by identity.resolve for the names of a batch that the cache does not know.
-- Parameters: kinds, values, workspace.
-- Writes: nothing. Index: identity_pkey, identity_contact.
SELECT i.kind, i.value, i.contact_id,
       (SELECT u.value FROM identity u WHERE u.contact_id = i.contact_id AND u.kind = 1 LIMIT 1),
       EXISTS (SELECT FROM identity a WHERE a.contact_id = i.contact_id AND a.kind > 2)
FROM unnest(%s::smallint[], %s::text[]) AS n (kind, value)
JOIN identity i ON i.workspace_id = %s AND i.kind = n.kind AND i.value = n.value
