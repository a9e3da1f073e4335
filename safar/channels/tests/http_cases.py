"""What every provider that is called over HTTP has to keep, against a server that is slow, cut, full, broken and talks nonsense. Inherit
the cases of its channel (``sms_cases``, ``mail_cases``), say as whom the server speaks and how an account there is opened.
"""

from __future__ import annotations

from abc import ABC
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pytest

from safar.channels.provider import (
    Accepted,
    AccountRefused,
    NotNow,
    Own,
    Parcel,
    Provider,
    Unanswered,
    providers,
)
from safar.channels.tests import sms_server as sms
from safar.channels.tests.settings import sending
from safar.channels.tests.sms_server import running_sms
from safar.lib import calls
from safar.lib.faults import Faults


class HttpCases(ABC):
    """settings: enough to be accepted, with ``{url}`` for the server's address. wants: how the service gets +989121234567."""

    key: ClassVar[str]
    speak: ClassVar[Any]
    settings: ClassVar[Mapping[str, str]]
    wants: ClassVar[str]
    secret: ClassVar[str] = "key"  # the setting that is wrong in a test
    knows_again: ClassVar[bool] = False  # the service knows a message again by our number
    channel: ClassVar[str]
    parcel: ClassVar[Callable[..., Parcel]]  # a message by its number

    @property
    def provider(self) -> Provider:
        return providers()[self.key].of(
            {one.name: one.default for one in providers()[self.key].fields} | dict(self.settings)
        )

    @pytest.fixture
    def server(self, monkeypatch):
        with running_sms(type(self).speak) as one:
            if hasattr(self.provider, "base"):
                monkeypatch.setattr(type(self.provider), "base", one.url)
            monkeypatch.setattr("safar.channels.described.line.choose_address", lambda host, port: host)
            yield one

    def given(self, server: Any, **changes: str) -> dict[str, str]:
        return {name: value.replace("{url}", server.url) for name, value in {**self.settings, **changes}.items()}

    def open(self, server: Any, **changes: str) -> Any:
        given = {field.name: field.default for field in self.provider.fields} | self.given(server, **changes)
        own = Own(1, self.channel, self.key, {}, version="1")
        return self.provider.open_own(sending(), own, given)

    @pytest.fixture
    def line(self, server):
        one = self.open(server)
        yield one
        one.close()

    def test_its_settings_are_words_in_both_languages(self, server) -> None:
        assert set(self.provider.label) == {"en", "fa"}
        assert self.provider.channels
        for field in self.provider.fields:
            assert set(field.label) == {"en", "fa"}, field.name
            assert set(field.help) in (set(), {"en", "fa"}), field.name
            assert all(set(words) == {"en", "fa"} for words in field.choices.values()), field.name
        assert any(field.secret for field in self.provider.fields)
        faults = Faults()
        self.provider.check({f.name: f.default for f in self.provider.fields} | self.given(server), faults)
        assert list(faults) == []

    def test_one_after_the_other_on_one_connection(self, line, server) -> None:
        assert [type(line.hand_over(self.parcel(n))) for n in range(5)] == [Accepted] * 5
        assert len(server.taken) == 5

    def test_closing_is_harmless_and_not_the_end(self, line, server) -> None:
        line.close()
        line.close()
        assert isinstance(line.hand_over(self.parcel()), Accepted)

    def test_a_wrong_key_is_the_accounts_fault(self, server) -> None:
        line = self.open(server, **{self.secret: "wrong"})
        verdict = line.hand_over(self.parcel())
        assert (type(verdict), verdict.reason) == (AccountRefused, "login")
        assert "wrong" not in repr(verdict)
        assert server.taken == []

    def test_nobody_there_is_the_accounts_fault_and_nothing_was_sent(self, server, monkeypatch) -> None:
        line = self.open(server)
        monkeypatch.setattr(calls.socket, "create_connection", _refuse)
        verdict = line.hand_over(self.parcel())
        assert (type(verdict), verdict.reason) == (AccountRefused, "unreachable")
        assert server.asked == []

    @pytest.mark.parametrize("how", [sms.CUT_BEFORE, sms.CUT_IN_THE_MIDDLE, sms.DRIP, sms.HANG])
    def test_no_answer_is_a_doubt_or_asked_for_once_more(self, line, server, how, monkeypatch) -> None:
        with monkeypatch.context() as quick:
            quick.setattr(calls, "ANSWER_SECONDS", 0.5)
            server.says = [how]
            verdict = line.hand_over(self.parcel())
            assert type(verdict) is (Accepted if self.knows_again else Unanswered)
            assert len(server.taken) == 1
            server.says = [how, how]
            assert type(line.hand_over(self.parcel(2))) is Unanswered
            assert len(server.taken) == 2
        server.says = []
        assert isinstance(line.hand_over(self.parcel(3)), Accepted)

    @pytest.mark.parametrize("how", [sms.GARBAGE, sms.LARGE])
    def test_an_answer_that_is_none_is_a_doubt(self, line, server, how) -> None:
        server.says = [how] * (2 if self.knows_again else 1)
        assert isinstance(line.hand_over(self.parcel()), Unanswered)
        assert isinstance(line.hand_over(self.parcel(2)), Accepted)

    def test_too_many_is_never_a_fault_of_the_message(self, line, server) -> None:
        server.says = [sms.TOO_MANY]
        verdict = line.hand_over(self.parcel())
        assert (type(verdict), verdict.reason) == (AccountRefused, "quota")
        assert isinstance(line.hand_over(self.parcel()), Accepted)

    @pytest.mark.parametrize("how", [sms.BROKEN, sms.AWAY])
    def test_a_broken_service_never_loses_a_message_nor_sends_it_twice(self, line, server, how) -> None:
        server.says = [how]
        verdict = line.hand_over(self.parcel())
        assert type(verdict) is (NotNow if how == sms.AWAY or self.knows_again else Unanswered)

    def test_it_is_not_led_elsewhere(self, line, server) -> None:
        server.says = [sms.MOVED]
        assert not isinstance(line.hand_over(self.parcel()), Accepted)
        assert [asked.path for asked in server.asked if asked.path == "/elsewhere"] == []

    def test_a_connection_that_was_ended_meanwhile_costs_nothing(self, line, server) -> None:
        assert isinstance(line.hand_over(self.parcel()), Accepted)
        line.caller._conn.sock.raw.shutdown(2)
        assert isinstance(line.hand_over(self.parcel(2)), Accepted)
        assert len(server.taken) == 2

    def test_it_knows_a_message_again_where_it_can(self, line, server) -> None:
        first, again = line.hand_over(self.parcel()), line.hand_over(self.parcel())
        assert len(server.taken) == (1 if self.knows_again else 2)
        assert (first.provider_id == again.provider_id) is self.knows_again


def _refuse(*_: Any, **__: Any) -> Any:
    raise ConnectionRefusedError("nobody listens")
