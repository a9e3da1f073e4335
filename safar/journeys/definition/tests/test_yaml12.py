"""YAML 1.2 core, and the half of YAML that is left out."""

from __future__ import annotations

import math
from typing import Any

import pytest

from safar.journeys.definition.scalars import resolve_plain
from safar.journeys.definition.yaml12 import load_yaml
from safar.lib.faults import Refused


def fault_of(text: str | bytes) -> tuple[str, str, int | None]:
    with pytest.raises(Refused) as refused:
        load_yaml(text)
    (fault,) = refused.value.faults
    return fault.place, fault.message, fault.line


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *[(word, word) for word in ("yes", "no", "on", "off", "Yes", "NO", "y", "n", "nUll", "tRue")],
        *[
            (text, text)
            for text in ("10:00", "1:30:00", "2027-03-21", "2027-03-21T08:00", "2001-12-14t21:59:43.10-05:00")
        ],
        *[(text, text) for text in ("1_000", "0b101", "+", "-", ".", "e5", "0x", "0o", "0o8", "<<", "=", "1e", "۵")],
        *[(text, None) for text in ("", "~", "null", "Null", "NULL")],
        *[(text, True) for text in ("true", "True", "TRUE")],
        *[(text, False) for text in ("false", "False", "FALSE")],
        *[("0o17", 15), ("0x1F", 31), ("017", 17), ("+12", 12), ("-0", 0), ("08", 8)],
        *[
            ("1.5", 1.5),
            (".5", 0.5),
            ("1.", 1.0),
            ("1e3", 1000.0),
            ("-1.5E-2", -0.015),
            (".inf", math.inf),
            ("-.Inf", -math.inf),
        ],
    ],
)
def test_what_a_plain_word_means(written: str, value: Any) -> None:
    assert resolve_plain(written) == value
    assert type(resolve_plain(written)) is type(value)


def test_quotes_make_text_and_keys_are_text() -> None:
    data = load_yaml("a: '5'\nb: \"true\"\nc: !!str 5\nd: ! 5\n7: x\nyes: y\nnull: z\n").data
    assert data == {"a": "5", "b": "true", "c": "5", "d": "5", "7": "x", "yes": "y", "null": "z"}


def test_json_is_read_too() -> None:
    assert load_yaml('{"a":1,"b":[true,null,"x\\/y"],"c":{"d":1.5}}').data == {
        "a": 1,
        "b": [True, None, "x/y"],
        "c": {"d": 1.5},
    }
    assert load_yaml('\n {"a": "\\ud83d\\ude00"}').data == {"a": "😀"}
    assert load_yaml('{\n\t"a":\t1\n}').data == {"a": 1}
    assert fault_of('{"a": "\\ud83d\\ude00", "a": 1}') == ("", "the key 'a' stands there twice", None)


def test_every_place_has_its_line() -> None:
    loaded = load_yaml("# first\na: 1\nb:\n  c: [x,\n    y]\n  d: {e: 1}\n")
    assert loaded.lines == {"": 2, "a": 2, "b": 3, "b.c": 4, "b.c.0": 4, "b.c.1": 5, "b.d": 6, "b.d.e": 6}
    assert loaded.line_of("b.d.e.f.g") == 6
    assert loaded.line_of("zzz") == 2


WRONG = [
    ("a: 1\nb: 2\na: 3", "a", "the key 'a' stands there twice, first on line 1", 3),
    ("b: {x: 1, x: 2}", "b.x", "the key 'x' stands there twice, first on line 1", 1),
    ("a: &name 1\nb: 2", "a", "anchors (&name) are not part of the language; write it out", 1),
    ("a: 1\nb: *name", "b", "aliases (*name) are not part of the language; write it out", 2),
    ("a: 1\n---\nb: 2", "", "there is a second document after ---; a file holds one", 2),
    ("? [a, b]\n: 1", "", "a key must be text, not a list or a mapping", 1),
    (
        "a: !!python/object:os.system x",
        "a",
        "the tag tag:yaml.org,2002:python/object:os.system is not part of the language",
        1,
    ),
    ("a: !!timestamp 2027-01-01", "a", "the tag tag:yaml.org,2002:timestamp is not part of the language", 1),
    ("a: !mine [1]", "a", "the tag !mine is not part of the language", 1),
    ("a: 1\nb: .inf", "b", "the number is too large or no number at all", 2),
    ("a: .nan", "a", "the number is too large or no number at all", 1),
    ("a: 1e999", "a", "the number is too large or no number at all", 1),
    ("a: 12345678901234567890", "a", "the number is too large", 1),
    ("a: " + "9" * 5000, "a", "the number is too large or no number at all", 1),
    ('a: 1\nb: "x\\0"', "b", "the character U+0000 cannot stand in a text", 2),
    ("a: 1\nb: x\0", "", "the character U+0000 cannot stand in a text", 2),
    ("a: 1\nb: \x1b[31m", "", "the character U+001B cannot stand in a text", 2),
    ("a: \ud800", "", "the character U+D800 cannot stand in a text", 1),
    (b"a: 1\nb: \xff\xfe", "", "the text is not UTF-8", 2),
    ("a: b: c", "", "this is not YAML: mapping values are not allowed in this context", 1),
    ("a: [1, 2", "", "this is not YAML: while parsing a flow sequence did not find expected ',' or ']'", 1),
    ("a: x\n" * 2 + "#" * 1_000_000, "", "the text is longer than 1 MB", None),
    ("ب" * 600_000, "", "the text is longer than 1 MB", None),
    ("[" * 17, "0" + ".0" * 15, "more than 16 levels of nesting", 1),
    (
        "x: " + "k" * 3 + "\n" + "a" * 501 + ": 1",
        "",
        f"a key must not be longer than 500 characters, as '{'a' * 20}…' is",
        1,
    ),
]


@pytest.mark.parametrize(("text", "place", "message", "line"), WRONG, ids=range(len(WRONG)))
def test_what_is_refused(text: str | bytes, place: str, message: str, line: int | None) -> None:
    assert fault_of(text) == (place, message, line)


def test_sixteen_levels_are_allowed() -> None:
    assert load_yaml("[" * 16 + "]" * 16).data == [[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]


@pytest.mark.parametrize("text", ["[" * 900_000, "{a: " * 200_000, "- " * 400_000, '{"a":' * 200_000, "? " * 400_000])
def test_a_bottomless_text_is_refused_and_not_followed(text: str) -> None:
    with pytest.raises(Refused):
        load_yaml(text)


def test_a_billion_laughs_are_none() -> None:
    lines = ["a0: &a0 [lol, lol]"] + [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 30)]
    assert "anchors" in fault_of("\n".join(lines))[1]
