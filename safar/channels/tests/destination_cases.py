"""What every kind of destination with a line of its own has to keep, against a server that misbehaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import pytest

from safar.channels.notices.kind import PREFIX, TEST, DestinationKind, kinds
from safar.channels.provider import Accepted, AccountRefused, NotNow, Parcel, Refused, Unanswered
from safar.channels.tests import sms_server as sms
from safar.channels.tests.sms_server import running_sms
from safar.lib import calls
from safar.lib.faults import Faults
from safar.lib.outward import Forbidden


class DestinationCases:
    """settings: as they are right, with ``{url}`` for the server's address. wrong: settings that the service refuses for good."""

    key: ClassVar[str]
    speak: ClassVar[Any]
    settings: ClassVar[Mapping[str, str]]
    wrong: ClassVar[Mapping[str, str]]
    flood: ClassVar[Any]
    over: ClassVar[Any]

    @property
    def kind(self) -> DestinationKind:
        return kinds()[self.key]

    @pytest.fixture
    def server(self, monkeypatch):
        with running_sms(type(self).speak) as one:
            monkeypatch.setattr(type(self.kind), "base", one.url)
            monkeypatch.setattr("safar.channels.notices.line.choose_address", lambda host, port: host)
            yield one

    @pytest.fixture
    def line(self, server):
        one = self.open(server)
        yield one
        one.close()

    def open(self, server: Any, **changes: str) -> Any:
        return self.kind.open(
            {name: value.replace("{url}", server.url) for name, value in {**self.settings, **changes}.items()}
        )

    def test_its_words_are_there_in_both_languages(self, server) -> None:
        assert set(self.kind.label) == set(self.kind.help) == {"en", "fa"}
        for field in self.kind.fields:
            assert set(field.label) == {"en", "fa"}
            assert set(field.help) in (set(), {"en", "fa"})
        assert any(field.secret for field in self.kind.fields)

    def test_it_checks_what_is_typed(self, server) -> None:
        right = {name: value.replace("{url}", server.url) for name, value in self.settings.items()}
        faults = Faults()
        self.kind.check(right, faults)
        assert not faults
        for field in self.kind.fields:
            for bad in ("http://127.0.0.1/x", "a b", "../../x", "\N{RIGHT-TO-LEFT OVERRIDE}"):
                faults = Faults()
                self.kind.check({**right, field.name: bad}, faults)
                assert [fault.place for fault in faults] == [field.name]

    def test_what_it_takes_arrives_as_it_is(self, line, server) -> None:
        assert isinstance(line.hand_over(parcel("سلام <b> & *دوست* _x_")), Accepted)
        assert isinstance(line.hand_over(parcel("again")), Accepted)
        texts = [one["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for one in server.taken]
        assert texts == ["سلام <b> & *دوست* _x_", "again"]

    def test_what_is_refused_for_good_is_the_destinations_and_tells_no_secret(self, line, server) -> None:
        verdict = self.open(
            server, **{name: value.replace("{url}", server.url) for name, value in self.wrong.items()}
        ).hand_over(parcel())
        assert (type(verdict), verdict.reason) == (AccountRefused, "login")
        assert not any(value in repr(verdict) for value in self.wrong.values())
        server.says = [self.over]
        verdict = line.hand_over(parcel())
        assert (type(verdict), verdict.reason) == (AccountRefused, "chat")
        assert server.taken == []

    def test_too_many_waits_as_long_as_the_service_says(self, line, server) -> None:
        server.says = [self.flood]
        verdict = line.hand_over(parcel())
        assert (type(verdict), verdict.reason, verdict.after) == (NotNow, "quota", timedelta(seconds=300))
        server.says = [sms.TOO_MANY]
        assert isinstance(line.hand_over(parcel()), NotNow)

    @pytest.mark.parametrize(
        "how", [sms.CUT_BEFORE, sms.CUT_IN_THE_MIDDLE, sms.DRIP, sms.HANG, sms.GARBAGE, sms.LARGE, sms.BROKEN]
    )
    def test_no_clear_answer_is_a_doubt(self, line, server, how, monkeypatch) -> None:
        monkeypatch.setattr(calls, "ANSWER_SECONDS", 0.5)
        server.says = [how]
        assert isinstance(line.hand_over(parcel()), Unanswered)
        assert isinstance(line.hand_over(parcel()), Accepted)

    def test_a_service_that_is_away_or_not_there_is_asked_again(self, line, server, monkeypatch) -> None:
        server.says = [sms.AWAY]
        assert isinstance(line.hand_over(parcel()), NotNow)
        monkeypatch.setattr(calls.socket, "create_connection", _refuse)
        verdict = self.open(server).hand_over(parcel())
        assert (type(verdict), verdict.reason) == (NotNow, "unreachable")

    def test_a_closed_network_is_not_called(self, server, monkeypatch) -> None:
        def forbid(host: str, port: int) -> str:
            raise Forbidden("this host is not on the open Internet")

        monkeypatch.setattr("safar.channels.notices.line.choose_address", forbid)
        verdict = self.open(server).hand_over(parcel())
        assert (type(verdict), verdict.reason, server.asked) == (AccountRefused, "settings", [])

    def test_it_is_not_led_elsewhere(self, line, server) -> None:
        server.says = [sms.MOVED]
        assert not isinstance(line.hand_over(parcel()), Accepted)
        assert [one.path for one in server.asked if one.path == "/elsewhere"] == []

    def test_a_test_ends_with_its_first_answer(self, line, server) -> None:
        for how in (self.flood, self.over, sms.AWAY):
            server.says = [how]
            assert isinstance(line.hand_over(parcel(test=TEST)), Refused)

    def test_the_longest_digest_fits(self) -> None:
        about = 40 + 60 + 120  # a name and a moment, a link, and what is between them
        assert self.kind.most * (self.kind.longest + about) + 300 < 4096


def parcel(text: str = "Please call Sara", test: str = "") -> Parcel:
    return Parcel(f"{PREFIX}1{test}", 1, "0-1", "", "The team", text.encode())


def _refuse(*_: Any, **__: Any) -> Any:
    raise ConnectionRefusedError("nobody listens")
