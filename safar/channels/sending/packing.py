"""What goes over the wire of each row, by what it goes, and what is frozen of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from safar.channels.mail.compose import one_line, sender_address
from safar.channels.notices.kind import CHANNEL as DESTINATION
from safar.channels.notices.kind import TEST
from safar.channels.provider import Parcel
from safar.channels.sending.carriers import KEPT, NOTED, Carrier
from safar.channels.sending.desk import Desk, klass_of, parts_of, sms_number
from safar.channels.sending.work import Prepared, Work, ours
from safar.channels.sms.text import Written, kept_pattern, pattern_of
from safar.contacts.names import fold_phone
from safar.contacts.suppressing import marks, spellings
from safar.content.pool import Rendered
from safar.outbox.begin import Ready


def pack(work: Work, desk: Desk) -> Prepared:
    """Without a parcel where something is wrong with it."""
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
        work.fault = ours(work, error)
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


def _say(work: Work, desk: Desk, carrier: Carrier, text: Rendered, address: str) -> Rendered:
    """The ways of an SMS, and the text of the first; what was frozen goes out as it was."""
    if work.material.frozen is not None:
        work.ways = [Written(text.text, pattern_of(work.material.frozen_pattern))]
        return text
    work.ways, why = desk.ways(work.row, text, carrier, address)
    if not work.ways:
        raise ValueError(why or "there is no text")
    return replace(text, text=work.ways[0].text)


def _sms_parcel(work: Work, sender: str, addresses: Sequence[str]) -> Parcel:
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


def _notice_parcel(work: Work, desk: Desk) -> Parcel:
    """All languages of it; what was frozen by an earlier hand-over has one."""
    assert work.text is not None
    texts = work.texts or {desk.workspace.language: work.text.text}
    return Parcel("notice", work.row.workspace_id, sms_number(work.row), "", "", json.dumps(texts).encode())
