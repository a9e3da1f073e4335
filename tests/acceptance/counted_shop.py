"""A shop that is connected, with services of its own that stand on this machine, on a clock moved by hand: deliveries at the real door, a live
engine, a live dispatcher, and what the map says in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection

from safar.accounts.models import Workspace
from safar.api.tests.conftest import Client
from safar.channels.provider import providers
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.services.own import set_service
from safar.channels.tests.mail_server import speak_amazon_ses
from safar.channels.tests.settings import SECRET, sending
from safar.channels.tests.sms_server import ACCOUNT, SmsServer, running_sms, speak_kavenegar, speak_twilio
from safar.events.tests.shop import Shop
from safar.journeys import services
from safar.journeys.engine.loop import Engine
from safar.journeys.models import Journey
from safar.journeys.readymade.using import use_ready_made
from safar.journeys.reckoning.earned import Earned, read_earned
from safar.journeys.reckoning.goals import read_aims
from tests.shops.counter import Counter

SES = {"access_key": "good-key", "secret_key": "s", "region": "eu-central-1", "configuration_set": "safar"}
SMS: dict[str, tuple[Any, dict[str, str]]] = {
    "kavenegar": (speak_kavenegar, {"key": "good-key", "sender": "10004346"}),
    "twilio": (speak_twilio, {"account": ACCOUNT, "token": "good-key", "sender": "+14155552345"}),
}


@dataclass
class CountedShop:
    """counter: the shop and its door. mail, sms: what its services took."""

    counter: Counter
    workspace: Workspace
    mail: SmsServer
    sms: SmsServer
    now: datetime

    def __post_init__(self) -> None:
        url = self.counter.house.url
        self.engine = Engine(url, now=lambda: self.now)
        self.dispatcher = Dispatcher(url, "test", sending=sending(render_processes=1), kinds=providers())

    def use(self, *ready_made: str) -> None:
        """As a member does: taken from the shelf, and published as it is."""
        for key in ready_made:
            use_ready_made(self.workspace, key, site="shop.example")
            services.publish(self.workspace, key, connection=self.counter.conn, now=lambda: self.now)

    def hears(self, topic: str, body: Any) -> None:
        """A delivery of this moment."""
        conn = self.counter.conn
        (before,) = conn.execute("SELECT coalesce(max(id), 0) FROM inbox").fetchone() or (0,)
        assert self.counter.say(topic, body)[0] == 200, topic
        conn.execute("UPDATE inbox SET received_at = %s WHERE id > %s", (self.now, before))

    def goes_on(self, until: datetime, step: timedelta = timedelta(minutes=15)) -> None:
        """Everything that is due up to then, engine and dispatcher in turn, a step at a time."""
        while self.now < until:
            self.now = min(until, self.now + step)
            self.work()

    def work(self) -> None:
        while self.engine.run_once() or self.dispatcher.run_once(self.now):
            continue

    def messages(self) -> list[tuple[str, str, str, str]]:
        """Who, channel, template and state of all that was decided, in order."""
        rows = self.counter.conn.execute(
            "SELECT coalesce(c.traits ->> 'first_name', c.key), m.channel, m.template, m.state || coalesce(': ' || m.reason, '')"
            " FROM message m JOIN contact c ON c.bucket = m.bucket AND c.id = m.contact_id"
            " WHERE m.workspace_id = %s ORDER BY m.decided_at, m.id",
            (self.workspace.pk,),
        )
        return rows.fetchall()

    def earned(self, key: str) -> dict[str, Earned]:
        """By point."""
        journey = Journey.objects.get(workspace=self.workspace, key=key).pk
        found = read_earned(self.counter.conn, self.workspace, read_aims(self.workspace))
        return {point: one for (number, point), one in found.items() if number == journey}

    def reached(self, key: str) -> int:
        """Goals that the map counts."""
        return int(services.figures(self.counter.conn, self.workspace, key).as_json()["goals"])


@contextmanager
def open_shop(
    house: Shop,
    client: Client,
    conn: Connection[Any],
    monkeypatch: Any,
    system: str,
    sms: str,
    begin: datetime,
    **said: Any,
) -> Iterator[CountedShop]:
    """said: of the workspace, such as its zone."""
    Workspace.objects.filter(pk=house.id).update(send_mode="live", **said)
    counter = Counter(house, client, conn, system)
    speak, given = SMS[sms]
    with running_sms(speak_amazon_ses) as mail, running_sms(speak) as texts:
        monkeypatch.setattr(type(providers()["amazon_ses"]), "base", mail.url)
        monkeypatch.setattr(type(providers()[sms]), "base", texts.url)
        for channel, provider, settings in (("email", "amazon_ses", SES), ("sms", sms, given)):
            set_service(
                conn,
                workspace_id=house.id,
                channel=channel,
                provider=provider,
                given=settings,
                keys=[SECRET],
                kinds=providers(),
            )
        made = CountedShop(counter, Workspace.objects.get(pk=house.id), mail, texts, begin)
        yield made
        made.dispatcher.close()
        made.engine.close()


def at(moment: datetime) -> str:
    """As shops write it: without an offset, in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")
