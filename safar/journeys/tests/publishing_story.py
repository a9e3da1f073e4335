"""A shop with its people and a hand-moved clock, for the tests of publishing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from safar.accounts.services import create_workspace
from safar.events.accept import accept
from safar.events.message import check_message
from safar.journeys import services
from safar.journeys.check import check_books
from safar.journeys.engine.loop import Engine
from safar.journeys.engine.tick import Limits
from safar.journeys.models import Journey
from safar.journeys.publishing.progress import Progress, read_progress
from safar.lib.faults import Faults
from safar.segments.services import apply_segments

BEGIN = datetime(2027, 3, 1, 12, tzinfo=UTC)
MARK = {"points": {"mark": {"kind": "add_tag", "tag": "got-it"}}}
TAGGED = {"kind": "tag_added", "tag": "vip", "next": "mark"}
EVERYBODY = ("sara", "ali", "mina", "omid", "roya", "nima")


def work_off(engine: Engine) -> None:
    while engine.run_once():
        pass


class Story:
    """A shop, its people and a clock."""

    def __init__(self, conn: Any, url: str, slug: str) -> None:
        self.conn, self.url, self.now = conn, url, BEGIN
        self.shop = create_workspace(slug=slug, name=slug, zone="UTC", currency="USD")
        apply_segments(self.shop, {"vips": {"tag": "vip"}, "keen": {"event": "Ping", "within": "PT1H"}})

    def says(self, who: str, **said: Any) -> None:
        """Accepted at this moment; not applied."""
        tags = said.pop("tags", None)
        message = check_message(
            {"type": "track", "userId": who, "event": "Ping", **said},
            Faults(),
            received=datetime.now(UTC),
            trusted=True,
        )
        assert message is not None
        before = self.conn.execute("SELECT coalesce(max(id), 0) FROM inbox").fetchone()[0]
        accept(self.conn, self.shop.pk, [message], trusted=True)
        self.conn.execute(
            "UPDATE inbox SET received_at = %s, timestamp = %s WHERE id > %s", (self.now, self.now, before)
        )
        if tags is not None:
            self.conn.execute("UPDATE inbox SET tags = %s WHERE id > %s", (json.dumps(tags), before))

    def vips(self, *people: str) -> None:
        for who in people:
            self.says(who, tags={"add": ["vip"]})
        self.work(minutes=1)

    def publish(
        self,
        start: dict[str, Any],
        *,
        already: bool = True,
        key: str = "j",
        points: dict[str, Any] | None = None,
        **settings: Any,
    ) -> int:
        starts = start if "kind" not in start else {"s": start}
        journey = {"journey": key, "title": {"en": "J"}, "settings": settings, "start": starts}
        journey["points"] = points or MARK["points"]
        services.apply_journey(self.shop, json.dumps(journey))
        done = services.publish(self.shop, key, connection=self.conn, now=lambda: self.now, already=already)
        return done.number

    def engine(self, limits: Limits | None = None) -> Engine:
        return Engine(self.url, now=lambda: self.now, limits=limits)

    def work(self, limits: Limits | None = None, **later: float) -> None:
        self.now += timedelta(**later)
        engine = self.engine(limits)
        work_off(engine)
        engine.close()

    def entered(self, key: str = "j") -> list[str]:
        rows = self.conn.execute(
            "SELECT c.external_id FROM enrollment e JOIN contact c ON c.bucket = e.bucket AND c.id = e.contact_id"
            " JOIN journeys_journey j ON j.id = e.journey_id WHERE j.key = %s AND j.workspace_id = %s AND e.state <> 4 ORDER BY 1",
            (key, self.shop.pk),
        )
        return [name for (name,) in rows]

    def progress(self, key: str = "j") -> Progress:
        found = read_progress(self.conn, Journey.objects.get(workspace=self.shop, key=key))
        assert found is not None
        return found

    def closes(self) -> None:
        report = check_books(self.conn)
        assert report.closed, report.differences


def empty(conn: Any) -> None:
    """As if nobody had ever come, and no lane's clock had moved."""
    conn.execute(
        "TRUNCATE inbox, contact, contact_facts, contact_tag, contact_watch, segment_member, identity, enrollment, enrollment_past,"
        " enrollment_entry, timer, passage_count, event, publishing, publishing_lane"
    )
    conn.execute("UPDATE lane SET clock = '1900-01-01Z'")
    Journey.objects.all().delete()
