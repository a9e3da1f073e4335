"""SMS.ir (https://sms.ir/rest-api/): SMS in Iran.

It knows no number of ours, so a lost answer is a doubt. An answer is {status, message, data}: status 1 is success, whatever the HTTP status says. A free text goes
by send/bulk (to one number), a pattern by send/verify.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from safar.channels.fields import Field
from safar.channels.provider import (
    Accepted,
    AccountRefused,
    Inbound,
    Line,
    Own,
    Parcel,
    Provider,
    Refused,
    Report,
    Unanswered,
    Verdict,
)
from safar.channels.services.http_line import (
    Credit,
    HttpLine,
    moment_of,
    read_json,
    read_report,
    without_sense,
    words_of,
)
from safar.channels.services.numbers import in_iran
from safar.channels.settings import Sending
from safar.channels.sms.patterns import PatternRules
from safar.lib.calls import Answered, Call
from safar.lib.faults import Faults, said

# Its status → (verdict, reason). What is not here is taken for a matter of the account: then messages wait.
CODES: Mapping[int, tuple[type[Refused] | type[AccountRefused] | type[Unanswered], str]] = {
    0: (Unanswered, "service_down"),  # a fault of theirs; what it had done by then, nobody says
    10: (AccountRefused, "login"),
    11: (AccountRefused, "login"),
    12: (AccountRefused, "address"),  # this IP is not allowed
    13: (AccountRefused, "settings"),  # the user is not active
    14: (AccountRefused, "settings"),
    20: (AccountRefused, "quota"),
    101: (AccountRefused, "sender"),
    102: (AccountRefused, "credit"),
    103: (Refused, "content"),
    104: (Refused, "bad_address"),
    107: (Refused, "bad_address"),
    108: (Refused, "content"),
    109: (Refused, "content"),
    113: (Refused, "pattern"),
    114: (Refused, "pattern"),  # a value is too long
    115: (Refused, "blacklisted"),
    116: (Refused, "pattern"),
    117: (Refused, "content"),  # this text is not approved
    118: (AccountRefused, "quota"),
    119: (Refused, "pattern"),  # patterns of one's own want a larger plan
    123: (AccountRefused, "sender"),
}
DELIVERED = (1,)
FAILED = {2: "not_reached", 4: "not_reached", 6: "undelivered", 7: "blacklisted"}  # 3 and 5 are under way
A_PAGE = 100  # messages in one of its lists
PAGES = 10  # of the day's list that one question reads
FEW = 3  # messages that are asked about one by one at once
SINGLY = 20  # messages it is asked about one by one, in one question


class SmsIrLine(HttpLine):
    def __init__(self, base: str, settings: Mapping[str, str]) -> None:
        super().__init__()
        self.base, self.settings = base, settings

    def request(self, parcel: Parcel) -> Call:
        to = in_iran(parcel.address)
        if parcel.pattern is not None:
            values = [{"name": name, "value": value} for name, value in parcel.pattern.values.items()]
            return self._call(
                "send/verify", {"mobile": to, "templateId": int(parcel.pattern.code), "parameters": values}
            )
        line = parcel.sender or self.settings["sender"]
        given = {"lineNumber": int(line), "messageText": parcel.source.decode(), "mobiles": [to], "sendDateTime": None}
        return self._call("send/bulk", given)

    def judge(self, answer: Answered) -> Verdict:
        found = read_json(answer)
        status = _status(found)
        if status is None:
            return without_sense(answer)
        words = f"{status} {found.get('message') or ''}".strip()[:300]
        if status == 1:
            return _taken(found.get("data"), words)
        kind, reason = CODES.get(status, (AccountRefused, "settings"))
        return kind(reason, words)

    def ask_credit(self) -> Credit | None:
        left = self._ask("credit")
        if isinstance(left, bool) or not isinstance(left, int | float) or not math.isfinite(left):
            raise ValueError(str(left)[:300])
        return Credit(str(int(left)), "parts")

    def ask_reports(self, provider_ids: Sequence[str]) -> list[Report]:
        """By the lists of the day, a hundred messages a page, where there are more than a few; what stands in none of them (it is of yesterday, or the day
        was a large one) is asked about one by one, the oldest first, and not more than twenty.
        """
        told = self._of_today(set(provider_ids)) if len(provider_ids) > FEW else {}
        missing = [number for number in provider_ids if number not in told]
        for number in missing[:SINGLY]:
            found = self._ask(f"send/{quote(number, safe='')}")
            told[number] = found.get("deliveryState") if isinstance(found, dict) else None
        return [
            read_report(number, told[number], delivered=DELIVERED, failed=FAILED)
            for number in provider_ids
            if number in told
        ]

    def _of_today(self, wanted: set[str]) -> dict[str, Any]:
        """Number → state, of those that stand in the lists of the day."""
        found: dict[str, Any] = {}
        for page in range(1, PAGES + 1):
            listed = self._ask(f"send/live?pageSize={A_PAGE}&pageNumber={page}")
            entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
            states = {str(one.get("messageId")): one.get("deliveryState") for one in entries}
            found |= {number: state for number, state in states.items() if number in wanted}
            if len(found) == len(wanted) or len(entries) < A_PAGE:
                break
        return found

    def ask_inbound(self) -> list[Inbound]:
        """The last hundred of the day, read or not: nothing is lost where we are not there for a while."""
        listed = self._ask("receive/live?pageSize=100&pageNumber=1&sortByNewest=true")
        entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        return [_inbound(one) for one in reversed(entries)]

    def _ask(self, what: str) -> Any:
        """``data`` of the answer."""
        answer = self.caller.call(self._call(what))
        found = read_json(answer)
        if _status(found) != 1:
            raise ValueError(words_of(answer, found.get("message") if isinstance(found, dict) else None))
        return found.get("data")

    def _call(self, what: str, given: Mapping[str, Any] | None = None) -> Call:
        headers = {"X-API-KEY": self.settings["key"], "Accept": "application/json"}
        if given is None:
            return Call("GET", f"{self.base}/v1/{what}", headers)
        headers["Content-Type"] = "application/json"
        return Call("POST", f"{self.base}/v1/{what}", headers, json.dumps(given, ensure_ascii=False).encode())


class SmsIr(Provider):
    key = "smsir"
    label = {"en": "SMS.ir", "fa": "اس‌ام‌اس دات آی‌آر (SMS.ir)"}
    channels = frozenset(("sms",))
    base = "https://api.sms.ir"
    tells_credit = True
    asks_inbound = True
    polls = A_PAGE
    patterns = PatternRules(
        code=re.compile(r"\d{1,12}"), names=re.compile(r"\w{1,32}", re.ASCII), example="CODE, NAME", longest=25
    )
    fields = (
        Field(
            name="key",
            label={"en": "API key", "fa": "کلید API"},
            help={
                "en": "In the panel of SMS.ir under Developers → API keys.",
                "fa": "در پنل SMS.ir، بخش «برنامه‌نویسان ← لیست کلیدهای API».",
            },
            secret=True,
        ),
        Field(
            name="sender",
            label={"en": "Sender line", "fa": "خط فرستنده"},
            help={
                "en": "A line of your account, such as `30004505000017`. Patterns go by the service line.",
                "fa": "یکی از خط‌های حساب شما، مانند ۳۰۰۰۴۵۰۵۰۰۰۰۱۷. الگوها از خط خدماتی فرستاده می‌شوند.",
            },
            longest=20,
        ),
    )

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        if not (settings["sender"].isascii() and settings["sender"].isdecimal()):
            faults.at("sender").add(said("a line has the digits 0 to 9 only"))
        if not settings["key"].isascii():
            faults.at("key").add(said("has letters in it that no key has"))

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        return SmsIrLine(self.base, settings)


def _status(found: Any) -> int | None:
    status = found.get("status") if isinstance(found, dict) else None
    return status if isinstance(status, int) and not isinstance(status, bool) else None


def _taken(data: Any, words: str) -> Verdict:
    """What success says of the one message: its number, 0 where its reader is on the black list, null for a number that is none."""
    given = data if isinstance(data, dict) else {}
    listed = given.get("messageIds")
    if isinstance(listed, list) and len(listed) == 1:
        number = listed[0]
        if number is None:
            return Refused("bad_address", words)
    else:
        number = given.get("messageId")
    if isinstance(number, bool) or not isinstance(number, int):
        return Unanswered("strange_answer", words)
    return Accepted(str(number), words) if number else Refused("blacklisted", words)


def _inbound(entry: Mapping[str, Any]) -> Inbound:
    """Lists of a day have no numbers of messages: when, from whom and what it says is one."""
    sender, text = str(entry.get("mobile") or ""), str(entry.get("messageText") or "")
    line, when = str(entry.get("number") or ""), entry.get("receivedDateTime")
    number = hashlib.sha256(f"{sender}|{line}|{when}|{text}".encode("utf-8", "replace")).hexdigest()[:40]
    return Inbound(sender, text, line, number, moment_of(when))
