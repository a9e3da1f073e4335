"""What every SMS service called over HTTP has to keep, beside what all services keep (``http_cases``); and those that have approved patterns."""

from __future__ import annotations

from typing import Any, ClassVar

from safar.channels.provider import Accepted, Parcel, Refused, Unanswered, providers
from safar.channels.sms.patterns import Pattern
from safar.channels.tests import sms_server as sms
from safar.channels.tests.http_cases import HttpCases
from safar.channels.tests.own import connect_own, decide_sms, dispatcher_with
from safar.outbox.tests.house import NOON

TEXT = 'سلام سارا 👋 & "50%" = {{ text }}\nhttps://shop.example/?a=1&b=2\nلغو۱۱'


def sms_parcel(number: int = 1, **changes: Any) -> Parcel:
    given = {
        "channel": "sms",
        "workspace_id": 1,
        "message_id": f"7-{number}",
        "sender": "10004346",
        "address": "+989121234567",
        "source": TEXT.encode(),
    }
    return Parcel(**{**given, **changes})


class SmsCases(HttpCases):
    channel = "sms"
    parcel = staticmethod(sms_parcel)

    def test_it_is_accepted_as_it_was_written(self, line, server) -> None:
        verdict = line.hand_over(self.parcel())
        assert isinstance(verdict, Accepted)
        assert verdict.provider_id
        (taken,) = server.taken
        assert (taken["to"], taken["text"], taken["sender"]) == (self.wants, TEXT, "10004346")

    def test_an_address_that_is_none_is_the_messages_fault(self, line, server) -> None:
        verdict = line.hand_over(self.parcel(address="+9812"))
        assert (type(verdict), verdict.reason) == (Refused, "bad_address")
        assert isinstance(line.hand_over(self.parcel(2)), Accepted)

    def test_strange_texts_go_as_they_are(self, line, server) -> None:
        texts = ["a", "a&b=c", "خط ۱\nخط ۲", "{{ key }}", '"\\', "%41", "x" * 800, "\u200c‌‍"]
        for number, text in enumerate(texts):
            assert isinstance(line.hand_over(self.parcel(number, source=text.encode())), Accepted)
        assert [one["text"] for one in server.taken] == texts

    def test_the_dispatcher_carries_through_it(self, server, shop, database_url, conn) -> None:
        conn.execute("TRUNCATE service")
        connect_own(shop, providers(), self.key, **self.given(server))
        people = [shop.person("Sara"), shop.person("Ali")]
        for person in people:
            decide_sms(shop, person)
        one = dispatcher_with(database_url, providers())
        assert one.run_once(NOON) == 2
        one.close()
        assert {shop.message(person)["state"] for person in people} == {"accepted"}
        assert {shop.message(person)["provider"] for person in people} == {self.key}
        assert all(shop.message(person)["provider_id"] for person in people)
        assert len(server.taken) == 2

    def test_its_patterns_are_tried_where_it_has_them(self) -> None:
        assert (self.provider.patterns is not None) == isinstance(self, PatternCases)


class PatternCases(SmsCases):
    """pattern: one that the service knows."""

    pattern: ClassVar[Pattern]

    def test_a_pattern_goes_by_its_code_with_its_values(self, line, server) -> None:
        rules, pattern = self.provider.patterns, self.pattern
        verdict = line.hand_over(sms_parcel(pattern=rules.fit(pattern)))
        assert isinstance(verdict, Accepted)
        assert verdict.provider_id
        (filled,) = server.filled
        assert (filled["to"], filled["code"], filled["values"]) == (self.wants, pattern.code, dict(pattern.values))
        assert isinstance(line.hand_over(sms_parcel(2)), Accepted)  # a free text after it, by the same line
        assert server.taken[-1]["text"] == TEXT

    def test_a_pattern_that_the_service_does_not_know_is_refused_as_such(self, line, server) -> None:
        code = self.pattern.code.replace("4", "5").replace("order", "other").replace("HX0", "HX1")
        verdict = line.hand_over(sms_parcel(pattern=Pattern(code, self.pattern.values)))
        assert (type(verdict), verdict.reason) == (Refused, "pattern")
        assert isinstance(line.hand_over(sms_parcel(2)), Accepted)

    def test_a_pattern_without_an_answer_is_never_sent_twice(self, line, server) -> None:
        server.says = [sms.CUT_BEFORE]
        assert type(line.hand_over(sms_parcel(pattern=self.pattern))) is Unanswered
        assert len(server.filled) == 1
