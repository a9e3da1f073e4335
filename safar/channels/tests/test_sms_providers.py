"""The SMS services, each through the same cases; and two of them once more, by a form alone."""

from __future__ import annotations

import json

import pytest

from safar.channels.patterns import ZWNJ, Pattern
from safar.channels.provider import Accepted, AccountRefused, NotNow, Refused, Unanswered
from safar.channels.providers.described import Described
from safar.channels.tests.settings import SECRET
from safar.channels.tests.sms_cases import PatternCases, SmsCases, sms_parcel
from safar.channels.tests.sms_server import (
    ACCOUNT,
    CONTENT,
    speak_kavenegar,
    speak_twilio,
)
from safar.lib.faults import Faults

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


class Kavenegar(SmsCases):
    """By whichever provider: what Kavenegar says means the same."""

    speak = speak_kavenegar
    wants = "09121234567"

    @pytest.mark.parametrize("code", [code for code in KAVENEGAR_ANSWERS if code != 607])
    def test_its_codes(self, line, server, code):
        server.says = [(code if code < 600 else 400, {"return": {"status": code, "message": "نشد"}, "entries": None})]
        verdict = line.hand_over(sms_parcel())
        assert (type(verdict), verdict.reason) == KAVENEGAR_ANSWERS[code]
        assert server.taken == []


class Twilio(SmsCases):
    """By whichever provider: what Twilio says means the same."""

    speak = speak_twilio
    wants = "+989121234567"

    @pytest.mark.parametrize("code", list(TWILIO_ANSWERS))
    def test_its_codes(self, line, server, code):
        status, number = code
        server.says = [(status, {"code": number, "message": "no", "status": status})]
        verdict = line.hand_over(sms_parcel())
        assert (type(verdict), verdict.reason) == TWILIO_ANSWERS[code]
        assert server.taken == []


class TestKavenegar(Kavenegar, PatternCases):
    key = "kavenegar"
    settings = {"key": "good-key", "sender": "10004346"}
    pattern = Pattern("order-shipped", {"token": "سارا", "token2": "1001", "token10": "تا فردا شب"})
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

    def test_what_is_left_and_what_became(self, line, server):
        assert (line.ask_credit().amount, line.ask_credit().unit) == ("1500000", "rial")
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
        found = line.ask_reports(list(map(str, statuses)))
        assert {int(one.provider_id): one.state for one in found} == statuses
        assert {one.reason for one in found if one.provider_id == "14"} == {"blacklisted"}
        server.says = [(418, {"return": {"status": 418, "message": "اعتبار کافی نیست"}, "entries": None})]
        with pytest.raises(ValueError, match="418"):
            line.ask_reports(["1"])


class TestTwilio(Twilio, PatternCases):
    key = "twilio"
    settings = {"account": ACCOUNT, "token": "good-key", "sender": "+14155552345"}
    pattern = Pattern(CONTENT, {"1": "Sara", "2": "1001"})
    secret = "token"

    def test_a_messaging_service_as_sender(self, line, server):
        service = "MG" + "a" * 32
        line.hand_over(sms_parcel(sender=service))
        assert server.asked[-1].form["MessagingServiceSid"] == service
        assert "From" not in server.asked[-1].form

    def test_it_says_where_reports_go(self, line, server):
        line.hand_over(sms_parcel())
        assert server.asked[-1].form["StatusCallback"].startswith("https://safar.example/reports/sms/1-")
        assert server.asked[-1].form["StatusCallback"].endswith("?message=7-1")

    def test_what_is_left(self, line, server):
        assert (line.ask_credit().amount, line.ask_credit().unit) == ("12.345", "USD")

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


class TestKavenegarByAForm(Kavenegar):
    key = "described"
    knows_again = False  # the service does, but a form cannot say that it may be relied on: no answer is a doubt
    settings = {
        "method": "POST",
        "url": "{url}/v1/{{ key }}/sms/send.json",
        "kind": "form",
        "body": "receptor={{ to_local }}&message={{ text }}&sender={{ sender }}",
        "answers": """
            accepted: return.status = 200 & entries.0.messageid > 0
            account login: return.status = 401 403
            account credit: return.status = 418
            account sender: return.status = 412
            account address: return.status = 407
            account quota: return.status = 429
            account quota: status = 429
            refused bad_address: return.status = 411
            refused too_large: return.status = 413
            refused content: return.status = 400
            not_now: return.status = 402 409
            not_now: status = 503
        """,
        "id_at": "entries.0.messageid",
        "key": "good-key",
        "sender": "10004346",
    }


class TestTwilioByAForm(Twilio):
    key = "described"
    secret = "second_key"
    settings = {
        "method": "POST",
        "url": "{url}/2010-04-01/Accounts/{{ key }}/Messages.json",
        "headers": "Authorization: Basic {{ basic }}",
        "kind": "form",
        "body": "To={{ to }}&From={{ sender }}&Body={{ text }}",
        "answers": """
            accepted: status = 201
            account quota: status = 429
            account sender: code = 21606 21603 21212
            account credit: code = 30002 20005
            account login: status = 401 403
            refused bad_address: code = 21211 21214 21217 21614
            refused blacklisted: code = 21610
            refused too_large: code = 21617
            refused content: status = 400
            not_now: status = 503
        """,
        "id_at": "sid",
        "key": ACCOUNT,
        "second_key": "good-key",
        "sender": "10004346",
    }


def described(**changes):
    given = {field.name: field.default for field in Described.fields}
    return {**given, "url": "https://sms.example/send", "answers": "accepted: status = 200", **changes}


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({}, []),
        ({"url": "ftp://sms.example/"}, ["url"]),
        ({"url": "https://"}, ["url"]),
        ({"url": "https://{{ key }}.example/"}, ["url"]),
        ({"url": "https://user:pass@sms.example/"}, ["url"]),
        ({"url": "https://sms.example:port/"}, ["url"]),
        ({"url": "https://sms.example/a b"}, ["url"]),
        ({"url": "https://sms.example/{{ colour }}"}, ["url"]),
        ({"headers": "Host: other.example"}, ["headers"]),
        ({"headers": "X-Key {{ key }}"}, ["headers"]),
        ({"headers": "X-Key: {{ key }}\nX-Other: {{ password }}"}, ["headers"]),
        ({"method": "GET", "body": "x"}, ["body"]),
        ({"body": "{{ contact.email }}"}, ["body"]),
        ({"answers": "refused: status = 400"}, ["answers"]),
        ({"answers": "accepted: status = 200\nrejected: status = 400\naccount poor: x = 1\nnonsense"}, ["answers"] * 3),
        ({"answers": "accepted: text > many"}, ["answers"]),
    ],
)
def test_a_form_that_describes_nothing(changes, places):
    faults = Faults()
    Described().check(described(**changes), faults)
    assert [fault.place for fault in faults] == places


def test_variables_cannot_leave_their_place():
    from safar.channels.providers.described import DescribedLine

    nasty = 'x"&to=1\r\nX-Evil: 1\u2028'
    given = described(
        kind="json",
        url="https://sms.example/{{ text }}?k={{ key }}",
        headers="X-Key: {{ key }}",
        body='{"text": "{{ text }}"}',
        key=nasty,
    )
    call = DescribedLine(given, SECRET).request(sms_parcel(source=nasty.encode()))
    assert json.loads(call.body) == {"text": nasty}
    assert call.url.count("&") == 0
    assert call.url.count("/") == 3
    assert all(letter.isprintable() for letter in call.headers["X-Key"])
    assert set(call.headers) == {"X-Key", "Content-Type"}


def test_an_inner_address_is_not_called():
    from safar.channels.providers.described import DescribedLine

    for host in ("127.0.0.1", "localhost", "[::ffff:10.0.0.1]", "0x7f.1"):
        verdict = DescribedLine(described(url=f"http://{host}/"), SECRET).hand_over(sms_parcel())
        assert (type(verdict), verdict.reason) == (AccountRefused, "settings")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"message": "Your  CREDIT is\\nused up"}', AccountRefused),
        (b'{"message": "credit used up"}', Unanswered),
        (b'{"message": 5}', Unanswered),
        (b"credit is used up", Unanswered),
    ],
)
def test_words_are_found_in_an_answer(body, kind):
    from safar.channels.providers.described import DescribedLine
    from safar.lib.calls import Answered

    rules = "accepted: status = 201\naccount credit: message ~ credit is used up"
    assert type(DescribedLine(described(answers=rules), SECRET).judge(Answered(400, {}, body))) is kind


@pytest.mark.parametrize(("body", "expected"), [(b"123456", "123456"), (b"-5", None), (b"12 ", "12")])
def test_services_that_answer_with_a_bare_number(body, expected):
    from safar.channels.providers.described import DescribedLine
    from safar.lib.calls import Answered

    rules = "accepted: text > 0\naccount credit: text = -5"
    verdict = DescribedLine(described(answers=rules, id_at="text"), SECRET).judge(Answered(200, {}, body))
    if expected:
        assert verdict == Accepted(expected, verdict.said)
    else:
        assert (type(verdict), verdict.reason) == (AccountRefused, "credit")
