"""JSON from outside: what is refused, with its place; and PostgreSQL takes whatever is not."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safar.events.reading import check_value, read_json
from safar.lib.faults import Faults, Refused

DEEP = b'{"a": ' * 15 + b"[%s]" + b"}" * 15


def refused(data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as caught:
        read_json(data)
    return [(fault.place, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        (rb'{"a": {"b": "x\u0000y"}}', "a.b", "NUL"),
        (rb'{"a": [1, "\u0000"]}', "a.1", "NUL"),
        (rb'{"a\u0000": 1}', "", "a key that has a NUL"),
        (rb'{"a": "\ud800"}', "", ""),
        (rb'{"a": "\udc00 and more"}', "", "surrogate"),
        (b'{"a": "\xed\xa0\x80"}', "", "UTF-8"),
        (b'{"a": "\xff"}', "", "UTF-8"),
        (b'{"a": NaN}', "", "malformed"),
        (b'{"a": Infinity}', "", "malformed"),
        (b'{"a": 1e999}', "", "out of range"),
        (b'{"a": 1e131073}', "", "out of range"),
        (b'{"a": ' + b"9" * 5000 + b"}", "", "out of range"),
        (b'{"a": ' + b"9" * 400 + b"}", "a", "out of range"),
        (b'{"a": 1, "b": {"c": 1, "d": 2, "c": 3}}', "b.c", "twice"),
        (rb'{"a": "\u003a", "b": {"c": 1, "c": 3}}', "b.c", "twice"),
        (rb'{"a": 1, "\u0061": 2}', "a", "twice"),
        (b'{"a": 1, "a": "x:y:z"}', "a", "twice"),
        (b'{"a": "' + b"x" * 8193 + b'"}', "a", "longer than 8192 bytes"),
        (b'{"a": "' + "ی".encode() * 4097 + b'"}', "a", "longer than 8192 bytes"),
        (b'{"' + b"k" * 129 + b'": 1}', "", "a key longer than 128"),
        (DEEP % b"[]", "a" + ".a" * 14 + ".0", "nested deeper than 16"),
        (b"[" * 100_000 + b"]" * 100_000, "", "nested deeper"),
        (b"", "", ""),
        (b"{", "", ""),
        (b'{"a": 1} x', "", "malformed"),
        (b"{'a': 1}", "", "malformed"),
        (b'\xef\xbb\xbf{"a": 1}', "", "malformed"),
    ],
)
def test_what_is_refused(data, place, message):
    faults = refused(data)
    assert faults[0][0] == place
    assert message in faults[0][1]


@pytest.mark.parametrize(
    "data",
    [
        DEEP % b"1",
        b'{"' + b"k" * 128 + b'": "' + b"x" * 8192 + b'"}',
        rb'{"a": "\\u0000 \u003a : \ud83d\ude00 \" \n"}',
        b'{"a": 1e308, "b": -1e-400, "c": ' + b"9" * 308 + b', "d": 1.7976931348623157e308, "e": -0.0}',
        b'{"a:b": ":::", "c": [":", {"d": ":"}]}',
        '{"نام": "سارا"}'.encode(),
        b"5",
        b"null",
    ],
)
def test_what_is_read(data):
    assert read_json(data) == json.loads(data)


def test_all_faults_at_once():
    places = [place for place, _ in refused(rb'{"a": "\u0000", "b": {"c": 1, "c": 2}, "d": ["%s"]}' % (b"x" * 9000))]
    assert places == ["a", "d.0", "b.c"]


def test_values_that_came_otherwise():
    faults = Faults()
    check_value({"a": float("nan"), "b": float("inf"), "c": "\ud800", "d": 10**400, "e": object(), 5: 1}, faults)
    assert [fault.place for fault in faults] == ["a", "b", "c", "d", "e", ""]


PIECES = r"""{ } [ ] : , " \ \u0000 \u003a \ud800 \udc00 \u00e9 1e309 1e131073 - 0 1 .5 e+ null true NaN a سارا 😀 "a": "a":1,"""
pieces = st.sampled_from([*PIECES.split(), " ", "\n", "\t"])
nasty = st.lists(pieces, max_size=30).map("".join).map(str.encode)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("\0") | st.just(":"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=15,
)
texts = values.map(json.dumps).map(str.encode) | nasty | st.binary(max_size=200)


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=texts)
def test_postgresql_takes_what_we_take(conn, data):
    try:
        value: Any = read_json(data)
    except Refused as refusal:
        told = [str(fault) for fault in refusal.faults]
    else:
        told = ["nothing"]
        see_that_postgresql_takes_it(conn, data, value)
    assert all(told)


def see_that_postgresql_takes_it(conn, data: bytes, value: Any) -> None:
    doubled: list[bool] = []
    json.loads(data, object_pairs_hook=lambda pairs: doubled.append(len({k for k, _ in pairs}) < len(pairs)))
    assert not any(doubled)
    conn.execute("SELECT %s::jsonb", (msgspec.json.encode(value).decode(),))
