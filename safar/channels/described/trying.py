"""A described service tried from its page: the request as it is made, without what is secret, and its answer as it is read.

Nothing is sent to anybody from here: how a message would be asked for is shown, and an answer that was pasted is read; a test goes by the outbox (``trying_own``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from psycopg import Connection

from safar.channels.described.filling import ESCAPES, Escape
from safar.channels.described.line import DescribedLine, basic_of
from safar.channels.provider import Inbound, Parcel, Report, Verdict, providers
from safar.channels.services.http_line import Credit
from safar.channels.services.own import opened, read_owns
from safar.channels.settings import Sending
from safar.channels.sms.inbound import take_inbound
from safar.channels.sms.patterns import Pattern
from safar.lib.calls import Answered, Call, CallFault
from safar.lib.faults import told

MESSAGES, QUESTIONS = ("message", "pattern"), ("reports", "inbound", "credit")
HIDDEN = "SECRET"  # what stands for a secret; written the same in every place
_SECRETS = ("key", "second_key")
# However an answer may write one: in an address, a form, JSON, or as it is.
_WAYS: Sequence[Escape] = (
    lambda text: quote(text, safe=""),
    *ESCAPES.values(),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),  # PHP's
)
_LONGEST = 4_000  # characters of an answer that are shown


@dataclass(frozen=True, slots=True)
class Trial:
    """answer: None where nobody was asked and nothing was pasted. read: what it means to us. fault: why nothing came, or why it cannot be read."""

    request: str
    answer: str | None = None
    read: Verdict | Credit | tuple[Report, ...] | tuple[Inbound, ...] | None = None
    fault: str = ""


class _Shown(DescribedLine):
    """As the line it is made from, without what is secret."""

    def _account(self) -> Mapping[str, str]:
        return {**super()._account(), **dict.fromkeys((*_SECRETS, "basic"), HIDDEN)}


def can_try(settings: Mapping[str, str]) -> list[str]:
    """What of a form that is kept there is to try."""
    kind = providers()["described"].of(settings)
    asked = (kind.polls > 0, kind.asks_inbound, kind.tells_credit)
    return [
        "message",
        *(["pattern"] if kind.patterns else []),
        *(what for what, can in zip(QUESTIONS, asked, strict=True) if can),
    ]


def try_form(
    conn: Connection[Any],
    workspace_id: int,
    *,
    what: str,
    sending: Sending,
    now: datetime,
    number: str = "",
    pasted: Answered | None = None,
) -> Trial | None:
    """what: of ``can_try``. number: the service's number for a message, of reports. pasted: an answer to a message. Texts that came in are taken, because a service may
    tell of them once. None where the workspace has no such service, or it cannot do that.
    """
    own = read_owns(conn, workspace_id).get("sms")
    if own is None or own.provider != "described" or what not in can_try(own.settings):
        return None
    try:
        settings = opened(own, sending.secret_keys)
    except ValueError as fault:
        return Trial("", fault=told(fault))
    line = providers()["described"].open_own(sending, own, settings)
    assert isinstance(line, DescribedLine)
    shown = _Shown(line.settings, line.secret, line.report_to)
    try:
        if what in MESSAGES:
            parcel = _sample(what, workspace_id, own.settings)
            verdict = line.judge(pasted) if pasted is not None else None
            return Trial(_written(shown.request(parcel)), pasted.text if pasted else None, verdict)
        ids = (number,) if what == "reports" else ()
        request = _written(shown.question(what, ids))
        try:
            answer = line.caller.call(line.question(what, ids))
        except (CallFault, ValueError) as fault:
            why = told(fault) if isinstance(fault, ValueError) else str(fault)
            return Trial(request, fault=_without_secrets(why, settings))
        words = f"{answer.status}\n{_without_secrets(answer.text, settings)}"[:_LONGEST]
        try:
            read = _read(line, what, answer, number)
        except ValueError as fault:
            return Trial(request, words, fault=_without_secrets(told(fault), settings))
        if what == "inbound":
            take_inbound(conn, line.read_inbound(answer), workspace_id=workspace_id, provider=own.provider, now=now)
        return Trial(request, words, read)
    finally:
        line.close()


def _read(
    line: DescribedLine, what: str, answer: Answered, number: str
) -> Credit | tuple[Report, ...] | tuple[Inbound, ...]:
    if what == "credit":
        return line.read_credit(answer)
    return tuple(line.read_inbound(answer)) if what == "inbound" else tuple(line.read_reports(answer, [number]))


def _sample(what: str, workspace_id: int, settings: Mapping[str, str]) -> Parcel:
    """A message to nobody in particular."""
    rules = providers()["described"].of(settings).patterns
    pattern = None
    if what == "pattern" and rules is not None:
        pattern = Pattern("code", dict.fromkeys(rules.example.split(", "), "value"))
    sender = settings.get("sender", "")
    return Parcel("sms", workspace_id, "0-0", sender, "+989121234567", "سلام\nلغو۱۱".encode(), pattern=pattern)


def _written(call: Call) -> str:
    """A request as one reads it."""
    headers = "".join(f"{name}: {value}\n" for name, value in call.headers.items())
    return f"{call.method} {call.url}\n{headers}" + (f"\n{call.body.decode()}" if call.body else "")


def _without_secrets(text: str, settings: Mapping[str, str]) -> str:
    """Each key, and both as Basic; the longest first, as one may stand in another."""
    secrets = [*filter(None, (settings[name] for name in _SECRETS))]
    written = {way(one) for one in [*secrets, *([basic_of(settings)] if secrets else [])] for way in _WAYS}
    for one in sorted(written, key=len, reverse=True):
        text = text.replace(one, HIDDEN)
    return text
