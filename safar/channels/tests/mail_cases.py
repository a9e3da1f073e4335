"""What every e-mail service called over HTTP has to keep, beside what all services keep (``http_cases``)."""

from __future__ import annotations

from typing import Any, ClassVar

from safar.channels.mail.compose import Email, compose
from safar.channels.provider import Accepted, AccountRefused, NotNow, Parcel, Refused, providers
from safar.channels.services.own import set_service
from safar.channels.tests.cases import DATE
from safar.channels.tests.http_cases import HttpCases
from safar.channels.tests.own import dispatcher_with
from safar.channels.tests.settings import SECRET
from safar.outbox.books import read_books
from safar.outbox.tests.house import NOON

TEXT = "سلام سارا\n.\nline &amp; dots\n"
HTML = '<p>سلام <a href="https://shop.example/?a=1&amp;b=2">here</a></p>\n'
LEAVE = "https://safar.example/u/token"


def mail_parcel(
    number: int = 1, *, address: str = "sara@people.example", html: str = HTML, subject: str = "سلام سارا — hello"
) -> Parcel:
    """A marketing message, Persian and English, with both one-click headers."""
    header = f"<safar.7-{number}.0123456789abcdef@shop.example>"
    letter = Email(
        message_id=header,
        date=DATE,
        sender="فروشگاه, shop <shop@shop.example>",
        to=("sara@people.example",),
        subject=subject,
        text=TEXT,
        html=html,
        reply_to="help@shop.example",
        unsubscribe_url=LEAVE,
        one_click=True,
    )
    return Parcel("email", 1, header, "shop@shop.example", address, compose(letter))


class MailCases(HttpCases):
    """refusals: (status, body, perhaps headers) → what it means."""

    channel = "email"
    parcel = staticmethod(mail_parcel)
    wants = "sara@people.example"
    secret = "api_key"
    refusals: ClassVar[list[tuple[tuple[Any, ...], type, str]]]

    def test_it_is_accepted_as_it_was_written(self, line: Any, server: Any) -> None:
        verdict = line.hand_over(mail_parcel())
        assert isinstance(verdict, Accepted)
        assert verdict.provider_id
        (taken,) = server.taken
        headers = {name.lower(): value for name, value in taken["headers"].items()}
        assert (taken["to"], taken["subject"]) == (self.wants, "سلام سارا — hello")
        assert "shop@shop.example" in taken["sender"]
        assert [" ".join(taken[part].split()) for part in ("text", "html")] == [
            " ".join(one.split()) for one in (TEXT, HTML)
        ]
        assert headers["list-unsubscribe"] == f"<{LEAVE}>"
        assert headers["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
        assert taken["mark"] == "safar.7-1.0123456789abcdef@shop.example"
        if self.provider.keeps_message_id:
            assert headers["message-id"] == "<safar.7-1.0123456789abcdef@shop.example>"

    def test_a_message_without_html_and_one_with_a_strange_subject(self, line: Any, server: Any) -> None:
        assert isinstance(line.hand_over(mail_parcel(html="")), Accepted)
        assert isinstance(line.hand_over(mail_parcel(2, subject="x" * 300 + '"\\ <a@b.c>, %41 {{ key }}')), Accepted)
        assert server.taken[0]["html"] == ""
        assert server.taken[1]["subject"] == "x" * 300 + '"\\ <a@b.c>, %41 {{ key }}'

    def test_an_address_that_is_none_is_the_messages_fault(self, line: Any, server: Any) -> None:
        for address in ("sara@nowhere", "no address at all"):
            verdict = line.hand_over(mail_parcel(address=address))
            assert (type(verdict), verdict.reason) == (Refused, "bad_address"), address
        assert server.taken == []
        assert isinstance(line.hand_over(mail_parcel(2)), Accepted)

    def test_its_refusals_are_of_the_message_or_of_the_account(self, line: Any, server: Any) -> None:
        for number, (answer, kind, reason) in enumerate(self.refusals):
            server.says = [answer]
            verdict = line.hand_over(mail_parcel(number))
            assert (type(verdict), verdict.reason) == (kind, reason), answer
        assert {AccountRefused, Refused} <= {kind for _, kind, _ in self.refusals}
        assert server.taken == []

    def test_a_refusal_that_nobody_knows_makes_messages_wait(self, line: Any, server: Any) -> None:
        server.says = [(418, {"what": "is this"})]
        verdict = line.hand_over(mail_parcel())
        assert type(verdict) in (AccountRefused, NotNow)

    def test_the_dispatcher_carries_through_it(self, server: Any, shop: Any, database_url: str, conn: Any) -> None:
        conn.execute("TRUNCATE service")
        kinds, given = providers(), self.given(server)
        set_service(
            conn, workspace_id=shop.id, channel="email", provider=self.key, given=given, keys=[SECRET], kinds=kinds
        )
        people = [shop.person("Sara"), shop.person("Ali", language="fa")]
        for person in people:
            shop.decide(person)
        one = dispatcher_with(database_url, kinds)
        assert one.run_once(NOON) == 2
        one.close()
        messages = [shop.message(person) for person in people]
        assert {(one["state"], one["provider"]) for one in messages} == {("accepted", self.key)}
        assert all(one["provider_id"] for one in messages)
        assert {one["mark"] for one in server.taken} == {one["message_id_header"].strip("<>") for one in messages}
        assert all("/u/" in one["headers"]["List-Unsubscribe"] for one in server.taken)
        assert all(line.closes for line in read_books(conn, shop.id))
