"""Which pop-ups a visitor may see by the segments they are in, told to nobody but them.

Who asks is known in one of three ways, and otherwise not at all:

    a link of a message     whoever opened it has the mailbox or the phone: the address that it led to on the shop's own site carries a visitor's token
    the shop's server       says by a secret key who has signed in there (``/api/v1/contacts/visitor``), and gets such a token for the page
    nobody else             an anonymousId whose contact has no other name: what is known is what this very browser did

An e-mail address or a userId that a page names proves nothing, and what is filled in proves nothing either: anybody may type another's address, and one
who typed it before its owner came would stay known as them. So an anonymousId that was joined to a name is nobody until a token says more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.sql import SQL, Composable, Literal

from safar.accounts.models import Workspace
from safar.contacts.names import ANONYMOUS, MAX_ID
from safar.lib.faults import Faults
from safar.lib.thrifty import Thrifty
from safar.segments.catalog import Catalog
from safar.segments.parse import parse_condition
from safar.segments.services import read_segments, reading_now
from safar.website.form import INSIDE, Form
from safar.website.keeping import Kept, list_forms
from safar.website.vouching import CONTACT, read_visitor

_OF_MESSAGE = "SELECT m.contact_id FROM message m WHERE m.bucket = %s AND m.id = %s AND m.workspace_id = %s"
_OF_BROWSER = """
SELECT i.contact_id FROM identity i WHERE i.workspace_id = %(workspace)s AND i.kind = %(kind)s AND i.value = %(value)s
    AND NOT EXISTS (SELECT FROM identity o WHERE o.contact_id = i.contact_id AND o.kind <> i.kind)
"""
_HOLDS = SQL(
    "SELECT ARRAY[{holds}]::boolean[] FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
    " WHERE c.bucket = {bucket} AND c.id = {contact} AND c.workspace_id = {workspace} AND c.created_at IS NOT NULL AND c.erased_at IS NULL"
    " AND c.merged_into IS NULL"
)
_INTO = "SELECT c.merged_into FROM contact c WHERE c.bucket = %s AND c.id = %s"
_compiled: Thrifty[Mapping[str, Composable]] = Thrifty(
    least=60.0, most=60.0
)  # the moment it reads at is as old at most


def list_shown(
    conn: Connection[Any], workspace_id: int, *, visitor: str, anonymous: str, now: datetime, keys: Sequence[str]
) -> list[str]:
    """Tokens of the forms that ask who it is and may open for this visitor. visitor: a token, or empty; anonymous: an anonymousId."""
    asking = [one for one in list_forms(conn, workspace_id) if one.live and one.form.asks]
    contact = _find(conn, workspace_id, visitor, anonymous, now, keys) if asking else None
    may: Mapping[str, bool] = {}
    if contact is not None:
        drawn = tuple((one.token, one.form.segment, one.form.members, *_agreeing(one.form)) for one in asking)
        compiled = _compiled.get((workspace_id, drawn), lambda: _compile(conn, workspace_id, asking))
        if compiled:
            given = {"bucket": Literal(contact & 1023), "contact": Literal(contact), "workspace": Literal(workspace_id)}
            row = conn.execute(_HOLDS.format(holds=SQL(", ").join(compiled.values()), **given)).fetchone()
            may = dict(zip(compiled, row[0], strict=True)) if row else {}
    return [one.token for one in asking if may.get(one.token, one.form.for_nobody_known)]


def _compile(conn: Connection[Any], workspace_id: int, asking: Sequence[Kept]) -> dict[str, Composable]:
    """Token → whether it may open for a contact who is known. A form whose segment is gone is left out."""
    workspace = Workspace.objects.get(pk=workspace_id)
    segments = read_segments(workspace)
    reading = reading_now(conn, workspace, segments)
    found: dict[str, Composable] = {}
    for kept in asking:
        form, parts = kept.form, list[Composable]()
        if form.segment in segments:
            inside = segments[form.segment].holds(reading)
            parts.append(inside if form.members == INSIDE else SQL("NOT ({})").format(inside))
        elif form.segment:
            continue
        if channels := _agreeing(form):
            agreed = {"all": [{"consent": channel, "is": "given"} for channel in channels]}
            if (condition := parse_condition(agreed, Faults(), Catalog())) is not None:
                parts.append(SQL("NOT ({})").format(condition.holds(reading)))
        found[kept.token] = SQL(" AND ").join(SQL("({})").format(part) for part in parts) if parts else SQL("TRUE")
    return found


def _agreeing(form: Form) -> tuple[str, ...]:
    """Channels that somebody has agreed to whom the form is not for."""
    return tuple(one.channel for one in form.consents) if form.unless_agreed else ()


def _find(
    conn: Connection[Any], workspace_id: int, visitor: str, anonymous: str, now: datetime, keys: Sequence[str]
) -> int | None:
    """The contact that this is surely."""
    told = read_visitor(visitor, now, keys) if visitor else None
    if told is not None and told.workspace_id == workspace_id:
        of_message = (told.bucket, told.number, workspace_id)
        row = (told.number,) if told.kind == CONTACT else conn.execute(_OF_MESSAGE, of_message).fetchone()
    elif anonymous and len(anonymous) <= MAX_ID:
        row = conn.execute(_OF_BROWSER, {"workspace": workspace_id, "kind": ANONYMOUS, "value": anonymous}).fetchone()
    else:
        row = None
    if row is None:
        return None
    contact = int(row[0])
    while (into := conn.execute(_INTO, (contact & 1023, contact)).fetchone()) and into[0]:
        contact = int(into[0])  # a winner may have been merged as well
    return contact
