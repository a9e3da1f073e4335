"""E-mail services that are called over HTTP, by django-anymail: it knows each service's form of a message, the form of its answer and of its
webhooks. Where it goes (our own calls, so that we know what had left when something broke) and what a refusal means is ours.

A service is one file in ``providers/``: its settings, anymail's two classes, and rules for its refusals (``answer_rules``).
"""

from __future__ import annotations

import warnings
from abc import abstractmethod
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import Any, ClassVar

import requests
from anymail.exceptions import AnymailError, AnymailInvalidAddress, AnymailNotSupportedWarning
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.utils.module_loading import import_string

from safar.channels.mail.events import MARK, MailEvent, NotProved, in_our_words, read_events
from safar.channels.provider import Accepted, Line, Own, Parcel, Provider, Refused, Unanswered, Verdict
from safar.channels.services.answer_rules import Rule, judge_if_any, read_rules
from safar.channels.services.api import REFUSED, NotRegistered, Registered
from safar.channels.services.http_line import HttpLine, without_sense, words_of
from safar.channels.settings import Sending
from safar.lib.calls import Answered, Call, Caller
from safar.lib.faults import Faults

_OURS = ("List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted")
_AS_IT_IS = policy.compat32.clone(max_line_length=None)
warnings.filterwarnings("ignore", category=AnymailNotSupportedWarning)


class MailService(Provider):
    """settings_for: what anymail's backend is made with. rules: of refusals; what none speaks of is by the status alone."""

    channels = frozenset(("email",))
    hears = True
    backend: ClassVar[str]  # anymail's class that sends
    webhook: ClassVar[str]  # and the one that reads events
    base: ClassVar[str]  # where the API is
    rules: ClassVar[str] = ""
    taken: ClassVar[tuple[int, ...]] = (200, 201, 202)  # the status with which it takes a message
    keeps_message_id: ClassVar[bool] = False  # it sends with our Message-ID
    knows_again: ClassVar[bool] = False  # it knows a message again by a number of ours
    registers: ClassVar[bool] = False  # its API can be told where to report (``register``)
    registering: ClassVar[Mapping[str, str]] = {}  # what the key has to be allowed for that, in words

    @abstractmethod
    def settings_for(self, settings: Mapping[str, str]) -> dict[str, Any]: ...

    def finish(self, message: Finished, parcel: Parcel) -> None:  # most want nothing more
        """Add what only this service wants with a message."""

    def url(self, settings: Mapping[str, str]) -> str:
        return self.base

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        return MailLine(self, settings)

    def build(self, settings: Mapping[str, str]) -> Any:
        """anymail's backend for this account."""
        return import_string(self.backend)(**self.settings_for(settings))

    def proof(self, settings: Mapping[str, str]) -> dict[str, Any] | None:
        """By what anymail's view checks a call: its settings. None where a secret is wanting, without which nothing is believed."""
        return {}

    def register(self, caller: Caller, settings: Mapping[str, str], address: str) -> Registered:
        """Have it report to ``address``, unless it does. Raises NotRegistered."""
        raise NotRegistered(REFUSED, "it cannot be told")

    def is_hard(self, said: Mapping[str, Any]) -> bool:
        """Whether a bounce is for good. said: the service's own words."""
        return False

    def is_machine(self, said: Mapping[str, Any]) -> bool:
        """Whether the service itself says that no person opened or clicked."""
        return False

    def hear_events(self, settings: Mapping[str, str], request: HttpRequest) -> list[MailEvent]:
        """What a call to our address says of messages of ours. Raises NotProved; ValueError where it makes no sense."""
        given = self.proof(settings)
        if given is None:
            raise NotProved("there is no secret to check it by")
        found = (
            in_our_words(event, self.is_hard, self.is_machine) for event in read_events(self.webhook, given, request)
        )
        return [event for event in found if event is not None]

    @cached_property
    def refusals(self) -> list[Rule]:
        faults = Faults()
        rules = read_rules(f"accepted: status = 0\n{self.rules}", faults)
        if faults:
            raise RuntimeError(f"{self.key}: {'; '.join(map(str, faults))}")
        return rules


class MailLine(HttpLine):
    """One connection to an e-mail service."""

    def __init__(self, service: MailService, settings: Mapping[str, str], caller: Caller | None = None) -> None:
        super().__init__(caller)
        self.service, self.settings = service, settings
        self.idempotent = service.knows_again
        self._backend = service.build(settings)
        self._payload: Any = None
        self._call: Call

    def hand_over(self, parcel: Parcel) -> Verdict:
        message = Finished(parcel, keeps_message_id=self.service.keeps_message_id)
        try:
            self.service.finish(message, parcel)
            self._payload = self._backend.build_message_payload(message, self._backend.send_defaults)
            self._call = self.call_for(self._payload, parcel)
        except AnymailInvalidAddress as fault:
            return Refused("bad_address", str(fault)[:300])
        except AnymailError as fault:  # it cannot be written in the service's form
            return Refused("content", str(fault)[:300])
        return super().hand_over(parcel)

    def request(self, parcel: Parcel) -> Call:
        return self._call

    def call_for(self, payload: Any, parcel: Parcel) -> Call:
        """What anymail would have requests send."""
        asked = requests.Request(**payload.get_request_params(self.service.url(self.settings))).prepare()
        headers = {str(name): str(value) for name, value in asked.headers.items()}
        body: Any = asked.body
        return Call(str(asked.method), str(asked.url), headers, body.encode() if isinstance(body, str) else body)

    def judge(self, answer: Answered) -> Verdict:
        verdict = judge_if_any(self.service.refusals, answer)
        if verdict is not None:
            return verdict
        if answer.status not in self.service.taken:
            return without_sense(answer, idempotent=self.idempotent)
        words = words_of(answer)
        try:
            statuses = list(self.read_statuses(answer).values())
        except (AnymailError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
            return Unanswered("strange_answer", words)
        if statuses and all(one.status in ("invalid", "rejected", "failed") for one in statuses):
            reason = {"invalid": "bad_address", "rejected": "blacklisted"}.get(str(statuses[0].status), "content")
            return Refused(reason, words)
        if not statuses or statuses[0].message_id is None:
            return Unanswered("strange_answer", words)
        return Accepted(str(statuses[0].message_id)[:200], words)

    def read_statuses(self, answer: Answered) -> Mapping[str, Any]:
        """address → anymail's status. Raises AnymailError and whatever a strange answer causes."""
        found = requests.Response()
        found.status_code = answer.status
        found._content = answer.body  # as requests' own adapters fill it
        found.headers.update(answer.headers)
        self._backend.raise_for_status(found, self._payload, self._payload.message)
        statuses: Mapping[str, Any] = self._backend.parse_recipient_status(found, self._payload, self._payload.message)
        return statuses


class Finished(EmailMultiAlternatives):
    """A finished message as Django's mail backends want it. ``message()`` is the finished one itself, header by header.

    esp_extra: what only one service wants, in its own words; anymail looks whether it is there.
    """

    esp_extra: dict[str, Any]

    def __init__(self, parcel: Parcel, *, keeps_message_id: bool) -> None:
        source = message_from_bytes(parcel.source, policy=policy.SMTP)
        assert isinstance(source, EmailMessage)
        headers = {name: str(source[name]) for name in _OURS if source[name]}
        if keeps_message_id:
            headers["Message-ID"] = parcel.message_id
        super().__init__(
            subject=str(source["Subject"] or ""),
            body=_text(source, "plain"),
            from_email=str(source["From"] or parcel.sender),
            to=[parcel.address, *parcel.also],
            reply_to=[str(source["Reply-To"])] if source["Reply-To"] else None,
            headers=headers,
        )
        html = _text(source, "html")
        if html:
            self.attach_alternative(html, "text/html")
        self.metadata = {MARK: parcel.message_id.strip("<>")}
        self.source = parcel.source

    def message(self, **_: Any) -> Any:
        return message_from_bytes(self.source.replace(b"\r\n", b"\n"), policy=_AS_IT_IS)


def _text(source: EmailMessage, kind: str) -> str:
    part = source.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    found = part.get_payload(decode=True)
    return found.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(found, bytes) else ""
