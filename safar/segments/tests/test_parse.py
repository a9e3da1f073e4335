"""What is refused, where, and in which words; what a condition says it reads and uses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safar.lib.faults import Faults
from safar.segments.kinds import condition_kinds
from safar.segments.operators import operators, parse_where
from safar.segments.parse import Catalog, parse_condition
from safar.segments.tests.conftest import condition

KNOWN = Catalog(
    segments={"big-spenders": {"fact": "spent", "at_least": 5}, "broken": {"fact": "spnt", "at_least": 5}},
    points=["greet"],
    templates=["welcome-1"],
    entry=True,
    since=("entry", "arrival"),
)


def refused(data: object, catalog: Catalog = KNOWN) -> list[str]:
    faults = Faults("points.x.condition")
    assert parse_condition(data, faults, catalog) is None
    assert faults
    return [str(fault).removeprefix("points.x.condition") for fault in faults]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ({"all": [{"fact": "ordrs", "at_least": 2}]}, ".all.0.fact: there is no fact 'ordrs'; did you mean 'orders'?"),
        ({"tagg": "vip"}, ": there is no kind of condition 'tagg'; did you mean 'tag'?"),
        ({}, ": an empty mapping is no condition; it begins with one of all, any, consent"),
        ("vip", ": a condition is a mapping such as {tag: vip}, not 'vip'"),
        (None, ": a condition is a mapping such as {tag: vip}, not null"),
        ([{"tag": "vip"}], ": a condition is a mapping such as {tag: vip}, not a list"),
        ({1: 2}, ": a condition's words are text, not 1"),
        ({"tag": "a", "event": "b"}, ": tag and event are several conditions; put them into a list under `all` or `any`"),
        ({"tag": "a", "is": "b"}, ".is: there is no 'is' in this condition; it has tag"),
        ({"tag": ""}, ".tag: a text is needed here; it is empty"),
        ({"tag": ["a"]}, ".tag: a text is needed here, not a list"),
        ({"tag": "a\0"}, ".tag: this text holds NUL or half a surrogate pair, which cannot be kept"),
        ({"tag": "\ud800"}, ".tag: this text holds NUL or half a surrogate pair"),
        ({"tag": "x" * 1001}, ".tag: a text has at most 1000 letters here, this one has 1001"),
        ({"all": []}, ".all: 'all' takes a list of 1 to 200 conditions"),
        ({"any": {"tag": "a"}}, ".any: 'any' takes a list of 1 to 200 conditions, such as [{tag: vip}], not a mapping"),
        ({"all": [{"tag": "a"}], "any": [{"tag": "b"}]}, ": all and any are several conditions"),
        ({"not": [{"tag": "a"}]}, ".not: a condition is a mapping such as {tag: vip}, not a list"),
        ({"trait": "city"}, ": say what must hold for it: one of is, is_not"),
        ({"trait": "city", "iss": "x"}, ".iss: there is no operator 'iss' for a value; did you mean 'is'?"),
        ({"trait": "a..b", "is": "x"}, ".trait: a property's name is needed here, such as category or address.city, not 'a..b'"),
        ({"trait": "a", "is": None}, ".is: a text, a number, true or false is needed here, not null; for what is missing write `exists: false`"),
        ({"trait": "a", "is": [1]}, ".is: a text, a number, true or false is needed here, not a list"),
        ({"trait": "a", "is": float("nan")}, ".is: this number is out of range: nan"),
        ({"trait": "a", "is": 10**200}, ".is: this number is out of range"),
        ({"trait": "a", "in": "x"}, ".in: 'in' takes a list of 1 to 1,000 values"),
        ({"trait": "a", "in": ["x", None]}, ".in.1: a text, a number, true or false is needed here, not null"),
        ({"trait": "a", "at_least": True}, ".at_least: 'at_least' compares numbers or texts, not true"),
        ({"trait": "a", "contains": 5}, ".contains: 'contains' takes some text, not 5"),
        ({"trait": "a", "starts_with": ""}, ".starts_with: 'starts_with' takes some text, not an empty one"),
        ({"trait": "a", "exists": "yes"}, ".exists: 'exists' takes true or false, not 'yes'"),
        ({"trait": "a", "matches": "(a"}, ".matches: this is no pattern: missing ): (a"),
        ({"trait": "a", "before": 30}, ".before: a duration such as P30D is needed here, not 30"),
        ({"trait": "a", "within": "30 days"}, ".within: '30 days' is no duration; write ISO 8601 such as P3D"),
        ({"trait": "a", "anniversary_within": "PT5H"}, ".anniversary_within: 'anniversary_within' counts whole days from today on"),
        ({"trait": "a", "anniversary_within": "-P1D"}, ".anniversary_within: 'anniversary_within' counts whole days from today on"),
        ({"trait": "a", "anniversary_within": "P1D", "calendar": "lunar"}, ".calendar: there is no calendar 'lunar'; one of gregorian, jalali"),
        ({"trait": "a", "is": "x", "calendar": "jalali"}, ".calendar: there is no operator 'calendar' for a value"),
        ({"trait": "a", "same_as": "order_id"}, ".same_as: 'same_as' names a property of the entry, such as entry.order_id, not 'order_id'"),
        ({"fact": "orders", "is": "5"}, ".is: this is compared with a number, not with '5'"),
        ({"fact": "orders", "within": "P1D"}, ".within: there is no operator 'within' for a number"),
        ({"fact": "last_order", "at_least": 5}, ".at_least: there is no operator 'at_least' for a time"),
        ({"fact": "clv", "at_least": 5}, ".fact: the fact 'clv' is not available yet"),
        ({"fact": ["orders"], "at_least": 5}, ".fact: there is no fact a list"),
        ({"consent": "mail", "is": "given"}, ".consent: there is no channel 'mail'; did you mean 'email'?"),
        ({"consent": "email", "is": "yes"}, ".is: there is no state of consent 'yes'; one of given, pending, withdrawn, unknown"),
        ({"consent": "email"}, ": say what the consent is, such as `is: given`"),
        ({"journey": "winback", "is": "insid"}, ".is: there is no state of a journey 'insid'; did you mean 'inside'?"),
        ({"message": "greet"}, ": say what became of it, such as `was: opened`"),
        ({"message": "greeet", "was": "opened"}, ".message: there is no point or template 'greeet'; did you mean 'greet'?"),
        ({"message": "greet", "was": "open"}, ".was: there is no fate of a message 'open'; did you mean 'opened'?"),
        ({"segment": "big-spendrs"}, ".segment: there is no segment 'big-spendrs'; did you mean 'big-spenders'?"),
        ({"segment": "broken"}, ".segment: the segment 'broken' is itself wrong: fact: there is no fact 'spnt'; did you mean 'spent'?"),
        ({"event": "X", "times": 3}, ".times: 'times' is a mapping such as {at_least: 3}, not 3"),
        ({"event": "X", "times": {"atleast": 3}}, ".times.atleast: there is no operator 'atleast' for a number of times; did you mean 'at_least'?"),
        ({"event": "X", "times": {"is": -1}}, ".times.is: a whole number from 0 to 1,000,000 is needed here, not -1"),
        ({"event": "X", "times": {"is": 1.5}}, ".times.is: a whole number from 0 to 1,000,000 is needed here, not 1.5"),
        ({"event": "X", "within": "PT0S"}, ".within: a window is longer than nothing, such as P30D, not 'PT0S'"),
        ({"event": "X", "within": "-P1D"}, ".within: a window is longer than nothing"),
        ({"event": "X", "where": []}, ".where: 'where' maps properties to what must hold for them"),
        ({"event": "X", "where": {"a": None}}, ".where.a: a text, a number, true or false is needed here, not null"),
        ({"event": "X", "where": {"a": [1]}}, ".where.a: for one of several values write {in: [...]}"),
        ({"event": "X", "where": {"a": {}}}, ".where.a: say what must hold for it"),
        ({"event": "X", "where": {"a": {"within": "P1D"}}}, ".where.a.within: 'within' goes by the clock and cannot stand in 'where'"),
        ({"event": "X", "since": "start"}, ".since: there is no moment 'start'; one of entry, arrival"),
        ({"event": "X", "wihtin": "P1D"}, ".wihtin: there is no 'wihtin' in this condition; did you mean 'within'?"),
    ],
)  # fmt: skip
def test_each_fault_at_its_place(data: object, fault: str) -> None:
    found = refused(data)
    assert len(found) == 1
    assert found[0].startswith(fault)


def test_all_faults_at_once() -> None:
    data = {"all": [{"fact": "ordrs", "atleast": 2}, {"any": [{"tag": 5}, {"trait": "a", "is": None, "in": 5}]}]}
    assert [fault.split(":")[0] for fault in refused(data)] == [
        ".all.0.fact",
        ".all.1.any.0.tag",
        ".all.1.any.1.is",
        ".all.1.any.1.in",
    ]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"entry": "total", "at_least": 5}, "there is no entry here"),
        ({"trait": "a", "same_as": "entry.b"}, "there is no entry here that 'same_as' could read"),
        ({"event": "X", "where": {"a": {"same_as": "entry.a"}}}, "there is no entry here that 'same_as' could read"),
        ({"event": "X", "since": "entry"}, "`since: entry` can stand inside a journey only"),
        ({"event": "X", "since": "arrival"}, "`since: arrival` can stand at a point of a journey only"),
    ],
)
def test_a_segment_knows_nothing_of_a_journey(data: object, words: str) -> None:
    [fault] = refused(data, Catalog())
    assert words in fault


def nested(depth: int) -> dict[str, Any]:
    data: dict[str, Any] = {"tag": "vip"}
    for _ in range(depth):
        data = {"not": data}
    return data


def test_nesting_has_a_limit() -> None:
    condition(nested(16))
    [fault] = refused(nested(17))
    assert fault.endswith("conditions are nested more than 16 deep here")
    assert len(refused(nested(900))) == 1


READS: list[tuple[dict[str, Any], set[str], set[str]]] = [
    ({"trait": "address.city", "is": "x"}, {"trait:address", "trait:address.city"}, set()),
    ({"trait": "city", "same_as": "entry.city"}, {"trait:city"}, {"entry"}),
    ({"fact": "cart_since", "before": "PT1H"}, {"fact:cart_since"}, set()),
    ({"tag": "vip"}, {"tag:vip"}, set()),
    ({"consent": "sms", "is": "unknown"}, {"consent:sms"}, set()),
    ({"entry": "total", "at_least": 5}, set(), {"entry"}),
    ({"event": "View", "within": "P1D"}, {"event:View"}, set()),
    ({"event": "View", "since": "entry"}, {"event:View"}, {"entry_seq"}),
    ({"event": "View", "since": "arrival", "where": {"a": {"same_as": "entry.a"}}}, {"event:View"}, {"since_seq", "entry"}),
    ({"message": "greet", "was": "clicked"}, {"event:email_clicked", "event:sms_clicked"}, set()),
    ({"journey": "winback", "is": "inside"}, {"journey:winback"}, set()),
    ({"segment": "rich"}, {"fact:spent", "tag:vip"}, set()),
    ({"all": [{"tag": "a"}, {"not": {"any": [{"event": "V", "since": "entry"}, {"segment": "rich"}]}}]},
     {"tag:a", "event:V", "fact:spent", "tag:vip"}, {"entry_seq"}),
]  # fmt: skip


@pytest.mark.parametrize(("data", "reads", "uses"), READS)
def test_what_it_reads_and_uses(data: dict[str, Any], reads: set[str], uses: set[str]) -> None:
    read = condition(data, {"rich": {"all": [{"fact": "spent", "at_least": 5}, {"tag": "vip"}]}})
    assert (read.reads(), read.uses()) == (reads, uses)


def test_every_kind_explains_itself_and_its_examples_are_right() -> None:
    assert list(condition_kinds()) == [
        "all", "any", "consent", "entry", "event", "fact", "journey", "message", "not", "segment", "tag", "topic", "trait",
    ]  # fmt: skip
    for kind in condition_kinds().values():
        assert set(kind.label) == set(kind.help) == {"en", "fa"}
        assert kind.examples
        for example in kind.examples:
            faults = Faults()
            assert parse_condition(example, faults, KNOWN), (example, list(faults))


def test_every_operator_has_a_name_in_both_languages() -> None:
    assert all(set(operator.label) == {"en", "fa"} for operator in operators().values())


def test_where_by_itself() -> None:
    faults = Faults("start.bought.where")
    assert parse_where({"category": {"iz": 1}, "": 5}, faults, Catalog()) is None
    assert [fault.place for fault in faults] == ["start.bought.where.category.iz", "start.bought.where."]
    where = parse_where({"category": "shoes", "order_id": {"same_as": "entry.order_id"}}, Faults(), KNOWN)
    assert where is not None
    assert where.uses() == {"entry"}


WORDS = st.sampled_from([*condition_kinds(), *operators(), "times", "where", "since", "was", "calendar", "x"])
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["P1D", "entry", "entry.x", "orders", "given"]),
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=3),
    max_leaves=20,
)


@given(ANYTHING)
def test_nothing_makes_it_raise(data: object) -> None:
    faults = Faults()
    assert (parse_condition(data, faults, KNOWN) is None) == bool(faults)
