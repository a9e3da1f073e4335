"""Twilio (https://www.twilio.com/docs/messaging/api/message-resource): SMS in most countries.

Twilio knows no number of ours, so a lost answer is a doubt; its report on the message (``StatusCallback``) may settle it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode

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
from safar.channels.settings import Sending
from safar.channels.sms.inbound import read_inbound
from safar.channels.sms.patterns import PatternRules
from safar.channels.tokens import report_address
from safar.lib.calls import Answered, Call
from safar.lib.faults import Faults, said

_ACCOUNT = re.compile(r"AC[0-9a-f]{32}")
_SENDER = re.compile(r"\+[1-9]\d{4,14}|MG[0-9a-f]{32}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 &_+-]{1,11}")

# Twilio's error code → (verdict, reason): https://www.twilio.com/docs/api/errors. Others by their HTTP status.
CODES: Mapping[int, tuple[type[NotNow] | type[Refused] | type[AccountRefused], str]] = {
    14107: (AccountRefused, "quota"),
    20003: (AccountRefused, "login"),
    20005: (AccountRefused, "credit"),  # the account is not active
    20404: (AccountRefused, "login"),  # there is no such account
    20429: (AccountRefused, "quota"),
    21211: (Refused, "bad_address"),
    21212: (AccountRefused, "sender"),
    21214: (Refused, "bad_address"),
    21217: (Refused, "bad_address"),
    21408: (Refused, "bad_address"),  # its country is not enabled
    21601: (AccountRefused, "sender"),
    21602: (Refused, "content"),
    21603: (AccountRefused, "sender"),
    21606: (AccountRefused, "sender"),
    21608: (AccountRefused, "settings"),  # a trial account sends to verified numbers only
    21610: (Refused, "blacklisted"),  # the reader has answered STOP
    21611: (AccountRefused, "quota"),  # the sender's queue is full
    21612: (Refused, "bad_address"),
    21614: (Refused, "bad_address"),
    21617: (Refused, "too_large"),
    21655: (Refused, "pattern"),  # no such content
    21656: (Refused, "pattern"),  # its variables do not fit
    21659: (AccountRefused, "sender"),
    21660: (AccountRefused, "sender"),
    21661: (AccountRefused, "sender"),
    21703: (AccountRefused, "sender"),
    30001: (AccountRefused, "quota"),
    30002: (AccountRefused, "credit"),
}
DELIVERED = ("delivered", "read")
# Why it did not arrive, by its error code.
FAILED = {
    "21610": "blacklisted",
    "30003": "not_reached",
    "30004": "blacklisted",
    "30005": "bad_address",
    "30006": "bad_address",
    "30007": "filtered",
}


class TwilioLine(HttpLine):
    def __init__(self, base: str, settings: Mapping[str, str], report_to: str) -> None:
        super().__init__()
        self.base, self.settings, self.report_to = base, settings, report_to

    def request(self, parcel: Parcel) -> Call:
        sender = parcel.sender or self.settings["sender"]
        given = {
            "To": parcel.address,
            "MessagingServiceSid" if sender.startswith("MG") else "From": sender,
        }
        if parcel.pattern is None:
            given["Body"] = parcel.source.decode()
        else:
            given |= {"ContentSid": parcel.pattern.code, "ContentVariables": json.dumps(dict(parcel.pattern.values))}
        if self.report_to:
            given["StatusCallback"] = f"{self.report_to}?{urlencode({'message': parcel.message_id})}"
        return self._call("POST", "Messages.json", urlencode(given).encode())

    def judge(self, answer: Answered) -> Verdict:
        found = read_json(answer)
        if isinstance(found, dict) and answer.status in (200, 201) and isinstance(found.get("sid"), str):
            return Accepted(found["sid"], words_of(answer, found.get("status")))
        code = found.get("code") if isinstance(found, dict) else None
        if not isinstance(code, int):
            return without_sense(answer)
        words = f"{code} {found.get('message', '')}"[:300]
        if code in CODES:
            kind, reason = CODES[code]
            return kind(reason, words)
        return Refused("content", words) if answer.status == 400 else without_sense(answer)

    def ask_credit(self) -> Credit | None:
        answer = self.caller.call(self._call("GET", "Balance.json"))
        found = read_json(answer)
        if not (isinstance(found, dict) and "balance" in found):
            raise ValueError(words_of(answer))
        return Credit(str(found["balance"]), str(found.get("currency") or ""))

    def _call(self, method: str, what: str, body: bytes | None = None) -> Call:
        account = self.settings["account"]
        login = base64.b64encode(f"{account}:{self.settings['token']}".encode()).decode()
        headers = {"Authorization": f"Basic {login}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        return Call(method, f"{self.base}/2010-04-01/Accounts/{account}/{what}", headers, body)


class Twilio(Provider):
    key = "twilio"
    label = {"en": "Twilio", "fa": "تویلیو (Twilio)"}
    channels = frozenset(("sms",))
    base = "https://api.twilio.com"
    tells_credit = True
    hears = True
    tells_inbound = True
    patterns = PatternRules(
        code=re.compile(r"HX[0-9a-f]{32}"), names=re.compile(r"\w{1,16}"), example="1, 2, 3", most=100
    )
    fields = (
        Field(
            name="account",
            label={"en": "Account SID", "fa": "شناسهٔ حساب (Account SID)"},
            help={
                "en": "Begins with AC; on the first page of the console.",
                "fa": "با AC آغاز می‌شود؛ در صفحهٔ نخست کنسول.",
            },
            longest=34,
        ),
        Field(name="token", label={"en": "Auth token", "fa": "توکن (Auth Token)"}, secret=True),
        Field(
            name="sender",
            label={"en": "Sender", "fa": "فرستنده"},
            help={
                "en": "A number such as `+14155552345`, a name, or a messaging service (MG…).",
                "fa": "یک شماره مانند `+14155552345`، یک نام، یا یک Messaging Service با شناسهٔ `MG…`.",
            },
            longest=34,
        ),
    )

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        if not _ACCOUNT.fullmatch(settings["account"]):
            faults.at("account").add(said("an account SID is AC and 32 letters of 0-9 and a-f"))
        if not _SENDER.fullmatch(settings["sender"]):
            faults.at("sender").add(
                said("has to be a number such as +14155552345, a name of up to 11 letters, or MG and 32 letters")
            )

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        # Twilio calls back only where it can be proved that it was Twilio, and where nobody listens on the way.
        return TwilioLine(self.base, settings, report_address(sending, own) if sending.secure else "")

    def hear(
        self, settings: Mapping[str, str], url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Report | None:
        if not _signed(settings["token"], url, form, headers):
            return None
        number, status, code = form.get("MessageSid", ""), form.get("MessageStatus", ""), form.get("ErrorCode", "")
        reason = FAILED.get(code, "undelivered")
        failed = {"undelivered": reason, "failed": reason, "canceled": "cancelled"}
        return read_report(number, status, delivered=DELIVERED, failed=failed, said=f"{status} {code}".strip())

    def hear_inbound(
        self, settings: Mapping[str, str], url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Inbound | None:
        if not _signed(settings["token"], url, form, headers):
            return None
        return read_inbound(form, id=("messagesid",), sender=("from",), line=("to",), text=("body",))


def _signed(token: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> bool:
    """Whether it was Twilio that called: https://www.twilio.com/docs/usage/security."""
    whole = url + "".join(name + form[name] for name in sorted(form))
    wanted = base64.b64encode(hmac.new(token.encode(), whole.encode(), hashlib.sha1).digest())
    return hmac.compare_digest(wanted, headers.get("x-twilio-signature", "").encode("utf-8", "replace"))
