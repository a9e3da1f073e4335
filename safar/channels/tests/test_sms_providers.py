"""Kavenegar and Twilio by their files: what is theirs beside what everything that speaks with them keeps (``sms_services``)."""

from __future__ import annotations

import pytest

from safar.channels.provider import Unanswered
from safar.channels.sms.patterns import ZWNJ, Pattern
from safar.channels.tests.settings import SECRET
from safar.channels.tests.sms_cases import sms_parcel
from safar.channels.tests.sms_server import ACCOUNT
from safar.channels.tests.sms_services import KAVENEGAR_ANSWERS, Kavenegar, Twilio
from safar.lib.faults import Faults


class TestKavenegar(Kavenegar):
    key = "kavenegar"
    settings = {"key": "good-key", "sender": "10004346"}
    knows_again = True

    def test_a_code_that_nobody_knows_makes_messages_wait(self, line, server):
        server.says = [(400, {"return": {"status": 607, "message": "?"}, "entries": None})]
        verdict = line.hand_over(sms_parcel())
        assert (type(verdict), verdict.reason) == KAVENEGAR_ANSWERS[607]

    def test_its_number_is_the_same_at_every_attempt_and_for_no_other_message(self, server):
        from safar.channels.tokens import local_id

        asked = [sms_parcel(), sms_parcel(2), sms_parcel(address="+989350000000"), sms_parcel(source=b"x")]
        numbers = [local_id(one, SECRET) for one in asked] + [local_id(sms_parcel(), "of another installation")]
        assert len(set(numbers)) == 5
        assert local_id(sms_parcel(), SECRET) == numbers[0]
        assert all(0 < int(number) < 2**62 for number in numbers)

    def test_other_countries(self, line, server):
        line.hand_over(sms_parcel(address="+491701234567"))
        assert server.asked[-1].form["receptor"] == "00491701234567"

    def test_accepted_without_a_message_is_a_doubt(self, line, server):
        for entries in (None, [], [{}], "x", [1]):
            server.says = [(200, {"return": {"status": 200, "message": ""}, "entries": entries})] * 2
            assert isinstance(line.hand_over(sms_parcel()), Unanswered)


class TestTwilio(Twilio):
    key = "twilio"
    settings = {"account": ACCOUNT, "token": "good-key", "sender": "+14155552345"}
    secret = "token"

    def test_a_messaging_service_as_sender(self, line, server):
        service = "MG" + "a" * 32
        line.hand_over(sms_parcel(sender=service))
        assert server.asked[-1].form["MessagingServiceSid"] == service
        assert "From" not in server.asked[-1].form

    @pytest.mark.parametrize("place", ["account", "sender"])
    def test_settings_that_are_none(self, place):
        faults = Faults()
        self.provider.check({**self.settings, place: "x" * 40}, faults)
        assert [fault.place for fault in faults] == [place]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"token": "محمد  رضا"}, {"token": f"محمد{ZWNJ}رضا"}),
        ({"token10": " تا  فردا\nشب "}, {"token10": "تا فردا شب"}),
        ({"token": "a_b"}, {"token": "a-b"}),
        ({"token": " "}, "is empty"),
        ({"token": "x" * 101}, "longer than 100"),
        ({"name": "x"}, "variables such as token"),
        ({f"token{n}": "x" for n in ("", 2, 3, 4)}, "variables such as"),
    ],
)
def test_what_fits_a_pattern_of_kavenegar(values, expected):
    rules = TestKavenegar().provider.patterns
    if isinstance(expected, dict):
        assert rules.fit(Pattern("welcome", values)).values == expected
    else:
        with pytest.raises(ValueError, match=expected):
            rules.fit(Pattern("welcome", values))
