"""A publishing is read for everybody at its moment, however long that takes and whoever dies over it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.journeys import services
from safar.journeys.engine import publishing
from safar.journeys.engine.tick import Limits
from safar.journeys.publishing.progress import stop_taking_in
from safar.journeys.tests.publishing_story import EVERYBODY, TAGGED, Story, empty, work_off
from safar.lib.faults import Refused


class PowerCut(Exception):
    pass


@pytest.fixture
def story(conn: Any, database_url: str) -> Story:
    empty(conn)
    return Story(conn, database_url, f"shop-{Workspace.objects.count()}")


@pytest.fixture
def slices_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "SLICE", 1)


def cut(monkeypatch: pytest.MonkeyPatch, place: str, after: int) -> None:
    """The power goes when an engine has come to that place so often."""
    left = [after]

    def fail(name: str) -> None:
        if name == place:
            left[0] -= 1
            if left[0] == 0:
                raise PowerCut

    for module in ("tick", "loop", "publishing"):
        monkeypatch.setattr(f"safar.journeys.engine.{module}.failpoint", fail)


def test_who_matches_already_comes_in_only_where_that_is_asked_for(story: Story) -> None:
    story.vips("sara", "ali")
    story.says("mina")
    story.publish(TAGGED, already=False, key="k")
    story.publish(TAGGED)
    story.work(minutes=1)
    assert (story.entered("k"), story.entered()) == ([], ["ali", "sara"])
    found = story.progress()
    assert (found.going, found.people, found.read, found.entered) == (False, 3, 3, 2)
    story.vips("mina")
    assert (story.entered("k"), story.entered()) == (["mina"], ["ali", "mina", "sara"])
    story.closes()


def test_everything_that_an_entry_obeys_is_obeyed(story: Story) -> None:
    story.vips(*EVERYBODY)
    story.says("ali", type="identify", traits={"city": "Tehran"})
    story.says("mina", event="Enough")
    story.work(minutes=1)
    story.publish({**TAGGED, "filter": {"trait": "city", "is": "Tehran"}}, key="filtered")
    story.publish(TAGGED, key="exits", exit_when={"event": "Enough", "times": {"at_least": 1}})
    story.publish(TAGGED, key="valued", one_per="order_id")
    story.publish(TAGGED, key="tagwise", one_per="tag")
    story.publish(TAGGED, key="held", control_group=100)
    story.work(minutes=1)
    assert story.entered("filtered") == ["ali"]
    assert story.entered("exits") == sorted({*EVERYBODY} - {"mina"})
    assert story.entered("valued") == []
    assert story.entered("tagwise") == sorted(EVERYBODY)
    assert (story.entered("held"), story.progress("held").held_out) == ([], 6)
    story.publish({**TAGGED, "filter": {"tag": "vip"}}, key="filtered")  # reentry: never
    story.work(minutes=1)
    assert (story.progress("filtered").entered, story.progress("filtered").refused) == (5, 1)
    story.closes()


def test_the_first_starting_point_that_holds_takes_them_and_events_are_no_states(story: Story) -> None:
    story.vips("sara")
    story.says("ali", type="identify", traits={"city": "Tehran"})
    story.work(minutes=1)
    starts = {
        "ping": {"kind": "event", "event": "Ping", "next": "mark"},
        "moved": {"kind": "trait_changed", "trait": "city", "to": "Tehran", "next": "mark"},
        "tagged": TAGGED,
    }
    story.publish(starts)
    story.work(minutes=1)
    rows = story.conn.execute(
        "SELECT c.external_id, e.starting_point, n.properties FROM enrollment e JOIN contact c ON c.id = e.contact_id"
        " JOIN enrollment_entry n ON n.enrollment_id = e.id ORDER BY 1"
    ).fetchall()
    assert rows == [("ali", 1, {"trait": "city", "from": None, "to": "Tehran"}), ("sara", 2, {"tag": "vip"})]


NOW = {"kind": "segment_once", "segment": "vips", "next": "mark"}


@pytest.mark.usefixtures("slices_of_one")
def test_a_campaign_takes_whoever_is_in_the_segment_at_the_moment_it_is_sent(story: Story) -> None:
    story.vips("sara", "ali", "mina")
    story.says("omid")
    story.says("roya", tags={"add": ["vip"]})  # accepted before, applied after the sending
    story.publish(NOW, already=False)
    story.now += timedelta(seconds=1)
    story.says("sara", tags={"remove": ["vip"]})
    story.says("omid", tags={"add": ["vip"]})
    story.says("nima", tags={"add": ["vip"]})
    story.work(Limits(events=1, subjects=1), minutes=5)
    assert story.entered() == ["ali", "mina", "roya", "sara"]
    at = story.conn.execute("SELECT DISTINCT entered_at FROM enrollment").fetchall()
    assert at == [(story.now - timedelta(minutes=5, seconds=1),)]
    story.work(days=2)
    assert story.entered() == ["ali", "mina", "roya", "sara"]
    story.closes()


@pytest.mark.usefixtures("slices_of_one")
def test_time_that_passes_while_people_are_read_changes_nothing(story: Story) -> None:
    for who in EVERYBODY:
        story.says(who)
    story.work(minutes=50)
    story.publish({**NOW, "segment": "keen"}, already=False)
    story.work(Limits(subjects=1), minutes=30)
    assert story.entered() == sorted(EVERYBODY)


def test_a_moment_that_has_come_before_anybody_is_read_is_not_missed(story: Story) -> None:
    story.vips("sara", "ali")
    story.publish({**NOW, "at": (story.now + timedelta(seconds=2)).isoformat()}, already=False)
    story.now += timedelta(seconds=1)
    story.says("sara", tags={"remove": ["vip"]})
    story.work(hours=1)
    assert story.entered() == ["ali"]
    story.closes()


PLACES = (
    "engine.spread",
    "engine.claimed",
    "engine.read",
    "engine.finished",
    "engine.before_commit",
    "engine.after_commit",
)


@pytest.mark.parametrize("after", [1, 2, 5])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.usefixtures("slices_of_one")
def test_what_is_cut_off_in_the_middle_is_gone_on_with_and_nobody_comes_in_twice(
    story: Story, monkeypatch: pytest.MonkeyPatch, place: str, after: int
) -> None:
    story.vips(*EVERYBODY)
    story.publish(TAGGED, reentry="always")
    story.now += timedelta(minutes=1)
    with monkeypatch.context() as patch:
        cut(patch, place, after)
        engine = story.engine(Limits(subjects=1))
        with pytest.raises(PowerCut):
            work_off(engine)
        engine.session().connection.close()
    story.says("sara", tags={"remove": ["vip"]})
    story.work(minutes=1)
    story.work(minutes=1)
    assert story.entered() == sorted(EVERYBODY)
    numbers = story.conn.execute("SELECT DISTINCT entry_no FROM enrollment").fetchall()
    assert numbers == [(1,)]
    found = story.progress()
    assert (found.going, found.read, found.entered) == (False, 6, 6)
    story.closes()


@pytest.mark.usefixtures("slices_of_one")
def test_it_can_be_stopped_and_dates_are_armed_all_the_same(story: Story) -> None:
    story.vips(*EVERYBODY)
    date = (story.now + timedelta(days=3)).date().isoformat()
    for who in EVERYBODY:
        story.says(who, type="identify", traits={"renewal": date})
    story.work(minutes=1)
    starts = {"s": TAGGED, "d": {"kind": "date_reached", "trait": "renewal", "next": "mark"}}
    story.publish(starts, reentry="always")
    story.now += timedelta(minutes=1)
    engine = story.engine(Limits(subjects=1))
    engine.run_once()
    engine.close()
    came = len(story.entered())
    assert 0 < came < 6
    assert story.progress().going
    stop_taking_in(story.shop, "j", connection=story.conn)
    with pytest.raises(Refused):
        stop_taking_in(story.shop, "j", connection=story.conn)
    story.work(minutes=1)
    assert (len(story.entered()), story.progress().read) == (came, 6)
    story.work(days=4)
    assert story.entered() == sorted(EVERYBODY)
    story.closes()


def test_who_comes_later_or_is_gone_is_passed_over(story: Story) -> None:
    from safar.journeys.erasing import erase_contact

    story.vips("sara", "ali", "mina")
    story.publish(TAGGED)
    story.now += timedelta(seconds=1)
    (ali,) = story.conn.execute("SELECT id FROM contact WHERE external_id = 'ali'").fetchone()
    erase_contact(story.conn, workspace_id=story.shop.pk, contact=ali, key="a key")
    story.says("late", tags={"add": ["vip"]})  # comes in by the event, once
    story.work(minutes=1)
    assert story.entered() == ["late", "mina", "sara"]
    assert story.progress().entered == 2
    story.closes()


def test_a_newer_version_takes_over(story: Story) -> None:
    story.vips("sara", "ali")
    story.publish(TAGGED)
    assert story.publish({**TAGGED, "filter": {"trait": "city", "is": "Tehran"}}, already=False) == 2
    story.work(minutes=1)
    assert story.entered() == []
    assert (
        story.publish({**TAGGED, "filter": {"trait": "city", "is": "Tehran"}}) == 2
    )  # the same again, and those who match
    story.work(minutes=1)
    assert story.entered() == []
    assert not story.progress().going


def test_nobody_enters_a_paused_journey(story: Story) -> None:
    story.vips("sara")
    story.publish(TAGGED)
    services.pause(story.shop, "j", connection=story.conn)
    story.work(minutes=1)
    assert (story.entered(), story.progress().refused) == ([], 1)
    story.closes()


def day(days: int) -> Callable[[Story], str]:
    return lambda story: (story.now + timedelta(days=days)).date().isoformat()


@pytest.mark.parametrize(
    ("start", "trait", "comes"),
    [
        ({"kind": "date_reached", "trait": "d"}, day(0), True),  # since midnight
        ({"kind": "date_reached", "trait": "d"}, day(-1), False),
        ({"kind": "date_reached", "trait": "d", "offset": "-P3D"}, day(3), True),
        ({"kind": "date_reached", "trait": "d"}, day(1), False),
        ({"kind": "birthday", "trait": "d"}, day(0), True),
        ({"kind": "birthday", "trait": "d"}, day(-1), False),
        ({"kind": "birthday", "trait": "d", "offset": "P1D"}, day(-1), True),
    ],
)
def test_a_date_is_a_state_as_long_as_its_day_lasts(
    story: Story, start: dict[str, Any], trait: Callable[[Story], str], comes: bool
) -> None:
    story.says("sara", type="identify", traits={"d": trait(story)})
    story.work(hours=1)
    story.publish({**start, "next": "mark"}, reentry="always")
    story.work(minutes=1)
    assert story.entered() == (["sara"] if comes else [])
    story.work(days=300)
    assert story.conn.execute("SELECT coalesce(max(entry_no), 0) FROM enrollment").fetchone()[0] <= 1


def test_states_of_the_shop_hold_until_something_is_bought(story: Story) -> None:
    story.says("sara", event="Order Completed", properties={"order_id": "1", "total": 5})
    story.says("ali", event="Product Added", properties={"cart_value": 7})
    story.work(days=100)
    story.publish({"kind": "lapsed", "after": "P90D", "next": "mark"}, key="lapsed")
    story.publish({"kind": "cart_abandoned", "after": "PT1H", "next": "mark"}, key="cart", reentry="always")
    story.publish({"kind": "lapsed", "after": "P120D", "next": "mark"}, key="later")
    story.work(minutes=1)
    assert (story.entered("lapsed"), story.entered("cart"), story.entered("later")) == (["sara"], ["ali"], [])
    story.work(days=30)
    assert story.entered("later") == ["sara"]
    assert story.conn.execute("SELECT max(entry_no) FROM enrollment").fetchone() == (1,)


def test_members_of_a_segment_have_not_joined_by_being_read(story: Story) -> None:
    story.vips("sara", "ali")
    joined = {"kind": "segment_joined", "segment": "vips", "next": "mark"}
    story.publish(joined, already=False)
    story.work(minutes=1)
    assert story.entered() == []
    story.publish(joined, key="k")
    story.work(minutes=1)
    assert (story.entered(), story.entered("k")) == ([], ["ali", "sara"])
    story.says("sara", tags={"remove": ["vip"]})
    story.work(minutes=1)
    story.vips("sara", "mina")
    assert (story.entered(), story.entered("k")) == (["mina", "sara"], ["ali", "mina", "sara"])


def test_a_segment_that_is_changed_is_read_anew_and_nobody_joins_by_it(story: Story) -> None:
    from safar.journeys.segment_use import put_segment

    story.vips("sara")
    story.says("ali", tags={"add": ["gold"]})
    joined = {"kind": "segment_joined", "segment": "vips", "next": "mark"}
    left = {"kind": "segment_left", "segment": "vips", "next": "mark"}
    story.publish({"in": joined, "out": left}, already=False, reentry="always")
    story.work(minutes=1)
    assert put_segment(story.shop, "vips", {"condition": {"tag": "gold"}, "title": {}})
    story.conn.execute(
        "UPDATE publishing SET at = %s WHERE journey_id IS NULL", (story.now,)
    )  # by the hand-moved clock
    story.work(minutes=1)
    assert story.entered() == []
    story.says("sara", tags={"add": ["gold"]})
    story.says("ali", tags={"remove": ["gold"]})
    story.work(minutes=1)
    assert story.entered() == ["ali", "sara"]
