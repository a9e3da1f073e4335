-- Contacts that have the words somebody typed, each as the beginning of one, and those that have it as a name (userId, e-mail, phone) whole.
-- Called by contacts.listing, which asks for one more than it would list: there may be many more. In no order.
-- Writes: nothing. Index: contact_search_words, identity_pkey.
SELECT i.contact_id FROM identity i WHERE i.workspace_id = %(workspace)s AND i.kind = ANY ('{1,2,3,4}') AND i.value = ANY (%(names)s)
UNION ALL
(SELECT s.contact_id FROM contact_search s WHERE s.words @@ safar_search_query(%(workspace)s, %(typed)s) AND s.workspace_id = %(workspace)s LIMIT %(most)s)
