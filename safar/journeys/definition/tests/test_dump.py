"""What is written out is read back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safar.journeys.definition.dump import dump_yaml, flow_yaml
from safar.journeys.definition.parse import parse_definition
from safar.journeys.definition.plain import check_plain
from safar.journeys.definition.yaml12 import load_yaml
from safar.journeys.tests.cases import example_text, welcome
from safar.lib.faults import Faults

AWKWARD = [
    *["yes", "no", "~", "null", "0o7", "1e3", "10:00", "2027-01-01", "#", "'", '"', "{", "}", "[", "]", ",", "?", "!"],
    *["&", "*", "%", "@", "|", ">", "-", "---", "...", ":", "a:", ":a", "a:b", "<<", "=", "-1", "1_000", "0x", "true"],
    *[
        "",
        " ",
        "- a",
        "a: b",
        "a #b",
        "\n",
        "a\nb",
        "a\nb\n",
        "a\n\n b\n",
        " a",
        "a ",
        "a\tb",
        "می‌خرم",
        "\u2028",
        "\x85",
    ],
    *["\x7f", "a\nb \nc", "a\n\n", "\ufeff", "😀", "a\r\nb", "\ta\nb", "#a\nb", "a\n#b", "---\na", "a\n---\nb", "|\na"],
]

texts = st.text(max_size=30) | st.sampled_from(AWKWARD)
numbers = st.integers(-(10**18), 10**18) | st.floats(-1e300, 1e300)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=15,
)


@settings(max_examples=500, deadline=None)
@given(st.dictionaries(st.sampled_from(["settings", "start", "points", "journey"]) | texts, values, max_size=5))
def test_all_plain_data_comes_back_in_its_order(data: dict[str, Any]) -> None:
    faults = Faults()
    check_plain(data, faults)
    if not faults:
        assert repr(load_yaml(dump_yaml(data)).data) == repr(data)


def test_the_example_comes_back_and_reads_well() -> None:
    text = dump_yaml(welcome())
    assert parse_definition(text) == welcome()
    assert load_yaml(text).data == load_yaml(example_text()).data
    assert "  greet: {kind: send_email, template: welcome-1, next: bought}\n" in text
    assert "    paths: {yes: call, no: offer}\n" in text
    assert "title: {en: Welcome new contacts, fa: خوش‌آمدگویی}\n" in text
    assert max(map(len, text.splitlines())) <= 116


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("10:00", "10:00"),
        ("no", "no"),
        ("5", '"5"'),
        ("", '""'),
        ("a, b", '"a, b"'),
        ("خرید کرد", "خرید کرد"),
        ("x: y", '"x: y"'),
        (None, "null"),
        ({"a": [1, "b"], "c": {}}, "{a: [1, b], c: {}}"),
    ],
)
def test_values_on_one_line(value: Any, text: str) -> None:
    assert flow_yaml(value) == text


def test_texts_of_several_lines_stand_as_they_are() -> None:
    data = {"points": {"call": {"kind": "notify_team", "text": "سلام\n\n  تماس بگیرید\n"}}, "x": "a\nb"}
    text = dump_yaml(data)
    assert "    text: |\n      سلام\n\n        تماس بگیرید\n" in text
    assert text.endswith("x: |-\n  a\n  b\n")
    assert load_yaml(text).data == data
