"""Why a contact would get nothing by a channel: the gate's own questions, asked beforehand and in the gate's order."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg.sql import SQL, Composable, Literal

from safar.channels.pace.caps import WOULD_BE_CAPPED
from safar.contacts.preferences import PAUSE_DAYS
from safar.contacts.suppressing import fold_in_sql, marks_in_sql

TYPED = {"email": SQL("c.email"), "sms": SQL("c.phone")}
NO_ADDRESS, UNSUBSCRIBED, NO_CONSENT, PAUSED = "no_address", "unsubscribed", "no_consent", "paused"
SUPPRESSED, CAPPED = "suppressed", "capped"
REASONS = (NO_ADDRESS, UNSUBSCRIBED, NO_CONSENT, PAUSED, SUPPRESSED, CAPPED)

# Who took their consent back has unsubscribed, and so has whoever stands on the list for that alone.
_LACKING = SQL(
    "CASE WHEN coalesce(btrim({typed}), '') = '' THEN 'no_address'"
    " WHEN {consented} AND {said} = 'withdrawn' THEN 'unsubscribed'"
    " WHEN {consented} AND {said} IS DISTINCT FROM 'given' THEN 'no_consent'"
    " WHEN {consented} AND EXISTS (SELECT FROM consent n WHERE n.bucket = c.bucket AND n.contact_id = c.id AND n.channel = 'pause'"
    " AND n.state = 'paused' AND n.at > statement_timestamp() - make_interval(days => {days}) OFFSET 0) THEN 'paused'"
    " ELSE coalesce((SELECT CASE WHEN split_part(s.reason, ':', 1) IN ('unsubscribed', 'stop_word')"
    " THEN CASE WHEN {consented} THEN 'unsubscribed' END ELSE 'suppressed' END AS why"
    " FROM suppression s WHERE s.workspace_id = c.workspace_id AND s.channel = {channel} AND s.address = ANY (ARRAY[{known_as}])"
    " ORDER BY why LIMIT 1), CASE WHEN {consented} AND {capped} THEN 'capped' ELSE '' END) END"
)
_SAID = SQL(
    "(SELECT n.state FROM consent n WHERE n.bucket = c.bucket AND n.contact_id = c.id AND n.channel = {} OFFSET 0)"
)


def lacking(channel: str, *, consented: bool = True, marked: Mapping[str, str] | None = None) -> Composable:
    """Text over a contact ``c``: one of REASONS, '' where nothing stands in the way.

    consented: False for what goes without consent. marked: as `contacts.suppressing.marking` gave it, for those on the list who were erased.
    """
    typed = TYPED[channel]
    folded = fold_in_sql(channel, typed)
    known_as = [folded, SQL("btrim({})").format(typed), *marks_in_sql(channel, folded, marked or {})]
    return _LACKING.format(
        typed=typed,
        consented=Literal(consented),
        said=_SAID.format(Literal(channel)),
        days=Literal(PAUSE_DAYS),
        channel=Literal(channel),
        known_as=SQL(", ").join(known_as),
        capped=SQL(WOULD_BE_CAPPED).format(channel=Literal(channel)),
    )
