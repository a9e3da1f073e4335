"""The page of the language says what the kinds say."""

from __future__ import annotations

import re

from safar.journeys.definition.parse import parse_definition
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.reference import kinds_reference
from safar.journeys.tests.cases import CATALOG, language_page, welcome
from safar.lib.faults import Faults
from safar.segments.catalog import Catalog
from safar.segments.parse import parse_condition


def test_the_tables_of_kinds_are_those_of_the_code() -> None:
    """Mend: python -m safar.journeys.reference, and put what it prints into docs/journeys.md."""
    assert kinds_reference() in language_page()


def test_the_printed_example_is_right() -> None:
    assert welcome().key == "welcome"


def test_every_printed_condition_is_right() -> None:
    block = language_page().partition("## Conditions")[2]
    listed = re.search(r"```yaml\n(.*?)```", block, re.DOTALL)
    assert listed
    catalog = Catalog(segments={"big-spenders": parse_condition({"tag": "x"}, Faults(), Catalog())}, points=("greet",))
    for line in listed[1].splitlines():
        if line.startswith("{"):
            faults = Faults()
            parse_condition(load_yaml(line).data, faults, catalog)
            assert not faults, (line, list(faults))


def test_every_other_definition_on_the_page_is_right() -> None:
    for block in re.findall(r"```yaml\n(journey: .*?)```", language_page(), re.DOTALL):
        parse_definition(block, CATALOG)
