"""From claimed rows to messages ready for the gate: choose the template, render, choose the provider, build what goes
over the wire.

Nothing here decides whether a message may go: that is the gate's, at the hand-over. Whatever is wrong with a row, a
fault of ours too, becomes that row's own fault: one message must never stop the others.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.channels.mail.compose import one_line, sender_address
from safar.channels.mail.signing import read_signer
from safar.channels.notices.destinations import LANGUAGES
from safar.channels.notices.kind import CHANNEL as DESTINATION
from safar.channels.notices.kind import TEST
from safar.channels.notices.reading import write_digests
from safar.channels.provider import MAILBOX, AccountRefused, Parcel
from safar.channels.sending.carriers import KEPT, NOTED, Carrier
from safar.channels.sending.desk import Desk, choose_variant, klass_of, parts_of, sms_number
from safar.channels.sending.material import Material, read_material, read_templates, read_workspace
from safar.channels.settings import Sending
from safar.channels.sms.text import Written, kept_pattern, pattern_of
from safar.channels.tracking.links import KnownLinks
from safar.channels.tracking.marking import OFF, Unmarked, mark
from safar.channels.tracking.settings import read_tracking
from safar.channels.webhooks import writing as webhook
from safar.channels.webhooks.secrets import open_secrets
from safar.contacts.names import fold_phone
from safar.contacts.suppressing import marks, spellings
from safar.content.pool import Job, Rendered, RenderPool
from safar.outbox.begin import Ready
from safar.outbox.rows import Claimed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row made ready, and its parcel: None where it cannot be rendered. kept: why it stays in the mailbox. carrier: by what
    it goes. refused: why nothing goes by it for now."""

    ready: Ready
    parcel: Parcel | None
    kept: str = ""
    carrier: Carrier = KEPT
    refused: AccountRefused | None = None


@dataclass(slots=True)
class _Work:
    """A row on its way through here."""

    row: Claimed
    material: Material
    template: str | None = None
    variant: str | None = None
    text: Rendered | None = None
    sent: Rendered | None = None  # as it goes over the wire: the same with its links tracked
    ways: Sequence[Written] = ()  # of an SMS: the first is what is begun
    called: webhook.Template | None = None  # of a webhook that says its own words
    texts: dict[str, str] = field(default_factory=dict)  # of a notice, by language
    fault: str | None = None


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
    works = [_choose(_Work(row, material[row.key])) for row in rows]
    templates = read_templates(conn, workspace.id, sorted({work.template for work in works if work.template}))
    desk = Desk(workspace, sending=sending, now=now, templates=templates, outside=outside)
    if first.channel == "email" and any(carrier.signs for carrier in outside.values()):
        desk.signer = read_signer(conn, workspace.id, sending.secret_keys)
    desk.digests = write_digests(conn, rows, sending.public_url)
    _render(works, desk, pool)
    _mark(conn, works, desk, known if known is not None else KnownLinks())
    if first.kind == "webhook":
        _unlock(conn, desk)
    return [_pack(work, desk) for work in works]


def _choose(work: _Work) -> _Work:
    try:
        if work.row.kind == "test":
            work.template = work.row.effect["template"]
        elif work.row.kind == "message":
            template, work.variant = choose_variant(work.row.effect, work.material.contact_key or "")
            work.template = template if isinstance(template, str) else None
    except Exception as error:
        work.fault = _ours(work, error)
    return work


def _render(works: Sequence[_Work], desk: Desk, pool: RenderPool) -> None:
    """All that was not frozen by an earlier hand-over, in one batch."""
    batch: list[tuple[_Work, Job]] = []
    for work in works:
        frozen = work.material.frozen
        if frozen is not None:
            work.text = Rendered(*frozen)
            continue
        if work.row.kind == "test":  # made when it was asked for, from what was not stored yet
            work.text = Rendered(**work.row.effect["made"])
            continue
        if work.row.kind == "webhook":
            _call(work, desk, batch)
            continue
        if work.row.kind == "digest":
            work.text = desk.digests.get(work.row.effect["digest"])
            work.fault = None if work.text else "the destination was taken away"
            continue
        try:
            if work.row.kind == "notice":
                batch += [(work, desk.notice_job(work.row, work.material, language)) for language in LANGUAGES]
                continue
            work.fault = work.fault or desk.fault(work.row, work.template)
            if work.fault is None:
                batch.append((work, desk.job(work.row, work.template, work.material)))
        except Exception as error:
            work.fault = _ours(work, error)
    for (work, _), made in zip(batch, pool.render([job for _, job in batch]), strict=True):
        if isinstance(made, Rendered) and work.called is not None:
            _fill(work, made)
        elif isinstance(made, Rendered) and work.row.kind == "notice":
            work.texts[made.language] = made.text
            if work.text is None or made.language == desk.workspace.language:
                work.text = made
        elif isinstance(made, Rendered):
            work.text = made
        else:
            work.fault = made.fault


def _call(work: _Work, desk: Desk, batch: list[tuple[_Work, Job]]) -> None:
    """A webhook's body: made before (somebody sends it again), the point's own words, an event, or what is known of the contact."""
    effect = work.row.effect
    try:
        if effect.get("made"):
            work.text = Rendered(desk.workspace.language, effect["made"]["subject"], "", effect["made"]["text"])
        elif effect.get("body") or effect.get("headers"):
            work.called = webhook.Template(effect.get("body"), effect.get("headers") or {})
            if work.called.text:
                batch.append((work, desk.job(work.row, work.called.text, work.material)))
            else:  # nothing in it is text
                _fill(work, Rendered(desk.workspace.language, "", "", ""))
        else:
            data = desk.job(work.row, None, work.material).data
            body = webhook.plain_body(data, sms_number(work.row), effect.get("event"))
            work.text = Rendered(desk.workspace.language, "{}", "", body)
    except Exception as error:
        work.fault = _ours(work, error)


def _fill(work: _Work, made: Rendered) -> None:
    assert work.called is not None
    try:
        body, headers = work.called.filled(made.text)
    except (ValueError, StopIteration) as error:
        work.fault = str(error) or "the body cannot be put together"
        return
    work.text = Rendered(made.language, json.dumps(headers), "", body)


def _unlock(conn: Connection[Any], desk: Desk) -> None:
    """What the calls are signed with. Better not called than called unsigned: the other side would take it for somebody else's."""
    try:
        desk.secrets = open_secrets(conn, desk.workspace.id, desk.sending.secret_keys)
    except ValueError as error:
        desk.refused = AccountRefused("secret", str(error), everybody=False)


def _mark(conn: Connection[Any], works: Sequence[_Work], desk: Desk, known: KnownLinks) -> None:
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


def _pack(work: _Work, desk: Desk) -> Prepared:
    row, text = work.row, work.text
    sender = desk.sender(work.template, work.material, row.channel)
    addresses: list[str] = []
    header: str | None = None
    parcel: Parcel | None = None
    carrier, kept = KEPT, ""
    try:
        addresses = desk.addresses(row, work.material)
        carrier, kept = (NOTED, "") if row.kind == "notice" else desk.route(row, addresses)
        if text is not None and work.fault is None and (addresses or row.kind == "notice"):
            if row.kind == "notice":
                header, parcel = sms_number(row), _notice_parcel(work, desk)
            elif row.channel == DESTINATION:
                header, channel = sms_number(row), f"{row.channel}{TEST}" if row.kind == "test" else row.channel
                parcel = Parcel(channel, row.workspace_id, header, "", addresses[0], text.text.encode())
            elif row.kind == "webhook":
                header = sms_number(row)
                parcel = desk.webhook_parcel(row, addresses[0], text)
            elif row.channel == "sms":
                numbers = [fold_phone(one) or one for one in addresses]  # however a shop has typed them
                text = work.text = _say(work, desk, carrier, text, numbers[0])
                header, parcel = sms_number(row), _sms_parcel(work, sender, numbers)
            else:
                header, source = desk.source(
                    row, sender=sender, material=work.material, addresses=addresses, text=work.sent or text
                )
                also, envelope = tuple(addresses[1:]), sender_address(sender)
                if carrier.signs and desk.signer is not None and desk.signer.signs_for(envelope):
                    source = desk.signer.sign(source)
                parcel = Parcel(row.channel, row.workspace_id, header, envelope, addresses[0], source, also)
    except ValueError as error:  # BadAddress, and whatever else the e-mail library will not write
        work.fault = str(error)
    except Exception as error:
        work.fault = _ours(work, error)
    if work.fault is not None:
        parcel = None
    again = row.kind == "webhook"  # the other side knows it by its key
    once_more = desk.templates.get(work.template or "", {}).get("once_more")
    ready = Ready(
        row,
        mode=desk.workspace.send_mode,
        provider=carrier.provider,
        klass=klass_of(row),
        address=addresses[0] if addresses else None,
        marks=_known_as(row.channel, addresses, desk),
        message_id_header=header,
        template=work.template,
        variant=work.variant,
        language=text.language if text else None,
        topic=desk.topic(row, work.template),
        once_more=again or (bool(once_more) and klass_of(row) == "transactional"),
        sender=one_line(sender),
        subject=text.subject if text else None,
        body_html=text.html if text else None,
        body_text=text.text if text else None,
        pattern=kept_pattern(work.ways[0].pattern) if work.ways else None,
        parts=parts_of(row.channel, text.text) if text else None,
        part_price=desk.workspace.part_price if text and row.channel in ("email", "sms") else None,
        fault=work.fault,
    )
    return Prepared(ready, parcel, kept, carrier, desk.refused)


def _known_as(channel: str, addresses: Sequence[str], desk: Desk) -> tuple[str, ...]:
    """How the address may stand on the suppression list, beside as it is."""
    if not addresses:
        return ()
    return (*spellings(channel, addresses[0]), *marks(channel, addresses[0], desk.sending.secret_keys))


def _say(work: _Work, desk: Desk, carrier: Carrier, text: Rendered, address: str) -> Rendered:
    """The ways of an SMS, and the text of the first; what was frozen goes out as it was."""
    if work.material.frozen is not None:
        work.ways = [Written(text.text, pattern_of(work.material.frozen_pattern))]
        return text
    work.ways, why = desk.ways(work.row, text, carrier, address)
    if not work.ways:
        raise ValueError(why or "there is no text")
    return replace(text, text=work.ways[0].text)


def _sms_parcel(work: _Work, sender: str, addresses: Sequence[str]) -> Parcel:
    """The first way, and the other behind it. A reader who has barred advertising gets none by a service line: then there is no other."""
    row, made = work.row, None
    ways = list(work.ways)
    if klass_of(row) == "marketing" and ways[0].pattern is None:
        ways = ways[:1]
    for way in reversed(ways):
        also, source = tuple(addresses[1:]), way.text.encode()
        made = Parcel("sms", row.workspace_id, sms_number(row), sender, addresses[0], source, also, made, way.pattern)
    assert made is not None
    return made


def _notice_parcel(work: _Work, desk: Desk) -> Parcel:
    """All languages of it; what was frozen by an earlier hand-over has one."""
    assert work.text is not None
    texts = work.texts or {desk.workspace.language: work.text.text}
    return Parcel("notice", work.row.workspace_id, sms_number(work.row), "", "", json.dumps(texts).encode())


def _ours(work: _Work, error: Exception) -> str:
    log.exception("message %s of workspace %s cannot be made ready", work.row.id, work.row.workspace_id)
    return f"{type(error).__name__}: {error}"[:500]
