"""From claimed rows to messages ready for the gate: choose the template, render, choose the provider, build what goes
over the wire.

Nothing here decides whether a message may go: that is the gate's, at the hand-over. Whatever is wrong with a row, a
fault of ours too, becomes that row's own fault: one message must never stop the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.channels.mail.signing import read_signer
from safar.channels.notices.reading import write_digests
from safar.channels.provider import MAILBOX, AccountRefused
from safar.channels.sending.carriers import Carrier
from safar.channels.sending.desk import Desk, klass_of
from safar.channels.sending.material import read_material, read_templates, read_workspace
from safar.channels.sending.packing import pack
from safar.channels.sending.rendering import choose, render
from safar.channels.sending.work import Prepared, Work
from safar.channels.settings import Sending
from safar.channels.tracking.links import KnownLinks
from safar.channels.tracking.marking import OFF, Unmarked, mark
from safar.channels.tracking.settings import read_tracking
from safar.channels.webhooks.secrets import open_secrets
from safar.content.pool import RenderPool
from safar.outbox.begin import Ready
from safar.outbox.rows import Claimed


def prepare(
    conn: Connection[Any],
    rows: Sequence[Claimed],
    *,
    sending: Sending,
    pool: RenderPool,
    now: datetime,
    outside: Mapping[str, Carrier],
    known: KnownLinks | None = None,
) -> list[Prepared]:
    """Rows of one queue made ready, in order. outside: channel → by what it goes. known: links that this process has written down
    before. Raises content.forks.ChildrenFail.
    """
    first = rows[0]
    workspace = read_workspace(conn, first.workspace_id, first.channel if first.channel == "sms" else "email")
    if workspace is None:  # the gate will say that it is stopped
        return [Prepared(Ready(row, "", MAILBOX, klass_of(row), fault="the workspace is gone"), None) for row in rows]
    material = read_material(conn, rows)
    works = [choose(Work(row, material[row.key])) for row in rows]
    templates = read_templates(conn, workspace.id, sorted({work.template for work in works if work.template}))
    desk = Desk(workspace, sending=sending, now=now, templates=templates, outside=outside)
    if first.channel == "email" and any(carrier.signs for carrier in outside.values()):
        desk.signer = read_signer(conn, workspace.id, sending.secret_keys)
    desk.digests = write_digests(conn, rows, sending.public_url)
    render(works, desk, pool)
    _mark(conn, works, desk, known if known is not None else KnownLinks())
    if first.kind == "webhook":
        _unlock(conn, desk)
    return [pack(work, desk) for work in works]


def _unlock(conn: Connection[Any], desk: Desk) -> None:
    """What the calls are signed with. Better not called than called unsigned: the other side would take it for somebody else's."""
    try:
        desk.secrets = open_secrets(conn, desk.workspace.id, desk.sending.secret_keys)
    except ValueError as error:
        desk.refused = AccountRefused("secret", str(error), everybody=False)


def _mark(conn: Connection[Any], works: Sequence[Work], desk: Desk, known: KnownLinks) -> None:
    """Links tracked and made short."""
    marked = [work for work in works if work.text is not None and work.fault is None and work.row.kind == "message"]
    if not marked:
        return
    tracking = read_tracking(conn, desk.workspace.id)
    letters = [
        Unmarked(
            row=work.row,
            text=work.text,
            tracking=OFF if work.material.unwatched else tracking.of_message(desk.switches(work.template)),
            source=desk.source_of(work.template, work.text.language),
            variant=work.variant,
            template=work.template,
            frozen=work.material.frozen is not None,
        )
        for work in marked
        if work.text is not None
    ]
    for work, text in zip(marked, mark(conn, letters, sending=desk.sending, known=known), strict=True):
        work.sent = text
        if work.row.channel == "sms":  # a short link is part of the text: counted, and frozen with it
            work.text = text
