"""What a described service says beside its answer to a message: lists of reports and of what people wrote, and what is left of its money. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from safar.channels.provider import Inbound, Report
from safar.channels.services.answer_rules import Rule, first_of, value_at
from safar.channels.services.http_line import moment_of, read_json, words_of
from safar.channels.sms.inbound import read_inbound
from safar.lib.calls import Answered
from safar.lib.faults import said

MEANINGS: Mapping[str, tuple[str, ...]] = {
    "delivered": ("",),
    "failed": ("undelivered", "not_reached", "blacklisted", "bad_address", "cancelled", "filtered"),
}
# What services call the parts of a message that somebody wrote; whatever has other names is given ours in its address.
INBOUND: Mapping[str, Sequence[str]] = {
    "sender": ("from", "sender", "mobile", "msisdn", "from_number"),
    "line": ("to", "line", "receptor", "receiver", "number", "linenumber"),
    "text": ("text", "message", "body", "messagetext", "content"),
    "id": ("id", "messageid", "message_id", "msgid", "messagesid", "sid"),
}
_WHEN = ("date", "at", "date_sent", "receiveddatetime", "senddate", "timestamp", "time")
_AMOUNT = re.compile(r"-?\d{1,18}(\.\d{1,6})?")


def read_list(answer: Answered, place: str) -> list[Mapping[str, Any]]:
    """The entries of a list in an answer; an object where a list was expected is a list of one. Raises ValueError in words where there is neither."""
    body = read_json(answer)
    found = value_at(body, place) if place else body
    above, _, last = place.rpartition(".")
    there = value_at(body, above) if above else body
    if found is None and place and isinstance(there, dict) and last in there:
        found = []  # so some services say that there is nothing
    if not 200 <= answer.status < 300 or not isinstance(found, dict | list):
        raise ValueError(words_of(answer))
    return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]


def report_by(rules: Sequence[Rule], number: str, look: Callable[[str], str]) -> Report:
    """What the first rule that holds says of a message; where none does, it is under way. look: place → what stands there."""
    rule = first_of(rules, look)
    words = " ".join(filter(None, (look(place) for one in rules for place, _, _ in one.conditions)))[:300]
    return Report(number, rule.what if rule else "waiting", rule.reason if rule else "", words)


def read_texts(entries: Sequence[Mapping[str, Any]]) -> list[Inbound]:
    """What people wrote, as a list has it, the oldest first. Raises ValueError where an entry has neither a number nor a moment: then it cannot be told whether
    it was there before."""
    found = []
    for entry in entries:
        flat = {name: str(value) for name, value in entry.items() if isinstance(value, str | int) and value is not None}
        one = read_inbound(flat, **INBOUND)
        if one is None:
            continue
        at = next((when for name, value in entry.items() if name.lower() in _WHEN and (when := _moment(value))), None)
        if not one.id and at is None:
            raise ValueError(said("a text has neither a number nor a moment, so that it cannot be known again"))
        found.append(Inbound(one.sender, one.text, one.line, one.id, at))
    dated = [(one.at.timestamp(), place, one) for place, one in enumerate(found) if one.at]
    return [one for _, _, one in sorted(dated)] if len(dated) == len(found) else found


def read_amount(answer: Answered, place: str) -> str:
    """Raises ValueError with the service's words where no amount stands there."""
    text = answer.text.strip() if place == "text" else str(value_at(read_json(answer), place))
    if not 200 <= answer.status < 300 or not _AMOUNT.fullmatch(text):
        raise ValueError(words_of(answer))
    return text


def _moment(value: Any) -> datetime | None:
    """Of seconds since 1970, ISO 8601, or as in e-mail; None without a zone."""
    if isinstance(value, int | float):
        return moment_of(value)
    text = str(value).strip()
    if re.fullmatch(r"\d{9,10}", text):
        return moment_of(int(text))
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(text)
        except (ValueError, TypeError):
            continue
        return at if at.tzinfo else None
    return None
