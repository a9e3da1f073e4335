"""The journeys and segments are sound, agree with the shops, and walk: no path of any point stays empty."""

from __future__ import annotations

import msgspec
import pytest

from safar.demo.reactions import CONTROL
from safar.demo.setting_up import JOURNEYS, journey_file, read_templates, segments_file
from safar.demo.shop import build_towns
from safar.demo.shops import SHARES
from safar.demo.tests.conftest import NOW
from safar.journeys.backtest.run import Setting, backtest, read_yaml_files
from safar.journeys.definition.model import Definition
from safar.journeys.kinds import End

pytestmark = pytest.mark.parametrize("slug", SHARES)
PEOPLE = 4_000  # in both shops: enough for every path, and a minute on a slow machine
# Ways that few take: with so few people nobody may have come by.
SELDOM = {("ask-review", "stars", "else"), ("ask-review", "stars", "unhappy")}


def definitions(slug: str) -> list[Definition]:
    return read_yaml_files([journey_file(slug, key) for key in JOURNEYS], segments_file(slug))[0]


def test_the_five_are_there_and_sound(slug: str) -> None:
    found = definitions(slug)
    assert tuple(definition.key for definition in found) == JOURNEYS
    for definition in found:
        assert set(definition.title) == {"en", "fa"}
        assert definition.serves


def test_control_groups_are_those_the_shop_reacts_by(slug: str) -> None:
    said = {d.key: d.settings.control_group for d in definitions(slug) if d.settings.control_group}
    assert said == CONTROL


def test_every_template_that_is_named_is_there_and_the_other_way_round(slug: str) -> None:
    named = set()
    for definition in definitions(slug):
        for point in definition.points:
            if "template" in point.params:
                named.add(point.params["template"])
                channel = read_templates(slug)[point.params["template"]]["channel"]
                assert point.kind.key == f"send_{channel}"
    assert named == set(read_templates(slug))


def test_every_path_is_taken(slug: str, server_url: str) -> None:
    town = next(town for town in build_towns(PEOPLE, NOW) if town.shop.slug == slug)
    drafts, conditions = read_yaml_files([journey_file(slug, key) for key in JOURNEYS], segments_file(slug))
    lines = (msgspec.json.encode(message) for message in town.messages())
    shop = town.shop
    with backtest(server_url, drafts, conditions, lines, Setting(shop.zone, shop.calendar, shop.currency), NOW) as done:
        for definition in drafts:
            figures = done.figures[definition.key]
            empty = [start.key for start in definition.starts if not figures.entered[start.key]]
            for point in definition.points:
                passed = figures.points[point.key]
                empty += [
                    f"{point.key}.{path}"
                    for path in ([] if isinstance(point.kind, End) else point.paths)
                    if not passed.paths[path] and (definition.key, point.key, path) not in SELDOM
                ]
            assert not empty, definition.key
            if definition.settings.goal is not None:
                assert figures.goals
                assert figures.money > 0
