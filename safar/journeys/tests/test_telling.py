"""The team told by a journey, from the accepted event on a fresh workspace to the digest at every kind of destination."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.channels.notices.destinations import Wanted, put_destination
from safar.channels.notices.kind import kinds
from safar.channels.notices.telling import GATHERS, tell_once
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.services.own import set_service
from safar.channels.tests import messengers
from safar.channels.tests.messengers import CHAT, TOKEN
from safar.channels.tests.own import Pigeon, kinds_with
from safar.channels.tests.settings import SECRET, sending
from safar.channels.tests.sink import running_sink
from safar.channels.tests.sms_server import running_sms
from safar.journeys.actions.notify_team import NotifyTeam
from safar.journeys.tests.publishing_story import Story, empty
from safar.lib.faults import Refused
from safar.outbox.books import read_books

PING = {"kind": "event", "event": "Ping", "next": "tell"}
GIVEN = {
    "email": {"to": "office@shop.example"},
    "sms": {"to": "09121234567"},
    "bale": {"token": TOKEN, "chat": CHAT},
    "telegram": {"token": TOKEN, "chat": CHAT},
    "slack": {"url": ""},
}


class Telling(Story):
    """With a teller and a dispatcher; pigeon carries SMS."""

    def __init__(self, conn: Any, url: str, slug: str, sink: Any) -> None:
        super().__init__(conn, url, slug)
        self.pigeon, self.sink = Pigeon(), sink

    def tell(self) -> None:
        for _ in range(2):  # the decision, then the digest
            one = Dispatcher(self.url, "test", sending=sending(email_url=self.sink.url), kinds=kinds_with(self.pigeon))
            try:
                one.run_once(self.now)
            finally:
                one.close()
            self.now += GATHERS
            tell_once(self.conn, self.now)

    def place(self, name: str, kind: str, **given: str) -> None:
        wanted = Wanted(name=name, kind=kind, given=given, language="fa")
        put_destination(self.conn, self.shop.pk, wanted, keys=[SECRET])

    def told(self) -> list[tuple[str, str]]:
        return self.conn.execute(
            "SELECT d.kind, m.state FROM digest g JOIN destination d ON d.id = g.destination_id"
            " JOIN message m ON m.bucket = 0 AND m.enrollment_id = -g.id ORDER BY 1"
        ).fetchall()


@pytest.fixture
def story(conn: Any, database_url: str) -> Iterator[Telling]:
    empty(conn)
    conn.execute("TRUNCATE outbox, message, circuit, team_notice, destination, notice, telling, digest")
    with running_sink() as sink:
        one = Telling(conn, database_url, f"telling-{Workspace.objects.count()}", sink)
        conn.execute("UPDATE accounts_workspace SET send_mode = 'live' WHERE id = %s", (one.shop.pk,))
        yield one
    one.closes()
    assert all(line.closes for line in read_books(conn, one.shop.pk))


@pytest.fixture
def chats(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    monkeypatch.setattr("safar.channels.notices.line.choose_address", lambda host, port: host)
    speaks = {"bale": messengers.bot, "telegram": messengers.bot, "slack": messengers.slack}
    with (
        running_sms(speaks["bale"]) as bale,
        running_sms(speaks["telegram"]) as telegram,
        running_sms(speaks["slack"]) as slack,
    ):
        found = {"bale": bale, "telegram": telegram, "slack": slack}
        for key, server in found.items():
            monkeypatch.setattr(type(kinds()[key]), "base", server.url)
        yield found


def tells(text: str, **more: str) -> dict[str, Any]:
    return {"tell": {"kind": "notify_team", "text": text, **more}}


def test_a_journey_tells_every_kind_of_destination(story: Telling, chats: dict[str, Any]) -> None:
    set_service(
        story.conn,
        workspace_id=story.shop.pk,
        channel="sms",
        provider="pigeon",
        given={"key": "a"},
        keys=[SECRET],
        kinds=kinds_with(story.pigeon),
    )
    assert set(GIVEN) == set(kinds())
    for key, given in GIVEN.items():
        url = {"url": f"{chats['slack'].url}{messengers.PATH}"} if key == "slack" else {}
        story.place(f"by {key}", key, **{**given, **url})
    story.publish(PING, points=tells("به {{ contact.name }} زنگ بزنید: {{ entry.total }}"))
    for who in ("sara", "ali"):
        story.says(who, type="identify", traits={"name": who})
        story.says(who, properties={"total": 5})
    story.work(minutes=1)
    story.tell()
    story.tell()
    assert story.told() == [(key, "accepted") for key in sorted(GIVEN)]
    (mail,) = story.sink.mails
    heard = [
        mail.message.get_body(("plain",)).get_content(),
        *(parcel.source.decode() for _, parcel in story.pigeon.flown),
    ]
    heard += [one["text"] for server in chats.values() for one in server.taken]
    assert len(heard) == 5
    for text in heard:
        assert "۲ خبر" in text
        assert "به sara زنگ بزنید: 5" in text
        assert "به ali زنگ بزنید: 5" in text
        assert f"https://safar.example/w/{story.shop.slug}/" in text
    assert mail.recipients == ["office@shop.example"]
    assert [parcel.address for _, parcel in story.pigeon.flown] == ["+989121234567"]


def test_a_point_names_a_destination_and_an_unknown_one_is_a_fault_at_its_place(
    story: Telling, chats: dict[str, Any]
) -> None:
    story.place("Office", "bale", token=TOKEN, chat=CHAT)
    with pytest.raises(Refused) as refused:
        story.publish(PING, points=tells("x", to="Ofice"))
    (fault,) = refused.value.faults
    assert fault.place == "points.tell.to"
    assert str(fault.message).endswith("; did you mean 'Office'?")
    story.publish(PING, points=tells("x", to="office"))
    story.publish(PING, points=tells("x", to="ali@shop.example"), key="by-address")
    story.says("sara")
    story.work(minutes=1)
    story.tell()
    assert sorted(story.told()) == [("bale", "accepted"), ("email", "accepted")]
    assert [mail.recipients for mail in story.sink.mails] == [["ali@shop.example"]]


def test_the_map_says_whom_it_tells() -> None:
    kind = NotifyTeam()
    assert kind.summary({"text": "call", "to": "Office"}, "en") == "tells “Office”: “call”"
    assert kind.summary({"text": "call"}, "fa") == "به همکاران می‌گوید «call»"
