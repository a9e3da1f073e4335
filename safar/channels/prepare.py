"""From claimed rows to messages ready for the gate: choose the template, render, choose the provider, build what goes
over the wire.

Nothing here decides whether a message may go: that is the gate's, at the hand-over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from safar.channels.compose import Letter, compose, one_line, sender_address
from safar.channels.material import Material, Workspace, read_material, read_templates, read_workspace
from safar.channels.provider import Parcel
from safar.channels.settings import Sending
from safar.channels.tokens import Unsubscribe, make_token, message_id_header
from safar.content.pool import Job, Rendered, RenderPool
from safar.lib.hashing import share
from safar.outbox.begin import Ready
from safar.outbox.rows import Claimed

NOTICE_TEMPLATE: Mapping[str, Any] = {"channel": "email", "strict": False, "fallbacks": {}}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row made ready, and its parcel: None where it cannot be rendered. kept: why it goes to the mailbox and not
    out.
    """

    ready: Ready
    parcel: Parcel | None
    kept: str = ""


def prepare(
    conn: Connection[Any], rows: Sequence[Claimed], *, sending: Sending, pool: RenderPool, now: datetime
) -> list[Prepared]:
    """Rows of one queue made ready. A row whose workspace is gone is made ready with a fault; the gate says stopped."""
    first = rows[0]
    workspace = read_workspace(conn, first.workspace_id, first.channel if first.kind == "message" else "email")
    if workspace is None:
        return [Prepared(Ready(row, "", "mailbox", klass_of(row), fault="the workspace is gone"), None) for row in rows]
    material = read_material(conn, rows)
    chosen = {row.key: choose_template(row.effect, material[row.key].contact_key or "") for row in rows}
    keys = sorted({key for key in chosen.values() if key})
    templates = read_templates(conn, workspace.id, keys)
    desk = _Desk(workspace, sending, now, templates)
    faults = {row.key: desk.fault(row, chosen[row.key]) for row in rows}
    fresh = [row for row in rows if not faults[row.key] and material[row.key].frozen_text is None]
    made = dict(
        zip(
            (row.key for row in fresh),
            pool.render([desk.job(row, chosen[row.key], material[row.key]) for row in fresh]),
            strict=True,
        )
    )
    prepared = []
    for row in rows:
        found = made.get(row.key)
        fault = faults[row.key] or (None if found is None or isinstance(found, Rendered) else found.fault)
        text = found if isinstance(found, Rendered) else _frozen(material[row.key])
        prepared.append(desk.pack(row, chosen[row.key], material[row.key], text, fault))
    return prepared


def choose_template(effect: Mapping[str, Any], contact_key: str) -> str | None:
    """The template's key; of variants the one that falls to this contact, the same at every retry and re-entry
    (docs/semantics.md 5).
    """
    variants = effect.get("variants") or []
    whole = sum(float(one.get("share", 0)) for one in variants)
    if whole <= 0:
        return effect.get("template")
    drawn = share(f"{contact_key}|{effect.get('journey')}|{effect.get('point')}") * whole
    total = 0.0
    for one in variants:
        total += float(one.get("share", 0))
        if total > drawn:
            break
    chosen: str | None = one["template"]
    return chosen


def klass_of(row: Claimed) -> str:
    """marketing, transactional or notice. What does not say counts as marketing: the stricter one."""
    if row.kind == "notice":
        return "notice"
    return "transactional" if row.effect.get("class") == "transactional" else "marketing"


class _Desk:
    """What the rows of one queue have in common."""

    def __init__(
        self, workspace: Workspace, sending: Sending, now: datetime, templates: Mapping[str, Mapping[str, Any]]
    ) -> None:
        self.workspace, self.sending, self.now = workspace, sending, now
        self.mode = sending.mode_for(workspace.send_mode)
        self.templates = {key: {**template} for key, template in templates.items()}

    def fault(self, row: Claimed, key: str | None) -> str | None:
        if row.kind == "notice":
            return None
        if not key:
            return "the point names no template"
        if key not in self.templates:
            return f"there is no template {key!r}"
        channel = self.templates[key]["channel"]
        return None if channel == row.channel else f"the template {key!r} is for {channel}, not for {row.channel}"

    def job(self, row: Claimed, key: str | None, material: Material) -> Job:
        locale = {
            "language": self.workspace.language,
            "calendar": self.workspace.calendar,
            "zone": material.zone or self.workspace.zone,
            "currency": self.workspace.currency,
            "unit": self.workspace.currency_unit,
        }
        traits = dict(material.traits or {})
        data = {
            "contact": {
                **traits,
                "email": material.email or traits.get("email"),
                "phone": material.phone or traits.get("phone"),
            },
            "facts": material.facts or {},
            "entry": material.entry or {},
            "journey": {"key": row.effect.get("journey"), "point": row.effect.get("point")},
            "cart": material.cart or {},
            "latest_order": material.latest_order or {},
            "workspace": {
                "name": self.workspace.name,
                "language": self.workspace.language,
                "currency": self.workspace.currency,
            },
            "unsubscribe_url": self.unsubscribe_url(row),
            "now": self.now.isoformat(),
        }
        if row.kind == "notice":
            text = {"subject": "{{ workspace.name }}: {{ journey.key }}", "text": str(row.effect.get("text", ""))}
            return Job(
                {**NOTICE_TEMPLATE, "languages": {self.workspace.language: text}}, self.workspace.language, data, locale
            )
        assert key is not None
        return Job(self.templates[key], material.language, data, locale, unsubscribe=klass_of(row) == "marketing")

    def unsubscribe_url(self, row: Claimed) -> str:
        """The same for every attempt; it stands in the body and in the header."""
        token = make_token(
            Unsubscribe(row.workspace_id, row.contact_id, row.key.bucket, row.id), self.sending.secret_key
        )
        return f"{self.sending.public_url}/u/{token}"

    def pack(
        self, row: Claimed, key: str | None, material: Material, text: Rendered | None, fault: str | None
    ) -> Prepared:
        klass = klass_of(row)
        template = self.templates.get(key or "", {})
        addresses = self.addresses(row, material)
        provider, kept = self.route(row, addresses)
        # What the earlier hand-over froze goes out again as it was: the same message, with the same Message-ID.
        sender = material.frozen_sender or template.get("sender") or self.workspace.sender or self.sending.email_from
        header: str | None = None
        source = b""
        if text is not None and not fault and row.channel == "sms":
            header, source = f"{row.key.bucket}-{row.id}", text.text.encode()
        elif text is not None and not fault:
            try:
                domain = sender_address(sender).rpartition("@")[2]
                seed = row.decided_at.astimezone(UTC).isoformat()
                header = material.frozen_header or message_id_header(
                    row.key.bucket, row.id, seed, domain, self.sending.secret_key
                )
                source = compose(self.letter(row, klass, sender, header, addresses, text)) if addresses else b""
            except ValueError as error:  # BadAddress, and whatever else the library will not write
                fault = str(error)
        ready = Ready(
            row,
            mode=self.workspace.send_mode,
            provider=provider,
            klass=klass,
            address=addresses[0] if addresses else None,
            message_id_header=header,
            template=key,
            language=text.language if text else None,
            topic=row.effect.get("topic"),
            once_more=bool(template.get("once_more")) and klass == "transactional",
            sender=one_line(sender),
            subject=text.subject if text else None,
            body_html=text.html if text else None,
            body_text=text.text if text else None,
            fault=fault,
        )
        if fault or not source or header is None:
            return Prepared(ready, None, kept)
        envelope = sender_address(sender) if row.channel != "sms" else sender
        return Prepared(
            ready,
            Parcel(row.channel, row.workspace_id, header, envelope, addresses[0], source, tuple(addresses[1:])),
            kept,
        )

    def letter(
        self, row: Claimed, klass: str, sender: str, header: str, addresses: Sequence[str], text: Rendered
    ) -> Letter:
        return Letter(
            message_id=header,
            date=self.now,
            sender=sender,
            to=tuple(addresses),
            subject=text.subject,
            text=text.text,
            html=text.html,
            reply_to=self.workspace.reply_to,
            unsubscribe_url=self.unsubscribe_url(row) if klass == "marketing" else None,
            one_click=self.sending.secure,
        )

    def addresses(self, row: Claimed, material: Material) -> list[str]:
        """Where it would go. A notice goes to whom it names, else to the team; in the mode team to the team's
        addresses only.
        """
        if row.kind == "message":
            address = (material.email if row.channel == "email" else material.phone) or ""
            return [address] if address else []
        named = row.effect.get("to") or self.team or sender_address(self.sending.email_from)
        return [named] if isinstance(named, str) else [str(one) for one in named]

    @property
    def team(self) -> list[str]:
        return [
            *map(str, self.workspace.team_addresses),
            *(a for a in self.sending.team_addresses if a not in self.workspace.team_addresses),
        ]

    def route(self, row: Claimed, addresses: Sequence[str]) -> tuple[str, str]:
        """(provider, why it stays in the mailbox)."""
        if self.mode == "mailbox":
            return "mailbox", "mailbox"
        if row.channel == "sms":
            return "mailbox", "sms"
        if not addresses or (row.kind == "notice" and not (row.effect.get("to") or self.team)):
            return "mailbox", "no_address"
        team = {address.strip().lower() for address in self.team}
        if self.mode == "team" and not all(address.strip().lower() in team for address in addresses):
            return "mailbox", "not_team"
        return "smtp", ""


def _frozen(material: Material) -> Rendered | None:
    if material.frozen_text is None:
        return None
    return Rendered(
        material.frozen_language or "", material.frozen_subject or "", material.frozen_html or "", material.frozen_text
    )
