"""Melipayamak (https://www.melipayamak.com/api/): SMS in Iran, by its REST service.

User and password stand in every request, and there is no number of ours, so a lost answer is a doubt. An answer is {Value, RetStatus, StrRetStatus}: Value is the
message's number where RetStatus is 1, and may be a negative code of a pattern ("shared service line") where it is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from safar.channels.fields import Field
from safar.channels.provider import (
    Accepted,
    AccountRefused,
    Inbound,
    Line,
    NotNow,
    Own,
    Parcel,
    Provider,
    Refused,
    Report,
    Verdict,
)
from safar.channels.services.http_line import Credit, HttpLine, read_json, read_report, without_sense, words_of
from safar.channels.services.numbers import in_iran
from safar.channels.settings import Sending
from safar.channels.sms.patterns import PatternRules
from safar.lib.calls import Answered, Call
from safar.lib.faults import Faults, said

# Its code → (verdict, reason), from its public lists. What is not here is taken for a matter of the account: then messages wait.
CODES: Mapping[int, tuple[type[NotNow] | type[Refused] | type[AccountRefused], str]] = {
    0: (AccountRefused, "login"),
    2: (AccountRefused, "credit"),
    3: (AccountRefused, "quota"),  # of a day
    4: (AccountRefused, "quota"),
    5: (AccountRefused, "sender"),
    6: (NotNow, "service_down"),
    7: (Refused, "content"),  # a word that is filtered
    9: (AccountRefused, "sender"),  # public lines send nothing by the web service
    10: (AccountRefused, "settings"),  # the user is not active
    11: (Refused, "not_reached"),  # not sent
    12: (AccountRefused, "settings"),  # the user's papers are not complete
    14: (Refused, "content"),  # a link, on a line that may send none
    15: (Refused, "content"),
    16: (Refused, "bad_address"),
    17: (Refused, "content"),
    18: (Refused, "bad_address"),
    19: (AccountRefused, "quota"),  # of an hour
    35: (Refused, "blacklisted"),
    -1: (AccountRefused, "settings"),  # the account has no patterns
    -2: (Refused, "bad_address"),
    -3: (AccountRefused, "sender"),
    -4: (Refused, "pattern"),  # there is no such pattern, or it is not approved
    -5: (Refused, "pattern"),  # its variables do not fit
    -6: (NotNow, "service_down"),
    -7: (AccountRefused, "sender"),
    -10: (Refused, "pattern"),  # a link in a variable
    -108: (AccountRefused, "address"),
    -109: (AccountRefused, "address"),
    -110: (AccountRefused, "login"),  # wants the API key in place of the password
    -111: (AccountRefused, "login"),
}
LEAST_NUMBER = 1_000  # what is below is a code, and no message's number
DELIVERED = (1,)
# What became of a message; others are under way.
FAILED = {2: "not_reached", 3: "undelivered", 16: "not_reached", 35: "blacklisted", 300: "filtered", 500: "undelivered"}
SECONDS_OF_MICROSOFT = re.compile(r"/Date\((\d{12,14})[^)]*\)/")
TEHRAN = ZoneInfo("Asia/Tehran")


class MelipayamakLine(HttpLine):
    def __init__(self, base: str, settings: Mapping[str, str]) -> None:
        super().__init__()
        self.base, self.settings = base, settings

    def request(self, parcel: Parcel) -> Call:
        to = in_iran(parcel.address)
        if parcel.pattern is not None:
            values = ";".join(parcel.pattern.values.values())
            return self._call("BaseServiceNumber", {"to": to, "bodyId": parcel.pattern.code, "text": values})
        text = parcel.source.decode()
        return self._call("SendSMS", {"to": to, "from": parcel.sender, "text": text, "isFlash": "false"})

    def judge(self, answer: Answered) -> Verdict:
        found = read_json(answer)
        status, value = _numbers(found)
        if status is None:
            return without_sense(answer)
        words = f"{status} {value} {found.get('StrRetStatus', '')}".strip()[:300]
        if status == 1 and value is not None and value >= LEAST_NUMBER:
            return Accepted(str(value), words)
        code = value if value is not None and value < 0 else value if status == 1 and value is not None else status
        kind, reason = CODES.get(code, (AccountRefused, "settings"))
        return kind(reason, words)

    def ask_credit(self) -> Credit | None:
        found = self._ask("GetCredit", {})
        left = found.get("Value")
        if not re.fullmatch(r"\d+(\.\d+)?", str(left)):
            raise ValueError(str(found)[:300])
        return Credit(str(left).partition(".")[0], "parts")

    def ask_reports(self, provider_ids: Sequence[str]) -> list[Report]:
        found = []
        for number in provider_ids:
            _, status = _numbers(self._ask("GetDeliveries2", {"recId": number}))
            found.append(read_report(number, status, delivered=DELIVERED, failed=FAILED))
        return found

    def ask_inbound(self) -> list[Inbound]:
        """The last hundred, read or not: nothing is lost where we are not there for a while."""
        found = self._ask("GetMessages", {"location": "1", "index": "0", "count": "100", "from": ""})
        listed = found.get("Data")
        entries = (
            [one for one in listed if isinstance(one, dict) and one.get("MsgID")] if isinstance(listed, list) else []
        )
        return sorted((_inbound(one) for one in entries), key=lambda one: int(one.id) if one.id.isdecimal() else 0)

    def _ask(self, method: str, given: Mapping[str, str]) -> dict[str, Any]:
        answer = self.caller.call(self._call(method, given))
        found = read_json(answer)
        base = found.get("MyBase", found) if isinstance(found, dict) else None
        if not isinstance(found, dict) or _numbers(base)[0] != 1:
            raise ValueError(words_of(answer))
        return found

    def _call(self, method: str, given: Mapping[str, str]) -> Call:
        whole = {"username": self.settings["user"], "password": self.settings["password"], **given}
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return Call("POST", f"{self.base}/api/SendSMS/{method}", headers, urlencode(whole).encode())


class Melipayamak(Provider):
    key = "melipayamak"
    label = {"en": "Melipayamak", "fa": "ملی‌پیامک"}
    channels = frozenset(("sms",))
    base = "https://rest.payamak-panel.com"
    tells_credit = True
    asks_inbound = True
    polls = 1  # it is asked about one message at a time
    patterns = PatternRules(
        code=re.compile(r"\d{1,12}"),
        names=re.compile(r"\d{1,2}"),
        example="0, 1, 2",
        most=20,
        instead={";": "،"},  # what stands between two values
    )
    fields = (
        Field(name="user", label={"en": "User name", "fa": "نام کاربری"}, longest=100),
        Field(
            name="password",
            label={"en": "API key, or password", "fa": "کلید API یا گذرواژه"},
            help={
                "en": "Under Developers in Melipayamak's panel. Allow this server's IP address there.",
                "fa": "در پنل ملی‌پیامک، بخش «توسعه‌دهندگان». نشانی IP این سرور را هم همان‌جا مجاز کنید.",
            },
            secret=True,
        ),
        Field(
            name="sender",
            label={"en": "Sender line", "fa": "خط فرستنده"},
            help={
                "en": "A line of your own, such as `50004001`. Patterns go by the shared service line.",
                "fa": "خط اختصاصی شما، مانند ۵۰۰۰۴۰۰۱. الگوها از خط خدماتی اشتراکی فرستاده می‌شوند.",
            },
            longest=20,
        ),
    )

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        if not re.fullmatch(r"\+?[0-9]{4,20}", settings["sender"]):
            faults.at("sender").add(said("a line has the digits 0 to 9 only"))

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        return MelipayamakLine(self.base, settings)


def _numbers(found: Any) -> tuple[int | None, int | None]:
    """(RetStatus, Value) as numbers; None for what is none."""
    if not isinstance(found, dict):
        return None, None
    status, value = found.get("RetStatus"), str(found.get("Value"))
    number = int(value) if re.fullmatch(r"-?\d{1,25}", value) else None
    return (status if isinstance(status, int) and not isinstance(status, bool) else None), number


def _inbound(entry: Mapping[str, Any]) -> Inbound:
    return Inbound(
        sender=str(entry.get("Sender") or ""),
        text=str(entry.get("Body") or ""),
        line=str(entry.get("Receiver") or ""),
        id=str(entry["MsgID"]),
        at=_moment(str(entry.get("SendDate") or "")),
    )


def _moment(text: str) -> datetime | None:
    """As .NET writes it: milliseconds since 1970, or a clock in Tehran without a zone."""
    if found := SECONDS_OF_MICROSOFT.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]) / 1000, TEHRAN)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=TEHRAN)
