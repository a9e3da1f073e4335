"""Figures that live on the map, and the people behind them."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from safar.accounts.models import Membership, Workspace
from safar.console.conftest import Browser
from safar.console.journeys.tests.road import draw, go_live, happens
from safar.journeys.reckoning import kept

pytestmark = pytest.mark.usefixtures("database_url", "fresh_figures")


def figures(shop: Workspace) -> str:
    return f"/w/{shop.slug}/journeys/welcome/figures.json"


@pytest.fixture
def road(conn: psycopg.Connection[Any], shop: Workspace) -> Workspace:
    """Three came in; one took the gift."""
    go_live(conn, shop)
    for user in ("kaveh", "laleh", "nima"):
        happens(conn, shop, user, "Shop Opened")
    happens(conn, shop, "laleh", "Gift Taken")
    return shop


def test_before_it_is_published_there_are_no_figures(shop: Workspace, mina: Membership, browser: Browser) -> None:
    draw(shop)
    found = browser(mina).get(figures(shop)).json()
    assert (found["version"], found["revision"], found["state"]) == (None, 1, "draft")
    assert "points" not in found


def test_the_figures_of_every_point(road: Workspace, mina: Membership, browser: Browser) -> None:
    found = browser(mina).get(figures(road)).json()
    assert (found["entered"], found["standing"], found["by_starting_point"]) == (3, 2, {"seen": 3})
    bought = found["points"]["bought"]
    assert (bought["entered"], bought["standing"], bought["paths"]) == (3, 2, {"happened": 1})
    assert bought["oldest"] < bought["due"]
    assert found["closes"] is True
    assert found["other_versions"] == {}


def test_what_has_no_source_is_unknown_and_never_nothing(road: Workspace, mina: Membership, browser: Browser) -> None:
    messages = browser(mina).get(figures(road)).json()["points"]["greet"]["messages"]
    assert (messages["sent"], messages["waiting"]) == (0, 3)
    assert messages["delivered"] is None
    assert messages["opened"] is None
    assert messages["clicked"] is None


def test_what_waits_for_the_sms_budget_is_told_apart(
    road: Workspace, mina: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    conn.execute(
        "UPDATE outbox SET waits_for = 'budget' WHERE workspace_id = %s AND id = (SELECT min(id) FROM outbox WHERE workspace_id = %s)",
        (road.pk, road.pk),
    )
    messages = browser(mina).get(figures(road)).json()["points"]["greet"]["messages"]
    assert (messages["waiting"], messages["over_budget"]) == (3, 1)


def test_why_a_message_was_not_sent_is_told(
    road: Workspace, mina: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, point_key, kind,"
        " channel, class, state, reason, decided_at) SELECT bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos,"
        " point, effect ->> 'point', kind, channel, 'marketing', 'skipped', 'no_consent', decided_at FROM outbox WHERE workspace_id = %s",
        (road.pk,),
    )
    conn.execute("DELETE FROM outbox WHERE workspace_id = %s", (road.pk,))
    messages = browser(mina).get(figures(road)).json()["points"]["greet"]["messages"]
    assert (messages["skipped"], messages["waiting"]) == ({"no_consent": 3}, 0)


def test_whoever_looks_again_is_told_only_what_is_new(
    road: Workspace, mina: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    client = browser(mina)
    tag = client.get(figures(road)).headers["ETag"]
    again = client.get(figures(road), headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    happens(conn, road, "nima", "Gift Taken")
    changed = client.get(figures(road), headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed.json()["points"]["bought"]["paths"] == {"happened": 2}


def test_people_behind_a_figure(road: Workspace, mina: Membership, browser: Browser) -> None:
    page = f"/w/{road.slug}/journeys/welcome/people/"
    client = browser(mina)

    def names(**asked: str) -> set[str]:
        said = client.get(page, asked).content.decode()
        return {name for name in ("kaveh", "laleh", "nima") if name in said}

    assert names(point="points.bought", figure="standing") == {"kaveh", "nima"}
    assert names(point="points.bought", figure="path", name="happened") == {"laleh"}
    assert names(point="points.greet", figure="entered") == {"kaveh", "laleh", "nima"}
    assert names(point="start.seen", figure="entered") == {"kaveh", "laleh", "nima"}
    assert names(point="start.tagged", figure="entered") == set()
    assert names(point="points.bye", figure="left", name="not interested") == set()
    said = browser(mina, language="fa").get(page, {"point": "points.bought", "figure": "path", "name": "happened"})
    assert "منتظر Gift Taken" in said.content.decode()  # the point's line and not its key
    assert '<bdi dir="rtl">' in said.content.decode()
    assert "رخ داد" in said.content.decode()
    for wrong in ({"point": "points.none"}, {"point": "points.greet", "figure": "loved"}, {"point": "x", "after": "y"}):
        assert client.get(page, wrong).status_code == 404


def test_why_somebody_left_is_said_in_words(
    road: Workspace, mina: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    happens(conn, road, "kaveh", "Order Completed", order_id="o-1", total=10)
    asked = {"point": "points.bought", "figure": "left", "name": "goal"}
    said = browser(mina).get(f"/w/{road.slug}/journeys/welcome/people/", asked).content.decode()
    assert "kaveh" in said
    assert said.count("reached the goal") == 2  # beside the point, and beside the person


def test_people_come_in_pages(road: Workspace, conn: psycopg.Connection[Any]) -> None:
    from safar.journeys.living import shown_version
    from safar.journeys.models import Version
    from safar.journeys.travellers import list_travellers

    shown = shown_version(road, Version.objects.get(journey__workspace=road))
    seen: list[str] = []
    after = ""
    while True:
        page = list_travellers(conn, shown, point="points.greet", figure="entered", after=after, size=2)
        seen += [each.known_as for each in page.people]
        after = page.after
        if not after:
            break
    assert sorted(seen) == ["kaveh", "laleh", "nima"]


def test_the_list_shows_who_is_on_the_road(road: Workspace, mina: Membership, browser: Browser) -> None:
    said = browser(mina, language="fa").get(f"/w/{road.slug}/journeys/").content.decode()
    assert "خوش‌آمد" in said
    assert '<span class="num">۲</span>' in said  # on the road
    assert '<span class="num">۳</span>' in said  # entered
    assert "توقف" not in said  # a viewer pauses nothing


def test_the_page_costs_few_queries(
    road: Workspace, mina: Membership, browser: Browser, django_assert_few: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_reckoned", "_stays"):  # what is dear is read elsewhere
        monkeypatch.setattr(getattr(kept, name), "start", lambda work: None)
    client = browser(mina)
    with django_assert_few(25):
        client.get(f"/w/{road.slug}/journeys/welcome/")
    with django_assert_few(12):
        client.get(f"/w/{road.slug}/journeys/")
    with django_assert_few(10):
        client.get(figures(road))
