"""Kavenegar (https://kavenegar.com/rest.html): SMS in Iran.

Every message has a ``localid`` of ours: asked for again within 12 hours with the same one, Kavenegar answers with the message it has and
sends nothing, so that a lost answer is no doubt; a pattern (verify/lookup) has none. The key stands in the address; addresses are therefore never written down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

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
from safar.channels.sms.inbound import read_inbound
from safar.channels.sms.patterns import PatternRules
from safar.channels.tokens import local_id
from safar.lib.calls import Answered, Call

# Kavenegar's own code → (verdict, reason). What is not here is taken for a matter of the account: then messages wait. 422 to 451
# stand in no recorded answer; they are from its public list.
CODES: Mapping[int, tuple[type[NotNow] | type[Refused] | type[AccountRefused], str]] = {
    400: (Refused, "content"),  # something is missing
    401: (AccountRefused, "login"),
    402: (NotNow, "service_down"),  # the operation failed
    403: (AccountRefused, "login"),
    407: (AccountRefused, "address"),  # this IP is not allowed
    409: (NotNow, "service_down"),
    411: (Refused, "bad_address"),
    412: (AccountRefused, "sender"),
    413: (Refused, "too_large"),
    414: (NotNow, "service_down"),
    417: (Refused, "content"),
    418: (AccountRefused, "credit"),
    419: (Refused, "content"),
    422: (Refused, "content"),  # letters that cannot be sent
    424: (Refused, "pattern"),  # there is no such pattern, or it is not approved yet
    426: (AccountRefused, "settings"),  # the account has no patterns
    427: (AccountRefused, "sender"),
    429: (AccountRefused, "quota"),
    431: (Refused, "pattern"),  # a value with a blank or the end of a line in it
    432: (Refused, "pattern"),  # a variable that the pattern does not have
    451: (AccountRefused, "quota"),
}
# Kavenegar's word for what became of a message; the others are under way.
FAILED = {6: "undelivered", 11: "not_reached", 13: "cancelled", 14: "blacklisted"}
DELIVERED = (10,)


class KavenegarLine(HttpLine):
    idempotent = True

    def __init__(self, base: str, settings: Mapping[str, str], secret: str) -> None:
        super().__init__()
        self.base, self.settings, self.secret = base, settings, secret

    def request(self, parcel: Parcel) -> Call:
        self.idempotent = parcel.pattern is None
        if parcel.pattern is not None:
            given = {"receptor": in_iran(parcel.address), "template": parcel.pattern.code, "type": "sms"}
            return self._call("verify/lookup", {**given, **parcel.pattern.values})
        text = parcel.source.decode()
        given = {"receptor": in_iran(parcel.address), "message": text, "localid": local_id(parcel, self.secret)}
        return self._call("sms/send", {**given, **({"sender": parcel.sender} if parcel.sender else {})})

    def judge(self, answer: Answered) -> Verdict:
        code, message, entries = _read(answer)
        if code is None:
            return without_sense(answer, idempotent=self.idempotent)
        words = f"{code} {message}"[:300]
        if code == 200:
            found = entries[0].get("messageid") if entries else None
            return Accepted(str(found), words) if found else Unanswered("strange_answer", words)
        if 500 <= code < 600:
            return NotNow("service_down", words)
        kind, reason = CODES.get(code, (AccountRefused, "settings"))
        return kind(reason, words)

    def ask_credit(self) -> Credit | None:
        entries = self._ask("account/info", {})
        left = entries.get("remaincredit") if isinstance(entries, dict) else None
        return None if left is None else Credit(str(left), "rial")

    def ask_reports(self, provider_ids: Sequence[str]) -> list[Report]:
        entries = self._ask("sms/status", {"messageid": ",".join(provider_ids)})
        told = {str(one.get("messageid")): one for one in entries or [] if isinstance(one, dict)}
        return [_report(number, told.get(number, {})) for number in provider_ids]

    def ask_inbound(self) -> list[Inbound]:
        """What is unread on the account's line; Kavenegar counts it as read then. Nothing where no line is named."""
        line = self.settings.get("sender", "")
        entries = self._ask("sms/receive", {"linenumber": line, "isread": "0"}) if line else None
        return [_inbound(one, line) for one in entries or [] if isinstance(one, dict) and "messageid" in one]

    def _ask(self, method: str, given: Mapping[str, str]) -> Any:
        answer = self.caller.call(self._call(method, given))
        found = read_json(answer)
        code = _code(found)
        if code != 200:
            raise ValueError(words_of(answer, found.get("return", {}).get("message") if code else None))
        return found.get("entries")

    def _call(self, method: str, given: Mapping[str, str]) -> Call:
        url = f"{self.base}/v1/{quote(self.settings['key'], safe='')}/{method}.json"
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        return Call("POST", url, headers, urlencode(given).encode())


class Kavenegar(Provider):
    key = "kavenegar"
    label = {"en": "Kavenegar", "fa": "کاوه‌نگار"}
    channels = frozenset(("sms",))
    base = "https://api.kavenegar.com"
    tells_credit = True
    tells_inbound = True
    asks_inbound = True
    patterns = PatternRules(
        code=re.compile(r"[\w-]{1,100}"),
        names=re.compile(r"token(2|3|10|20)?"),
        example="token, token2, token3, token10, token20",
        most=5,
        longest=100,
        instead={"_": "-"},
        joined=frozenset(("token", "token2", "token3")),
    )
    polls = 500  # statuses in one question, for 48 hours
    fields = (
        Field(
            name="key",
            label={"en": "API key", "fa": "کلید API"},
            help={
                "en": "In Kavenegar's panel under Settings → Account.",
                "fa": "در پنل کاوه‌نگار، بخش «تنظیمات ← حساب کاربری».",
            },
            secret=True,
        ),
        Field(
            name="sender",
            label={"en": "Sender line", "fa": "خط فرستنده"},
            help={
                "en": "A line of your account, such as `10004346`. Empty: the account's default line.",
                "fa": "یکی از خط‌های حساب شما، مانند ۱۰۰۰۴۳۴۶. خالی: خط پیش‌فرض حساب.",
            },
            required=False,
            longest=20,
        ),
    )

    def hear_inbound(
        self, settings: Mapping[str, str], url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Inbound | None:
        return read_inbound(form, id=("messageid",), sender=("from",), line=("to",), text=("message",))

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        return KavenegarLine(self.base, settings, sending.secret_key)


def _read(answer: Answered) -> tuple[int | None, str, list[dict[str, Any]]]:
    """(code, message, entries); the code is None where the answer is not Kavenegar's."""
    found = read_json(answer)
    code = _code(found)
    if code is None:
        return None, "", []
    entries = found.get("entries")
    listed = [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []
    return code, str(found["return"].get("message") or ""), listed


def _code(found: Any) -> int | None:
    said = found.get("return") if isinstance(found, dict) else None
    code = said.get("status") if isinstance(said, dict) else None
    return code if isinstance(code, int) else None


def _inbound(entry: Mapping[str, Any], line: str) -> Inbound:
    return Inbound(
        sender=str(entry.get("sender") or ""),
        text=str(entry.get("message") or ""),
        line=str(entry.get("receptor") or line),
        id=str(entry["messageid"]),
        at=moment_of(entry.get("date")),
    )


def _report(number: str, entry: Mapping[str, Any]) -> Report:
    said = str(entry.get("statustext") or "")
    return read_report(number, entry.get("status"), delivered=DELIVERED, failed=FAILED, said=said)
