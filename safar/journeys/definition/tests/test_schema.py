"""The JSON Schema of definitions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from safar.journeys.definition.schema import journey_schema
from safar.journeys.definition.tests.json_schema import refusal
from safar.journeys.definition.tests.test_wrong import changed
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.tests.cases import example_text

SCHEMA = journey_schema()


def test_it_takes_the_printed_example() -> None:
    assert refusal(SCHEMA, load_yaml(example_text()).data) is None


def test_it_is_plain_json_and_every_reference_leads_somewhere() -> None:
    schema = json.loads(json.dumps(SCHEMA))
    assert set(_references(schema)) <= {f"#/$defs/{name}" for name in schema["$defs"]}
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("journey", "Welcome"),
        ("serves", "x"),
        ("strange", 1),
        ("settings/control_group", 101),
        ("settings/reentry", "sometimes"),
        ("start/tagged/kind", "send_email"),
        ("start/tagged/tag", 5),
        ("points/Offer", {"kind": "exit"}),
        ("points/offer/templat", "x"),
        ("points/offer/class", "x"),
        ("points/bought/at_most", "P7"),
        ("points/bought/paths", {"yes": "thanks"}),
        ("points/big_cart/condition", {"tga": "x"}),
        ("points/big_cart/next", "offer"),
        ("points/mark", {"kind": "delay", "until": {"time": "25:00"}}),
        ("points/mark", {"kind": "split", "shares": {"a": "x"}}),
    ],
)
def test_it_refuses_what_an_editor_should_underline(place: str, value: Any) -> None:
    assert refusal(SCHEMA, changed(place, value))
