"""Services once more, by a form alone; what a form refuses; and what cannot get out of its place."""

from __future__ import annotations

import json
from urllib.parse import quote_plus

import pytest

from safar.channels.described.filling import ESCAPES, write_values
from safar.channels.described.line import DescribedLine
from safar.channels.described.reading import read_texts
from safar.channels.provider import Accepted, AccountRefused, Unanswered
from safar.channels.providers.described import Described
from safar.channels.sms.patterns import ZWNJ, Pattern
from safar.channels.tests import sms_forms
from safar.channels.tests.settings import SECRET
from safar.channels.tests.sms_cases import PatternCases, sms_parcel
from safar.channels.tests.sms_server import speak_smsir
from safar.channels.tests.sms_services import Kavenegar, Twilio
from safar.lib.faults import Faults
from safar.outbox.tests.house import NOON


class TestKavenegarByAForm(Kavenegar):
    key = "described"
    knows_again = False  # the service does, but a form cannot say that it may be relied on: no answer is a doubt
    settings = sms_forms.KAVENEGAR


class TestTwilioByAForm(Twilio):
    key = "described"
    secret = "second_key"
    settings = sms_forms.TWILIO

    def test_it_may_be_asked_instead_of_calling(self, line, server):
        assert self.provider.polls == 1
        server.says = [(200, {"sid": "SM7", "status": "undelivered", "error_code": 30004})]
        (found,) = line.ask_reports(["SM7"])
        assert (server.asked[-1].method, server.asked[-1].path.rpartition("/")[2]) == ("GET", "SM7.json")
        assert (found.provider_id, found.state, found.reason) == ("SM7", "failed", "blacklisted")
        server.says = [(200, {"sid": "SM7", "status": "sent", "error_code": None})]
        assert [one.state for one in line.ask_reports(["SM7"])] == ["waiting"]
        server.says = [(404, {"code": 20404, "message": "not found", "status": 404})]
        with pytest.raises(ValueError, match="404"):
            line.ask_reports(["SM7"])

    def test_what_people_wrote_is_asked_for(self, line, server):
        texts = [
            ("SM2", "STOP", "Sat, 21 Mar 2026 12:00:00 +0000"),
            ("SM1", "hello", "Sat, 21 Mar 2026 11:00:00 +0000"),
        ]
        common = {"from": "+989121234567", "to": "+14155552345", "direction": "inbound", "price": None}
        listed = [{**common, "sid": sid, "body": body, "date_sent": sent} for sid, body, sent in texts]
        server.says = [(200, {"messages": listed, "page": 0})]
        found = line.ask_inbound()
        assert server.asked[-1].query == {"To": "10004346"}
        assert [(one.id, one.text, one.sender, one.line) for one in found] == [
            ("SM1", "hello", "+989121234567", "+14155552345"),
            ("SM2", "STOP", "+989121234567", "+14155552345"),
        ]


class TestSmsIrByAForm(PatternCases):
    """Bodies in JSON, a list of variables, an answer whose status is not HTTP's."""

    key = "described"
    speak = speak_smsir
    wants = "09121234567"
    pattern = Pattern("4004", {"NAME": 'سارا "س"', "CODE": "1001"})
    settings = sms_forms.SMSIR


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
        ({"pattern_url": "https://sms.example/{{ pattern }}"}, ["pattern_body"]),
        ({"pattern_body": "{{ pattern }}{{ values }}{{ ids }}"}, ["pattern_body"]),
        ({"method": "GET", "pattern_body": "{{ pattern }}{{ values }}"}, ["pattern_body"]),
        ({"variables": "token: 100\ntoken 2: no\ntoken3: 0"}, ["variables"] * 2),
        ({"body": "{{ pattern }}"}, ["body"]),
        ({"body": "{{ report_url }}"}, ["reports"]),
        ({"reports": "delivered: status = 10"}, []),
        ({"reports": "failed: status = 6"}, ["reports"]),
        ({"reports": "delivered: status = 10\nfailed bored: status = 6"}, ["reports"]),
        ({"reports_url": "https://sms.example/?of={{ id }}"}, ["reports"]),
        ({"reports": "delivered: s = 1", "reports_url": "https://sms.example/"}, ["reports_url"]),
        ({"reports": "delivered: s = 1", "reports_url": "https://sms.example/?of={{ ids }}"}, ["reports_id_at"]),
        ({"reports_body": "{{ id }}"}, ["reports_url"]),
        ({"inbound_url": "http://127.0.0.1\\@sms.example/"}, ["inbound_url"]),
        ({"inbound_url": "https://sms.example/{{ to }}"}, ["inbound_url"]),
        ({"credit_url": "https://sms.example/credit"}, ["credit_at", "credit_unit"]),
        ({"credit_url": "https://sms.example/", "credit_at": "text", "credit_unit": "gold"}, ["credit_unit"]),
    ],
)
def test_a_form_that_describes_nothing(changes, places):
    faults = Faults()
    Described().check(described(**changes), faults)
    assert [fault.place for fault in faults] == places


def test_variables_cannot_leave_their_place():

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
    from safar.lib.calls import Answered

    rules = "accepted: status = 201\naccount credit: message ~ credit is used up"
    assert type(DescribedLine(described(answers=rules), SECRET).judge(Answered(400, {}, body))) is kind


@pytest.mark.parametrize(("body", "expected"), [(b"123456", "123456"), (b"-5", None), (b"12 ", "12")])
def test_services_that_answer_with_a_bare_number(body, expected):
    from safar.lib.calls import Answered

    rules = "accepted: text > 0\naccount credit: text = -5"
    verdict = DescribedLine(described(answers=rules, id_at="text"), SECRET).judge(Answered(200, {}, body))
    if expected:
        assert verdict == Accepted(expected, verdict.said)
    else:
        assert (type(verdict), verdict.reason) == (AccountRefused, "credit")


@pytest.mark.parametrize(
    ("way", "kind", "expected"),
    [
        ("fields", "form", "a=x%26y%22&b=2"),
        ("fields", "json", '"a": "x&y\\"", "b": "2"'),
        ("object", "form", quote_plus('{"a": "x&y\\"", "b": "2"}')),
        ("object", "json", '{"a": "x&y\\"", "b": "2"}'),
        ("list", "json", '[{"name": "a", "value": "x&y\\""}, {"name": "b", "value": "2"}]'),
        ("joined", "form", "x%26y%22%3B2"),
        ("joined", "text", 'x&y";2'),
    ],
)
def test_how_variables_are_written(way, kind, expected):
    assert write_values({"a": 'x&y"', "b": "2"}, way, ESCAPES[kind]) == expected


def test_limits_of_variables_are_the_forms():
    given = described(pattern_body="{{ pattern }} {{ values }}", variables="a, b: 5 no_blanks\nc", values_as="joined")
    rules = Described().of(given).patterns
    assert rules.fit(Pattern("x", {"a": "1 2", "c": "x; y" * 20})).values == {"a": f"1{ZWNJ}2", "c": "x، y" * 20}
    for values, why in (({"a": "123456"}, "longer than 5"), ({"d": "1"}, "such as a, b, c"), ({"c": " "}, "is empty")):
        with pytest.raises(ValueError, match=why):
            rules.fit(Pattern("x", values))
    assert Described().of(described()).patterns is None


def test_what_stands_empty_is_not_done():
    bare = Described().of({"url": "https://sms.example/", "answers": "accepted: status = 200"})  # as it was kept before
    assert (bare.polls, bare.hears, bare.tells_credit, bare.asks_inbound, bare.patterns) == (
        0,
        False,
        False,
        False,
        None,
    )
    line = DescribedLine(described(), SECRET)
    assert (line.ask_credit(), line.ask_inbound()) == (None, [])


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([{"from": "+98", "text": "a"}], None),
        ([{"text": "a", "id": 1}, "x", None], []),
        ([{"from": "+98", "text": "a", "id": 1, "date": "2026-03-21T12:00:00"}], [("1", None)]),  # of which zone?
        ([{"from": "+98", "text": "a", "date": "2026-03-21T15:30:00+03:30"}], [("", NOON)]),
        ([{"From": "+98", "TEXT": "a", "SendDate": "1774094400"}], [("", NOON)]),
    ],
)
def test_a_text_that_cannot_be_known_again_is_not_taken(entries, expected):
    if expected is None:
        with pytest.raises(ValueError, match="neither a number nor a moment"):
            read_texts(entries)
    else:
        found = read_texts([one for one in entries if isinstance(one, dict)])
        assert [(one.id, one.at) for one in found] == expected
