"""Melipayamak and SMS.ir, through the cases of every service; and their codes, reports and what people wrote."""

from __future__ import annotations

import pytest

from safar.channels.provider import AccountRefused, NotNow, Refused, Unanswered
from safar.channels.sms.patterns import Pattern
from safar.channels.tests.sms_cases import PatternCases, sms_parcel
from safar.channels.tests.sms_server import speak_melipayamak, speak_smsir
from safar.outbox.tests.house import NOON


class TestMelipayamak(PatternCases):
    key = "melipayamak"
    speak = speak_melipayamak
    settings = {"user": "shop", "password": "good-key", "sender": "10004346"}
    secret = "password"
    wants = "09121234567"
    pattern = Pattern("4004", {"0": "سارا محمدی", "1": "1001"})

    @pytest.mark.parametrize(
        ("status", "value", "expected"),
        [
            (0, "0", (AccountRefused, "login")),
            (2, "2", (AccountRefused, "credit")),
            (3, "3", (AccountRefused, "quota")),
            (5, "5", (AccountRefused, "sender")),
            (6, "6", (NotNow, "service_down")),
            (7, "7", (Refused, "content")),
            (18, "18", (Refused, "bad_address")),
            (35, "35", (Refused, "blacklisted")),
            (35, "-4", (Refused, "pattern")),
            (1, "-5", (Refused, "pattern")),
            (1, "2", (AccountRefused, "credit")),
            (1, "", (AccountRefused, "settings")),
            (35, "-110", (AccountRefused, "login")),
            (99, "99", (AccountRefused, "settings")),
        ],
    )
    def test_its_codes(self, line, server, status, value, expected):
        server.says = [(200, {"Value": value, "RetStatus": status, "StrRetStatus": "…"})]
        verdict = line.hand_over(sms_parcel())
        assert (type(verdict), verdict.reason) == expected
        assert server.taken == []

    def test_what_stands_between_values_stands_in_none(self, line, server):
        fitted = self.provider.patterns.fit(Pattern("4004", {"0": "الف;ب", "1": "2"}))
        line.hand_over(sms_parcel(pattern=fitted))
        assert server.filled[0]["values"] == {"0": "الف،ب", "1": "2"}

    def test_what_is_left_and_what_became(self, line, server):
        assert (line.ask_credit().amount, line.ask_credit().unit) == ("1520", "parts")
        states = {
            0: "waiting",
            1: "delivered",
            2: "failed",
            3: "failed",
            8: "waiting",
            16: "failed",
            35: "failed",
            300: "failed",
        }
        server.says = [(200, {"Value": str(state), "RetStatus": 1, "StrRetStatus": "Ok"}) for state in states]
        found = line.ask_reports([str(state) for state in states])
        assert {int(one.provider_id): one.state for one in found} == states
        assert {one.reason for one in found if one.provider_id == "35"} == {"blacklisted"}
        server.says = [(200, {"Value": "0", "RetStatus": 0, "StrRetStatus": "InvalidUserPass"})] * 2
        with pytest.raises(ValueError, match="RetStatus"):
            line.ask_reports(["1"])
        with pytest.raises(ValueError, match="RetStatus"):
            line.ask_credit()

    def test_what_people_wrote(self, line, server):
        def entry(number, when):
            return {"MsgID": number, "Body": "۱۱", "Sender": "9121234567", "Receiver": "50004001", "SendDate": when}

        data = [
            entry(9, "2026-03-21T15:30:00"),
            entry(8, "/Date(1774094400000)/"),
            entry(7, "never"),
            {"Body": "x"},
            None,
        ]
        server.says = [(200, {"Data": data, "MyBase": {"Value": "0", "RetStatus": 1, "StrRetStatus": "Ok"}})]
        found = line.ask_inbound()
        assert server.asked[-1].form["location"] == "1"
        assert [(one.id, one.text, one.sender, one.line) for one in found][2] == ("9", "۱۱", "9121234567", "50004001")
        assert [one.at for one in found] == [None, NOON, NOON]
        server.says = [(200, {"Data": None, "MyBase": {"RetStatus": 1}})]
        assert line.ask_inbound() == []


class TestSmsIr(PatternCases):
    key = "smsir"
    speak = speak_smsir
    settings = {"key": "good-key", "sender": "10004346"}
    wants = "09121234567"
    pattern = Pattern("4004", {"NAME": "سارا محمدی", "CODE": "1001"})

    @pytest.mark.parametrize(
        ("status", "expected"),
        [
            (0, (Unanswered, "service_down")),
            (10, (AccountRefused, "login")),
            (12, (AccountRefused, "address")),
            (20, (AccountRefused, "quota")),
            (101, (AccountRefused, "sender")),
            (102, (AccountRefused, "credit")),
            (104, (Refused, "bad_address")),
            (113, (Refused, "pattern")),
            (114, (Refused, "pattern")),
            (115, (Refused, "blacklisted")),
            (117, (Refused, "content")),
            (123, (AccountRefused, "sender")),
            (999, (AccountRefused, "settings")),
        ],
    )
    def test_its_codes(self, line, server, status, expected):
        server.says = [(400, {"status": status, "message": "نشد", "data": None})]
        verdict = line.hand_over(sms_parcel())
        assert (type(verdict), verdict.reason) == expected
        assert server.taken == []

    @pytest.mark.parametrize(
        ("data", "expected"),
        [
            ({"messageIds": [0]}, (Refused, "blacklisted")),
            ({"messageIds": [None]}, (Refused, "bad_address")),
            ({"messageIds": []}, (Unanswered, "strange_answer")),
            ({"messageIds": [True]}, (Unanswered, "strange_answer")),
            (None, (Unanswered, "strange_answer")),
        ],
    )
    def test_success_that_is_none(self, line, server, data, expected):
        server.says = [(200, {"status": 1, "message": "موفق", "data": data})]
        verdict = line.hand_over(sms_parcel())
        assert (type(verdict), verdict.reason) == expected

    def test_a_value_that_is_too_long_is_told_before(self):
        with pytest.raises(ValueError, match="NAME is longer than 25"):
            self.provider.patterns.fit(Pattern("4004", {"NAME": "x" * 26}))

    def test_what_is_left_and_what_became(self, line, server):
        assert (line.ask_credit().amount, line.ask_credit().unit) == ("1520", "parts")
        states = {1: "delivered", 2: "failed", 3: "waiting", 4: "failed", 5: "waiting", 6: "failed", 7: "failed"}
        listed = [{"messageId": n, "deliveryState": n} for n in states if n < 5]  # the day's, in any order
        singly = [(200, {"status": 1, "data": {"messageId": n, "deliveryState": n}}) for n in states if n > 4]
        server.says = [(200, {"status": 1, "data": [*listed, None, {}]}), *singly]
        found = line.ask_reports([str(state) for state in states])
        assert {int(one.provider_id): one.state for one in found} == states
        asked = [one.path for one in server.asked][-4:]
        assert asked == ["/v1/send/live", "/v1/send/5", "/v1/send/6", "/v1/send/7"]
        assert {one.reason for one in found if one.provider_id == "7"} == {"blacklisted"}
        server.says = [(400, {"status": 111, "message": "یافت نشد", "data": None})]
        with pytest.raises(ValueError, match="یافت نشد"):
            line.ask_reports(["1"])

    def test_of_a_large_day_it_is_asked_for_a_while_and_the_oldest_first(self, line, server):
        full = [{"messageId": n, "deliveryState": 1} for n in range(1_000, 1_100)]
        server.says = [(200, {"status": 1, "data": full})] * 10
        wanted = [str(n) for n in [*range(1, 41), 1_007]]
        found = line.ask_reports(wanted)
        assert [one.provider_id for one in found] == [*wanted[:20], "1007"]
        assert {one.state for one in found} == {"delivered"}
        assert len(server.asked) == 10 + 20

    def test_what_people_wrote(self, line, server):
        def entry(text, when):
            return {"messageText": text, "mobile": 9121234567, "number": 30004505000017, "receivedDateTime": when}

        moment = int(NOON.timestamp())
        server.says = [(200, {"status": 1, "data": [entry("12", moment), entry("11", moment - 60), None]})] * 2
        found = line.ask_inbound()
        first = found[0]
        assert (first.text, first.sender, first.line) == ("11", "9121234567", "30004505000017")
        assert found[1].at == NOON
        assert len({one.id for one in found}) == 2
        assert [one.id for one in line.ask_inbound()] == [one.id for one in found]
