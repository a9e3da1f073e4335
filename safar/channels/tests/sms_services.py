"""Kavenegar and Twilio, by whichever provider: what they are asked and what they say means the same, by a file of ours or by a form alone."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from safar.channels.provider import AccountRefused, NotNow, Refused
from safar.channels.sms.patterns import Pattern
from safar.channels.tests.sms_cases import PatternCases, sms_parcel
from safar.channels.tests.sms_server import CONTENT, speak_kavenegar, speak_twilio
from safar.outbox.tests.house import NOON

KAVENEGAR_ANSWERS = {
    400: (Refused, "content"),
    401: (AccountRefused, "login"),
    402: (NotNow, "service_down"),
    403: (AccountRefused, "login"),
    407: (AccountRefused, "address"),
    409: (NotNow, "service_down"),
    411: (Refused, "bad_address"),
    412: (AccountRefused, "sender"),
    413: (Refused, "too_large"),
    418: (AccountRefused, "credit"),
    429: (AccountRefused, "quota"),
    607: (AccountRefused, "settings"),
}
TWILIO_ANSWERS = {
    (401, 20003): (AccountRefused, "login"),
    (400, 21211): (Refused, "bad_address"),
    (400, 21606): (AccountRefused, "sender"),
    (400, 21610): (Refused, "blacklisted"),
    (400, 21617): (Refused, "too_large"),
    (429, 20429): (AccountRefused, "quota"),
    (403, 30002): (AccountRefused, "credit"),
    (400, 29999): (Refused, "content"),
}


class Kavenegar(PatternCases):
    speak = speak_kavenegar
    wants = "09121234567"
    pattern = Pattern("order-shipped", {"token": "سارا", "token2": "1001", "token10": "تا فردا شب"})

    @pytest.mark.parametrize("code", [code for code in KAVENEGAR_ANSWERS if code != 607])
    def test_its_codes(self, line, server, code):
        server.says = [(code if code < 600 else 400, {"return": {"status": code, "message": "نشد"}, "entries": None})]
        verdict = line.hand_over(sms_parcel())
        assert (type(verdict), verdict.reason) == KAVENEGAR_ANSWERS[code]
        assert server.taken == []

    def test_what_is_left(self, line, server):
        assert self.provider.tells_credit
        assert (line.ask_credit().amount, line.ask_credit().unit) == ("1500000", "rial")
        server.says = [(418, {"return": {"status": 418, "message": "اعتبار کافی نیست"}, "entries": None})]
        with pytest.raises(ValueError, match="418"):
            line.ask_credit()

    def test_what_became(self, line, server):
        assert self.provider.polls >= 100
        statuses = {
            1: "waiting",
            4: "waiting",
            6: "failed",
            10: "delivered",
            11: "failed",
            13: "failed",
            14: "failed",
            100: "waiting",
        }
        entries = [{"messageid": n, "status": n, "statustext": "…"} for n in statuses]
        server.says = [(200, {"return": {"status": 200, "message": ""}, "entries": entries})]
        found = line.ask_reports([*map(str, statuses), "999"])
        assert server.asked[-1].form == {"messageid": "1,4,6,10,11,13,14,100,999"}
        assert {int(one.provider_id): one.state for one in found} == {**statuses, 999: "waiting"}
        reasons = {one.provider_id: one.reason for one in found if one.state == "failed"}
        assert reasons == {"6": "undelivered", "11": "not_reached", "13": "cancelled", "14": "blacklisted"}
        server.says = [(418, {"return": {"status": 418, "message": "اعتبار کافی نیست"}, "entries": None})]
        with pytest.raises(ValueError, match="418"):
            line.ask_reports(["1"])

    def test_what_people_wrote(self, line, server):
        assert self.provider.asks_inbound
        entry = {
            "messageid": 7,
            "sender": "09121234567",
            "receptor": "10004346",
            "message": "لغو ۱۱",
            "date": 1774094400,
        }
        earlier = {**entry, "messageid": 6, "message": "سلام", "date": 1774094399}
        server.says = [(200, {"return": {"status": 200, "message": ""}, "entries": [earlier, entry]})]
        found = line.ask_inbound()
        assert server.asked[-1].form == {"linenumber": "10004346", "isread": "0"}
        assert [(one.id, one.sender, one.line, one.text) for one in found] == [
            ("6", "09121234567", "10004346", "سلام"),
            ("7", "09121234567", "10004346", "لغو ۱۱"),
        ]
        assert found[1].at == NOON
        server.says = [(200, {"return": {"status": 200, "message": ""}, "entries": None})]
        assert line.ask_inbound() == []
        server.says = [(403, {"return": {"status": 403, "message": "نه"}, "entries": None})]
        with pytest.raises(ValueError, match="403"):
            line.ask_inbound()


class Twilio(PatternCases):
    speak = speak_twilio
    wants = "+989121234567"
    pattern = Pattern(CONTENT, {"1": 'Sara "S" & co', "2": "1001"})

    @pytest.mark.parametrize("code", list(TWILIO_ANSWERS))
    def test_its_codes(self, line, server, code):
        status, number = code
        server.says = [(status, {"code": number, "message": "no", "status": status})]
        verdict = line.hand_over(sms_parcel())
        assert (type(verdict), verdict.reason) == TWILIO_ANSWERS[code]
        assert server.taken == []

    def test_what_is_left(self, line, server):
        assert self.provider.tells_credit
        assert (line.ask_credit().amount, line.ask_credit().unit) == ("12.345", "USD")

    def test_it_says_where_reports_go(self, line, server):
        for pattern in (None, self.pattern):
            line.hand_over(sms_parcel(pattern=pattern))
            assert server.asked[-1].form["StatusCallback"].startswith("https://safar.example/reports/sms/1-")
            assert server.asked[-1].form["StatusCallback"].endswith("?message=7-1")

    @pytest.mark.parametrize(
        ("status", "code", "expected"),
        [
            ("sent", "", ("waiting", "")),
            ("delivered", "", ("delivered", "")),
            ("read", "", ("delivered", "")),
            ("undelivered", "30003", ("failed", "not_reached")),
            ("failed", "30004", ("failed", "blacklisted")),
            ("failed", "21610", ("failed", "blacklisted")),
            ("failed", "99999", ("failed", "undelivered")),
            ("failed", "٣", ("failed", "undelivered")),
            ("canceled", "", ("failed", "cancelled")),
        ],
    )
    def test_what_it_calls_in(self, server, status, code, expected):
        url = "https://safar.example/reports/sms/1-x?message=7-1"
        form = {"MessageSid": "SM1", "MessageStatus": status, **({"ErrorCode": code} if code else {})}
        whole = url + "".join(name + form[name] for name in sorted(form))
        signature = base64.b64encode(hmac.new(b"good-key", whole.encode(), hashlib.sha1).digest()).decode()
        found = self.provider.hear(self.given(server), url, form, {"x-twilio-signature": signature})
        assert self.provider.hears
        assert (found.provider_id, found.state, found.reason) == ("SM1", *expected)
