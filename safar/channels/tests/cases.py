"""What every provider has to keep: inherit ``ProviderCases``, say how it is set up, and add what is its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import Any

import pytest

from safar.channels.mail.compose import Email, compose
from safar.channels.provider import Accepted, Parcel, Provider, providers
from safar.channels.settings import Sending
from safar.outbox.books import read_books

DATE = datetime(2026, 3, 21, 8, 30, tzinfo=UTC)


def parcel(number: int = 1, **changes: Any) -> Parcel:
    """A finished e-mail, Persian and English, with a line that begins with a dot."""
    header = f"<safar.1-{number}.0123456789abcdef@shop.example>"
    letter = Email(
        message_id=header,
        date=DATE,
        sender="فروشگاه <shop@shop.example>",
        to=("sara@people.example",),
        subject="سلام سارا — hello",
        text="سلام\n.\n..dots\n",
        html="<p>سلام</p>\n.\n",
    )
    given = {
        "channel": "email",
        "workspace_id": 1,
        "message_id": header,
        "sender": "shop@shop.example",
        "address": "sara@people.example",
        "source": compose(letter),
    }
    return Parcel(**{**given, **changes})


class ProviderCases(ABC):
    """``key`` names the provider; ``settings`` are enough for it to accept a message."""

    key: str

    @pytest.fixture
    @abstractmethod
    def settings(self) -> Any: ...

    @pytest.fixture
    def line(self, settings: Sending) -> Any:
        line = self.provider.open(settings)
        yield line
        line.close()

    @property
    def provider(self) -> Provider:
        return providers()[self.key]

    def test_it_is_found_by_its_key_and_named_in_both_languages(self) -> None:
        assert set(self.provider.label) == {"en", "fa"}
        assert self.provider.channels

    def test_it_accepts_and_says_so(self, line: Any) -> None:
        assert isinstance(line.hand_over(parcel()), Accepted)

    def test_a_line_carries_one_after_the_other(self, line: Any) -> None:
        assert [type(line.hand_over(parcel(n))) for n in range(5)] == [Accepted] * 5

    def test_closing_is_harmless_and_not_the_end(self, line: Any) -> None:
        line.close()
        line.close()
        assert isinstance(line.hand_over(parcel()), Accepted)

    def test_it_takes_strange_messages(self, line: Any) -> None:
        for source in (
            b"",
            b".",
            b"no header\r\n",
            b"Subject: x\n\nbare\rends\n",
            b"X: " + b"y" * 900 + b"\r\n\r\n" + (b"z" * 900 + b"\r\n") * 200,
        ):
            assert isinstance(line.hand_over(parcel(source=source)), Accepted)

    def test_the_dispatcher_carries_through_it(self, settings: Sending, database_url: str, conn: Any) -> None:
        from safar.channels.sending.dispatch import Dispatcher
        from safar.outbox.tests.house import NOON, Shop

        shop = Shop(conn, mode="mailbox" if self.provider.inside else "live")
        people = [shop.person("Sara"), shop.person("Ali", language="fa")]
        for person in people:
            shop.decide(person)
        dispatcher = Dispatcher(database_url, "cases", sending=settings)
        assert dispatcher.run_once(NOON) == 2
        dispatcher.close()
        assert {shop.message(person)["state"] for person in people} == {"accepted"}
        assert {shop.message(person)["provider"] for person in people} == {self.key}
        assert all(line.closes for line in read_books(conn, shop.id))
