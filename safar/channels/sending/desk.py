"""What the rows of one queue have in common: the workspace, its templates, and where each message goes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from safar.channels.mail.compose import Email, compose, sender_address
from safar.channels.mail.signing import Signer
from safar.channels.provider import MAILBOX, AccountRefused, Parcel, providers
from safar.channels.sending.carriers import KEPT, Carrier
from safar.channels.sending.material import Material, Workspace
from safar.channels.settings import Sending
from safar.channels.sms.text import Written, ways_of
from safar.channels.tokens import CONFIRMING, Unsubscribe, make_token, message_id_header
from safar.channels.webhooks.writing import signed
from safar.content import sms
from safar.content.pool import Job, Rendered
from safar.lib.hashing import share
from safar.outbox.rows import Claimed

NOTICE: Mapping[str, Any] = {"channel": "email", "strict": False, "fallbacks": {}}


def choose_variant(effect: Mapping[str, Any], contact_key: str) -> tuple[str | None, str | None]:
    """(template, variant's name). Of variants the one that falls to this contact, the same at every retry and re-entry
    (docs/semantics.md 5).
    """
    variants = effect.get("variants") or []
    whole = sum(float(one["share"]) for one in variants)
    if whole <= 0:
        return effect.get("template"), None
    drawn = share(f"{contact_key}|{effect.get('journey')}|{effect.get('point')}") * whole
    total = 0.0
    for one in variants:
        total += float(one["share"])
        if total > drawn:
            break
    return one["template"], one.get("name")


def klass_of(row: Claimed) -> str:
    """marketing, transactional, notice, test or webhook. What does not say counts as marketing: the stricter one."""
    if row.kind in ("notice", "test", "webhook"):
        return row.kind
    if row.kind == "digest":
        return "notice"
    return "transactional" if row.effect.get("class") == "transactional" else "marketing"


def sms_number(row: Claimed) -> str:
    """Our number for an SMS, as services are told it."""
    return f"{row.key.bucket}-{row.id}"


def parts_of(channel: str, text: str) -> int:
    """What is paid for: parts of an SMS, and an e-mail as one."""
    return sms.count(text).parts if channel == "sms" else 1


class Desk:
    """One workspace's. outside: channel → by what it leaves the house."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        sending: Sending,
        now: datetime,
        templates: Mapping[str, Mapping[str, Any]],
        outside: Mapping[str, Carrier],
    ) -> None:
        self.workspace, self.sending, self.now, self.templates = workspace, sending, now, templates
        self.outside = outside
        self.signer: Signer | None = None  # of what leaves by a plain mail server
        self.secrets: Sequence[str] = ()  # that sign webhooks, in clear
        self.refused: AccountRefused | None = None  # why nothing of it goes outside for now
        self.digests: Mapping[int, Rendered] = {}  # of notices, by number
        self.mode = sending.mode_for(workspace.send_mode)
        own = list(map(str, workspace.team_addresses))
        self.team = [*own, *(address for address in sending.team_addresses if address not in own)]

    def fault(self, row: Claimed, key: str | None) -> str | None:
        """Why there is nothing to render for a row, or None."""
        if row.kind != "message":
            return None
        if not key:
            return "the point names no template"
        if key not in self.templates:
            return f"there is no template {key!r}"
        channel = self.templates[key]["channel"]
        return None if channel == row.channel else f"the template {key!r} is for {channel}, not for {row.channel}"

    def job(self, row: Claimed, key: str | None, material: Material) -> Job:
        """What the rendering child is given."""
        workspace, traits = self.workspace, dict(material.traits or {})
        locale = {
            "language": workspace.language,
            "calendar": workspace.calendar,
            "zone": material.zone or workspace.zone,
            "currency": workspace.currency,
            "unit": workspace.currency_unit,
        }
        data = {
            "contact": {**traits, **{k: v for k, v in (("email", material.email), ("phone", material.phone)) if v}},
            "facts": material.facts or {},
            "entry": material.entry or {},
            "journey": {"key": row.effect.get("journey"), "point": row.effect.get("point")},
            "cart": material.cart or {},
            "latest_order": material.latest_order or {},
            "workspace": {"name": workspace.name, "language": workspace.language, "currency": workspace.currency},
            "unsubscribe_url": self.unsubscribe_url(row),
            # what is no message to the contact is read by others, who are not to choose for them
            "preferences_url": self.preferences_url(row) if row.kind in ("message", "test") else "",
            "confirm_url": self.confirm_url(row),
            "now": self.now.isoformat(),
        }
        if row.kind == "webhook":
            texts = {"subject": "", "text": key or ""}
            return Job({**NOTICE, "languages": {workspace.language: texts}}, workspace.language, data, locale)
        if row.kind == "notice" or key is None:
            texts = {"subject": "", "text": str(row.effect.get("text", ""))}
            return Job({**NOTICE, "languages": {workspace.language: texts}}, workspace.language, data, locale)
        return Job(self.templates[key], material.language, data, locale, unsubscribe=klass_of(row) == "marketing")

    def notice_job(self, row: Claimed, material: Material, language: str) -> Job:
        """A notice for readers of a language: by the team's clock, in Persian by the Jalali calendar."""
        made = self.job(row, None, material)
        (texts,) = made.template["languages"].values()
        locale = {
            "language": language,
            "calendar": "jalali" if language == "fa" else "gregorian",
            "zone": self.workspace.zone,
        }
        return Job({**NOTICE, "languages": {language: texts}}, language, made.data, {**made.locale, **locale})

    def unsubscribe_url(self, row: Claimed) -> str:
        """The same for every attempt; it stands in the body and in the header."""
        return f"{self.sending.public_url}/u/{self._token(row)}"

    def preferences_url(self, row: Claimed) -> str:
        """Where its reader chooses what they want to hear from us, and how often."""
        return f"{self.sending.public_url}/p/{self._token(row)}"

    def confirm_url(self, row: Claimed) -> str:
        """Behind which a consent is confirmed; empty where the message asks for none."""
        number = row.effect.get("confirmation")
        if not isinstance(number, int):
            return ""
        what = Unsubscribe(row.workspace_id, row.contact_id, row.key.bucket, number)
        return f"{self.sending.public_url}/confirm/{make_token(what, self.sending.secret_key, CONFIRMING)}"

    def _token(self, row: Claimed) -> str:
        return make_token(
            Unsubscribe(row.workspace_id, row.contact_id, row.key.bucket, row.id), self.sending.secret_key
        )

    def topic(self, row: Claimed, key: str | None) -> str | None:
        """What a message is about: the point's topic, else its template's."""
        if row.kind != "message":
            return None
        return row.effect.get("topic") or self.templates.get(key or "", {}).get("topic") or None

    def source_of(self, key: str | None, language: str) -> str:
        """What the template says in a language, as it was written."""
        texts = self.templates.get(key or "", {}).get("languages", {}).get(language, {})
        return f"{texts.get('html') or ''} {texts.get('text') or ''}"

    def addresses(self, row: Claimed, material: Material) -> list[str]:
        """Where it would go. A test goes to whom it names. A digest of notices goes to whom its destination names, else to the team, else (and then
        only into the mailbox) to the installation's own sender.
        """
        if row.kind == "notice":
            return []
        if row.kind == "message":
            address = material.email if row.channel == "email" else material.phone
            return [address] if address else []
        if row.kind == "webhook":
            return [str(row.effect["url"])]
        named = row.effect.get("to") or self.team or sender_address(self.sending.email_from)
        return [named] if isinstance(named, str) else [str(one) for one in named]

    def route(self, row: Claimed, addresses: Sequence[str]) -> tuple[Carrier, str]:
        """(by what it goes, why it stays in the mailbox)."""
        # A test of a service goes to one number that a person wrote: the workspace's mode is about messages, not about it.
        mode = self.sending.most if row.kind == "test" and row.effect.get("service") else self.mode
        if mode == MAILBOX:
            return KEPT, "mailbox"
        if row.channel not in self.outside:
            return KEPT, "sms" if row.channel == "sms" else "mailbox"
        if not addresses or (row.kind == "digest" and not (row.effect.get("to") or self.team)):
            return KEPT, "no_address"
        team = {address.strip().lower() for address in self.team}
        if (
            mode == "team"
            and not row.effect.get("team")
            and not all(address.strip().lower() in team for address in addresses)
        ):
            return KEPT, "not_team"
        return self.outside[row.channel], ""

    def webhook_parcel(self, row: Claimed, address: str, text: Rendered) -> Parcel:
        """Signed for this very attempt."""
        body = text.text.encode()
        headers = signed(body, id=sms_number(row), at=self.now, secrets=self.secrets)
        own = json.loads(text.subject or "{}")
        seconds = float(row.effect.get("seconds") or 0)
        given = {**own, **headers}
        return Parcel("webhook", row.workspace_id, sms_number(row), "", address, body, headers=given, seconds=seconds)

    def sender(self, key: str | None, material: Material, channel: str) -> str:
        """``Name <address>``: what an earlier hand-over froze, the template's, the workspace's, the installation's. Of an SMS
        the line of the service that carries it now, empty where the service chooses."""
        if channel == "sms":
            own = self.outside["sms"].own if "sms" in self.outside else None
            return (own.settings.get("sender") if own else "") or self.workspace.sender
        named = self.templates.get(key or "", {}).get("sender")
        return material.frozen_sender or named or self.workspace.sender or self.sending.email_from

    def switches(self, key: str | None) -> Mapping[str, Any]:
        """What a template says itself of being tracked."""
        found: Mapping[str, Any] = self.templates.get(key or "", {}).get("tracking") or {}
        return found

    def ways(self, row: Claimed, made: Rendered, carrier: Carrier, address: str | None) -> tuple[list[Written], str]:
        """In which ways an SMS may go out, and why its pattern is none of them (``sms_text.ways_of``)."""
        kind = providers().get(carrier.provider)
        rules = kind.of(carrier.own.settings if carrier.own else {}).patterns if kind else None
        return ways_of(made, klass=klass_of(row), address=address, rules=rules, strict=carrier is not KEPT)

    def source(
        self, row: Claimed, *, sender: str, material: Material, addresses: Sequence[str], text: Rendered
    ) -> tuple[str, bytes]:
        """(Message-ID, what goes over the wire). Raises ValueError for an address that is none."""
        if row.channel == "sms":
            return sms_number(row), text.text.encode()
        domain = sender_address(sender).rpartition("@")[2]
        seed = row.decided_at.astimezone(UTC).isoformat()
        header = material.frozen_header or message_id_header(
            row.key.bucket, row.id, seed, domain, self.sending.secret_key
        )
        letter = Email(
            message_id=header,
            date=self.now,
            sender=sender,
            to=tuple(addresses),
            subject=text.subject,
            text=text.text,
            html=text.html,
            reply_to=self.workspace.reply_to,
            unsubscribe_url=self.unsubscribe_url(row) if klass_of(row) == "marketing" else None,
            one_click=self.sending.secure,
        )
        return header, compose(letter)
