-- Warnings of the house that nobody was told of yet: marked as told, and given. Called by telling.tell_once; locks them, passes over what others have.
-- Writes: team_notice. Index: team_notice_untold.
UPDATE team_notice n
   SET told_at = %(now)s
 WHERE n.id IN (SELECT u.id FROM team_notice u WHERE u.told_at IS NULL ORDER BY u.at LIMIT %(n)s FOR UPDATE SKIP LOCKED)
RETURNING n.workspace_id, n.subject, n.words, n.over_at
