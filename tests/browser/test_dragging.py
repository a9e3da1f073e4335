"""Points dragged on the map in a real browser: from the list beside it, from one path to another, in both directions of reading."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from safar.console.templatetags.assets import built
from tests.browser.conftest import Seen
from tests.browser.test_map import draft_of, open_map, saved
from tests.browser.test_pages import serious_faults

pytestmark = [
    pytest.mark.usefixtures("database_url"),
    pytest.mark.skipif(not built(), reason="the assets are not built (make assets; it needs Node 20)"),
]
Opens = Callable[..., Seen]
LISTED = {"en": "Points", "fa": "نقطه‌ها"}


def middle(page: Any, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def pick_up(page: Any, selector: str) -> None:
    page.locator(selector).scroll_into_view_if_needed()
    x, y = middle(page, selector)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 10, steps=3)
    page.locator(".ghost").wait_for()


def carry_to(page: Any, gap: str) -> None:
    page.mouse.move(*middle(page, f'.path-plus[data-gap="{gap}"]'), steps=8)


def let_go_over(page: Any, gap: str) -> None:
    carry_to(page, gap)
    page.locator(f'.path-plus-over[data-gap="{gap}"]').wait_for()
    page.mouse.up()
    page.locator(".ghost").wait_for(state="detached")
    saved(page)


def waits_for(shop: Any, page: Any, holds: Callable[[Any], bool]) -> Any:
    """The draft as it is kept, once it holds: saving takes a moment."""
    for _ in range(100):
        if holds(draft := draft_of(shop)):
            return draft
        page.wait_for_timeout(50)
    raise AssertionError(draft_of(shop))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_new_point_is_dragged_into_a_path(opens: Opens, shop: Any, sara: Any, language: str) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    seen = opens(sara, language=language)
    page = open_map(seen, shop)
    page.locator(".toolbar button", has_text=LISTED[language]).click()
    assert not serious_faults(page)
    pick_up(page, '[data-lifts="delay"]')
    page.locator(".path-plus-here").nth(2).wait_for()
    let_go_over(page, "points.greet next")
    page.locator('.point-selected[data-ref="points.delay"]').wait_for()
    points = waits_for(shop, page, lambda draft: "delay" in draft["points"])["points"]
    assert (points["greet"]["next"], points["delay"]["next"]) == ("delay", "bought")
    page.keyboard.press("Control+z")
    page.locator('[data-ref="points.delay"]').wait_for(state="detached")
    waits_for(shop, page, lambda draft: draft["points"]["greet"]["next"] == "bought")
    assert seen.complaints == []


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_point_is_dragged_to_another_path(opens: Opens, shop: Any, sara: Any, language: str) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    seen = opens(sara, language=language)
    page = open_map(seen, shop)
    pick_up(page, '.point[data-ref="points.thanks"]')
    let_go_over(page, "start.seen next")
    draft = waits_for(shop, page, lambda draft: draft["start"]["seen"]["next"] == "thanks")
    assert draft["points"]["thanks"]["next"] == "greet"
    assert draft["points"]["bought"]["paths"]["happened"] is None
    expect(page.locator(".panel")).to_have_count(0)  # letting go is no press
    assert seen.complaints == []


def test_a_branch_is_dragged_whole_and_not_into_itself(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    page = open_map(opens(sara), shop)
    pick_up(page, '.point[data-ref="points.split"]')
    expect(page.locator('.path-plus[data-gap="points.split b"]')).to_be_disabled()
    expect(page.locator('.path-plus[data-gap="points.bought timed_out"]')).to_be_disabled()  # it stands there
    let_go_over(page, "points.thanks next")
    draft = waits_for(shop, page, lambda draft: draft["points"]["thanks"].get("next") == "split")
    assert draft["points"]["split"]["paths"]["a"] == "bye"
    assert draft["points"]["bought"]["paths"]["timed_out"] is None


def test_what_is_let_go_elsewhere_or_with_escape_stays(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    before = draft_of(shop)
    page = open_map(opens(sara), shop)
    pick_up(page, '.point[data-ref="points.thanks"]')
    carry_to(page, "points.greet next")
    page.keyboard.press("Escape")
    page.locator(".ghost").wait_for(state="detached")
    page.mouse.up()
    box = page.locator(".canvas").bounding_box()
    pick_up(page, '.point[data-ref="points.thanks"]')
    page.mouse.move(box["x"] + 200, box["y"] + box["height"] - 100, steps=5)
    page.mouse.up()
    page.locator(".ghost").wait_for(state="detached")
    saved(page)
    assert draft_of(shop) == before


def test_the_list_works_by_the_keyboard_alone(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.console.journeys.tests.road import draw

    draw(shop)
    page = open_map(opens(sara), shop)
    page.locator(".toolbar button", has_text="Points").focus()
    page.keyboard.press("Enter")
    page.locator('[data-lifts="add_tag"]').focus()
    page.keyboard.press("Enter")
    page.locator(".map-notice", has_text="Add a tag").wait_for()
    page.locator('.path-plus[data-gap="points.greet next"]').focus()
    page.keyboard.press("Enter")
    page.locator('.point[data-ref="points.add_tag"]').wait_for()
    draft = waits_for(shop, page, lambda draft: "add_tag" in draft["points"])
    assert draft["points"]["greet"]["next"] == "add_tag"
    expect(page.locator(".map-notice")).to_have_count(0)


def test_the_map_moves_on_under_what_is_dragged_to_its_edge(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.journeys.drafts import make_journey

    points = {f"p{n}": {"kind": "add_tag", "tag": f"t{n}", "next": f"p{n + 1}"} for n in range(199)}
    points["p199"] = {"kind": "add_tag", "tag": "t199"}
    start = {"seen": {"kind": "event", "event": "Shop Opened", "next": "p0"}}
    make_journey(shop, {"title": "long", "start": start, "points": points}, key="welcome", by="sara")
    page = open_map(opens(sara), shop)
    page.locator('.point[data-ref="points.p0"]').wait_for()
    assert page.locator('.point[data-ref="points.p20"]').count() == 0
    pick_up(page, '.point[data-ref="points.p0"]')
    box = page.locator(".canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 20, steps=4)
    page.locator('.path-plus[data-gap="points.p20 next"]').wait_for()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    gap = page.locator(".path-plus-over").get_attribute("data-gap")
    page.mouse.up()
    before = gap.split(".")[1].split(" ")[0]
    waits_for(shop, page, lambda draft: draft["points"][before]["next"] == "p0")
