"""The map as a marketer works on it, in a real browser: drawing, faults, living figures, two at once, both directions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from safar.console.templatetags.assets import built
from tests.browser.conftest import PHONE, Seen, member

pytestmark = [
    pytest.mark.usefixtures("database_url"),
    pytest.mark.skipif(not built(), reason="the assets are not built (make assets; it needs Node 20)"),
]
Opens = Callable[..., Seen]
SAVED = '[data-saving="saved"]'


def open_map(seen: Seen, shop: Any, key: str = "welcome") -> Any:
    page = seen.go(f"/w/{shop.slug}/journeys/{key}/")
    page.locator(".map").wait_for()
    return page


def draft_of(shop: Any, key: str = "welcome") -> Any:
    from safar.journeys.models import Journey

    return json.loads(Journey.objects.get(workspace=shop, key=key).draft)


def saved(page: Any) -> None:
    page.locator(SAVED).wait_for()


def put_in(page: Any, gap: str, kind: str) -> None:
    """The "+" of a path, then a kind from the catalogue. A map that is just drawn anew may take the "+" from under the pointer once."""
    choice = page.locator(f'dialog [data-kind="{kind}"]')
    page.locator(f'.path-plus[data-gap="{gap}"]').click()
    if not appears(choice):
        page.locator(f'.path-plus[data-gap="{gap}"]').click()
    choice.click()


def appears(locator: Any) -> bool:
    from playwright.sync_api import TimeoutError

    try:
        locator.first.wait_for(timeout=6000)
    except TimeoutError:
        return False
    return True


def test_every_kind_of_point_is_drawn_and_has_its_form(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.journeys.drafts import EMPTY, make_journey
    from safar.journeys.registry import points, starting_points

    make_journey(shop, EMPTY, key="welcome", by="sara")
    seen = opens(sara)
    page = open_map(seen, shop)
    for kind in starting_points().values():
        page.locator("button", has_text=re.compile("Add a starting point")).click()
        page.locator(f'dialog [data-kind="{kind.key}"]').click()
        node = page.locator(f'.point[data-ref="start.{kind.key}"]')
        node.wait_for()
        expect(node).to_contain_text(kind.label["en"])
        expect(page.locator(".panel h2")).to_have_text(kind.label["en"])
        for parameter in kind.parameters:
            expect(page.locator(".panel-form").get_by_text(parameter.label["en"]).first).to_be_attached()
        page.locator(".toolbar [aria-label=Undo]").click()
        node.wait_for(state="detached")
    page.locator("button", has_text=re.compile("Add a starting point")).click()
    page.locator('dialog [data-kind="ordered"]').click()
    for kind in points().values():
        put_in(page, "start.ordered next", kind.key) if kind.paths(dict(kind.example)) else None
        if not kind.paths(dict(kind.example)):
            continue
        node = page.locator(f'.point[data-ref="points.{kind.key}"]')
        node.wait_for()
        expect(page.locator(".panel h2")).to_have_text(kind.label["en"])
        for parameter in kind.parameters:
            expect(page.locator(".panel-form").get_by_text(parameter.label["en"]).first).to_be_attached()
    saved(page)
    drawn = draft_of(shop)["points"]
    assert {point["kind"] for point in drawn.values()} == {k.key for k in points().values() if k.paths(dict(k.example))}
    assert seen.complaints == []


def test_what_ends_a_journey_stands_at_an_end_only(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    page = open_map(opens(sara), shop)
    page.locator('.path-plus[data-gap="points.greet next"]').click()
    expect(page.locator('dialog [data-kind="exit"]')).to_be_disabled()
    page.keyboard.press("Escape")
    put_in(page, "points.thanks next", "exit")
    page.locator('.point[data-ref="points.exit"]').wait_for()
    saved(page)
    assert draft_of(shop)["points"]["thanks"]["next"] == "exit"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_fault_is_shown_and_mended(opens: Opens, shop: Any, sara: Any, language: str) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    seen = opens(sara, language=language)
    page = open_map(seen, shop)
    put_in(page, "points.thanks next", "send_email")
    node = page.locator('.point[data-ref="points.send_email"]')
    node.locator(".point-faults").wait_for()
    fault = page.locator(".panel .field-fault").first
    expect(fault).to_have_text({"en": "is missing", "fa": "این هنوز تعیین نشده است."}[language])
    page.locator(".panel-form select").first.select_option("hello")
    node.locator(".point-faults").wait_for(state="detached")
    saved(page)
    assert draft_of(shop)["points"]["send_email"] == {"kind": "send_email", "template": "hello"}
    assert seen.complaints == []


def test_a_figure_moves_while_one_looks(opens: Opens, shop: Any, sara: Any, conn: psycopg.Connection[Any]) -> None:
    from safar.console.journeys.tests.road import go_live, happens

    go_live(conn, shop)
    happens(conn, shop, "kaveh", "Shop Opened")
    seen = opens(sara, language="fa")
    page = open_map(seen, shop)
    standing = page.locator('.point[data-ref="points.bought"] .figure-strong')
    expect(standing).to_have_text(re.compile(r"۱\s*$"))
    happens(conn, shop, "laleh", "Shop Opened")
    page.locator('.point[data-ref="points.bought"] .figure-strong', has_text="۲").wait_for()
    assert seen.complaints == []


def test_two_at_once_lose_nothing(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    ali = member(shop, "ali")
    one, two = open_map(opens(sara), shop), open_map(opens(ali), shop)
    # Ali is away for a moment: what Sara saves does not reach him before he saves himself.
    two.route("**/figures.json", lambda route: route.abort())
    put_in(one, "points.thanks next", "add_tag")
    one.locator(".panel-form input").first.fill("gold")
    saved(one)
    put_in(two, "points.split b", "delay")
    dialog = two.locator("dialog", has_text="Two people at once")
    expect(dialog).to_contain_text(f"sara@{shop.slug}.example")
    expect(dialog).to_contain_text(re.compile("gold|add_tag"))
    dialog.locator("button", has_text="Put both together").click()
    saved(two)
    points = draft_of(shop)["points"]
    assert points["add_tag"]["tag"] == "gold"
    assert points["split"]["paths"]["b"] == "delay"
    # Sara has nothing open, so his work comes to her by itself.
    one.locator(".map-notice", has_text=f"ali@{shop.slug}.example").wait_for()
    one.locator(".canvas-zoom [aria-label='Show everything']").click()
    one.locator('.point[data-ref="points.delay"]').wait_for()


def test_by_the_keyboard_alone(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    page = open_map(opens(sara), shop)
    page.locator('.point[data-ref="points.greet"]').wait_for()
    page.locator(".canvas").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.locator('.point-selected[data-ref="points.greet"]').wait_for()
    page.keyboard.press("Enter")
    page.locator(".panel").wait_for()
    page.locator(".canvas").focus()
    page.keyboard.press("Delete")
    page.locator('.point[data-ref="points.greet"]').wait_for(state="detached")
    page.keyboard.press("Control+z")
    page.locator('.point[data-ref="points.greet"]').wait_for()
    page.keyboard.press("Control+Shift+z")
    page.locator('.point[data-ref="points.greet"]').wait_for(state="detached")
    saved(page)
    assert draft_of(shop)["start"]["seen"]["next"] == "bought"


def test_move_copy_and_delete_with_its_branch(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    page = open_map(opens(sara), shop)
    page.locator('.point[data-ref="points.greet"]').click()
    page.locator(".panel-buttons button", has_text="Copy").click()
    page.locator('.path-plus[data-gap="points.thanks next"]').click()
    page.locator('.point[data-ref="points.greet-2"]').wait_for()
    page.keyboard.press("Escape")
    page.locator('.point[data-ref="points.bought"]').click()
    page.locator(".panel-buttons button", has_text="Delete").click()
    page.locator("dialog button", has_text=re.compile(r"with its branch \(5 points\)")).click()
    page.locator('.point[data-ref="points.split"]').wait_for(state="detached")
    saved(page)
    assert list(draft_of(shop)["points"]) == ["greet"]


def test_the_first_branch_stands_where_one_begins_to_read(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)

    def left_of(language: str) -> bool:
        page = open_map(opens(sara, language=language), shop)
        boxes = [page.locator(f'.point[data-ref="points.{key}"]').bounding_box() for key in ("thanks", "split")]
        return bool(boxes[0]["x"] < boxes[1]["x"])

    assert left_of("en")
    assert not left_of("fa")


def test_conditions_are_built_inside_one_another(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    page = open_map(opens(sara), shop)
    put_in(page, "points.thanks next", "if_else")
    form = page.locator(".panel-form")
    form.get_by_label("Kind of condition").first.select_option("all")
    form.locator("button", has_text="Add a condition").click()
    form.get_by_label("Kind of condition").nth(1).select_option("tag")
    form.get_by_label(re.compile("^Tag: which")).fill("vip")
    form.locator(".condition-parts > .btn", has_text="Add a condition").click()
    form.get_by_label("Kind of condition").nth(2).select_option("fact")
    page.locator('.point[data-ref="points.if_else"] .point-faults').wait_for(state="detached")
    saved(page)
    assert draft_of(shop)["points"]["if_else"]["condition"] == {"all": [{"tag": "vip"}, {"fact": "orders", "is": 0}]}


def test_the_text_is_one_click_away(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    page = open_map(opens(sara), shop)
    page.locator(".toolbar button", has_text="Text").click()
    box = page.locator("dialog textarea")
    expect(box).to_have_value(re.compile("^journey: welcome"))
    box.fill("journey: welcome\nstart: [\n")
    page.locator("dialog button", has_text="Use this text").click()
    page.locator("dialog .alert-danger").wait_for()
    box.fill(
        "journey: welcome\nstart: {seen: {kind: event, event: X, next: mark}}\npoints: {mark: {kind: add_tag, tag: a}}\n"
    )
    page.locator("dialog button", has_text="Use this text").click()
    page.locator('.point[data-ref="points.mark"]').wait_for()
    saved(page)
    page.locator(".toolbar [aria-label=Undo]").click()
    page.locator('.point[data-ref="points.greet"]').wait_for()


def test_publishing_says_what_changes(opens: Opens, shop: Any, sara: Any, conn: psycopg.Connection[Any]) -> None:
    from safar.console.journeys.tests.road import go_live, happens
    from safar.journeys.models import Version

    go_live(conn, shop)
    happens(conn, shop, "kaveh", "Shop Opened")
    seen = opens(sara)
    page = open_map(seen, shop)
    page.locator('.point[data-ref="points.thanks"]').click()
    page.locator(".panel-form input").first.fill("gold")
    page.locator(".toolbar button", has_text="Publish").click()
    dialog = page.locator("dialog", has_text="Publish version 2")
    expect(dialog).to_contain_text("“adds the tag “vip”” becomes “adds the tag “gold””")
    expect(dialog).to_contain_text("On the road now: 1")
    dialog.locator("button", has_text="Show on the map").click()
    page.locator('.point-changed[data-ref="points.thanks"]').wait_for()
    page.locator(".toolbar button", has_text="Publish").click()
    page.locator("dialog button", has_text=re.compile("^Publish$")).click()
    page.locator(".toolbar-text", has_text="Version 2").wait_for()
    assert Version.objects.get(journey__workspace=shop, live=True).number == 2
    assert seen.complaints == []


def test_on_a_phone_the_map_is_a_list(opens: Opens, shop: Any, sara: Any, conn: psycopg.Connection[Any]) -> None:
    from safar.console.journeys.tests.road import go_live, happens

    go_live(conn, shop)
    happens(conn, shop, "kaveh", "Shop Opened")
    seen = opens(sara, language="fa", width=PHONE)
    page = open_map(seen, shop)
    expect(page.locator(".phone-list .point")).to_have_count(7)
    page.locator('.phone-point:has([data-ref="points.bought"])').click()
    page.locator(".phone-list .figures").wait_for()
    expect(page.locator(".path-plus")).to_have_count(0)
    assert seen.too_wide() <= 0
    page.locator(".dropdown button", has_text="بیشتر").click()
    page.locator("button", has_text="توقف").click()
    page.locator(".state-paused").wait_for()


def test_two_hundred_points_stay_fluid(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.journeys.drafts import make_journey

    points: dict[str, Any] = {}
    for n in range(66):
        points[f"ask-{n}"] = {
            "kind": "if_else",
            "condition": {"tag": "a"},
            "paths": {"yes": f"mark-{n}", "no": f"rest-{n}"},
        }
        points[f"mark-{n}"] = {"kind": "add_tag", "tag": "b"}
        points[f"rest-{n}"] = {"kind": "delay", "for": "P1D", "next": f"ask-{n + 1}" if n < 65 else None}
    draft = {"start": {"came": {"kind": "ordered", "next": "ask-0"}}, "points": points}
    make_journey(shop, draft, key="welcome", by="sara")
    page = open_map(opens(sara), shop)
    page.locator(".point").first.wait_for()
    assert page.locator(".point").count() < 40  # of 199: only what is in sight is drawn
    box = page.locator(".canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.evaluate(
        "window.frames_ = []; let last = performance.now();"
        " const count = now => { window.frames_.push(now - last); last = now; requestAnimationFrame(count) };"
        " requestAnimationFrame(count)"
    )
    for _ in range(30):
        page.mouse.wheel(0, 240)
        page.wait_for_timeout(16)
    slow = page.evaluate("window.frames_.filter(each => each > 250).length")
    assert slow <= 2, page.evaluate("window.frames_")
    page.locator(".canvas-zoom [aria-label='Show everything']").click()
    put_in(page, "start.came next", "add_note")
    page.locator('.point[data-ref="points.add_note"]').wait_for()
