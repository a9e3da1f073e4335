"""What conditions say of a contact in a certain state: each kind, each operator, values of the wrong type."""

from __future__ import annotations

from typing import Any

import pytest

from safar.segments.tests.conftest import Ground, condition

SHOPPER: dict[str, Any] = {
    "traits": {
        "city": "تهران", "name": "علي رضایی", "code": "۱۲۳۴", "age": 34, "score": 5.0, "vip": True, "off": False, "gone": None,
        "list": ["shoes", 5], "address": {"town": "Karaj", "city": "Karaj", "floor": {"n": 3}}, "mail": "sara@example.ir", "half": "50%", "empty": "",
        "text5": "5", "lines": "one\ntwo", "quote": "O'Brien \\ \"x\"", "عنوان": "سلام", "50%": 5, "utm.source": "mail", "address.city": "Tehran", "when": "2026-05-01", "huge": 1e300,
    },
    "facts": {"orders": 3, "spent": "1500000.50", "average_order": "500000", "cart_value": 0, "last_order": "2026-05-01T00:00Z",
              "last_seen": "2026-05-05T11:59Z"},
    "tags": ["vip", "new-customer", "100%"],
    "consent": {"email": "given", "sms": "withdrawn", "topic:news": "joined", "topic:offers": "left"},
    "enrollments": [("winback", "left"), ("winback", "past_finished")],
    "events": [
        ("Order Completed", "2026-04-01T10:00Z", {"order_id": "12", "total": 600000, "items": {"first": "shoes"}}, 50),
        ("Order Completed", "2026-05-01T10:00Z", {"order_id": 12, "total": "700000"}, 150),
        ("Product Viewed", "2026-05-02T10:00Z", {"category": "shoes", "size": 42}, 151),
        ("Product Viewed", "2026-05-03T10:00Z", {"category": "كفش"}, 250),
        ("Product Viewed", "2026-05-04T10:00Z", {"category": None}, 251),
        ("email_opened", "2026-05-01T10:00Z", {"template": "welcome-1", "journey": "other", "point": "greet"}, 152),
        ("email_clicked", "2026-05-01T10:01Z", {"template": "welcome-1", "journey": "welcome", "point": "greet"}, 153),
    ],
}  # fmt: skip

CASES: list[tuple[dict[str, Any], bool]] = [
    # is: texts folded, numbers by value, never across types; is_not is its not
    ({"trait": "city", "is": "تهران"}, True),
    ({"trait": "city", "is": "Tehran"}, False),
    ({"trait": "name", "is": "علی رضایی"}, True),
    ({"trait": "name", "is": "علي رضایي"}, True),
    ({"trait": "code", "is": "1234"}, True),
    ({"trait": "code", "is": 1234}, False),
    ({"trait": "age", "is": 34}, True),
    ({"trait": "age", "is": 34.0}, True),
    ({"trait": "age", "is": "34"}, False),
    ({"trait": "score", "is": 5}, True),
    ({"trait": "vip", "is": True}, True),
    ({"trait": "vip", "is": 1}, False),
    ({"trait": "vip", "is": "true"}, False),
    ({"trait": "off", "is": False}, True),
    ({"trait": "gone", "is": "x"}, False),
    ({"trait": "missing", "is": "x"}, False),
    ({"trait": "missing", "is_not": "x"}, True),
    ({"trait": "gone", "is_not": 5}, True),
    ({"trait": "age", "is_not": 34}, False),
    ({"trait": "city", "is_not": "تهران"}, False),
    ({"trait": "list", "is": "shoes"}, False),
    ({"trait": "list", "is_not": "shoes"}, True),
    ({"trait": "half", "is": "50%"}, True),
    ({"trait": "quote", "is": 'O\'Brien \\ "x"'}, True),
    ({"trait": "empty", "is": ""}, True),
    ({"trait": "عنوان", "is": "سلام"}, True),
    ({"trait": "50%", "is": 5}, True),
    # dots lead into objects, never into lists
    ({"trait": "utm.source", "is": "mail"}, True),
    ({"trait": "address.city", "is": "Tehran"}, True),  # a trait that is called just so comes first
    ({"trait": "address.town", "is": "Karaj"}, True),
    ({"trait": "address.floor.n", "at_least": 3}, True),
    ({"trait": "address.floor.m", "exists": True}, False),
    ({"trait": "list.0", "is": "shoes"}, False),
    ({"trait": "city.x", "is": "shoes"}, False),
    # in
    ({"trait": "city", "in": ["شیراز", "تهران"]}, True),
    ({"trait": "age", "in": ["34", 33]}, False),
    ({"trait": "age", "in": ["x", 34]}, True),
    ({"trait": "vip", "in": [True]}, True),
    ({"trait": "half", "in": ["50%", "x"]}, True),
    ({"trait": "missing", "in": ["x", 1, False]}, False),
    ({"trait": "gone", "in": ["null"]}, False),
    # contains, starts_with
    ({"trait": "name", "contains": "ي رض"}, True),
    ({"trait": "name", "contains": "x"}, False),
    ({"trait": "age", "contains": "3"}, False),
    ({"trait": "list", "contains": "shoes"}, False),
    ({"trait": "half", "contains": "%"}, True),
    ({"trait": "city", "contains": "_"}, False),
    ({"trait": "mail", "starts_with": "sara@"}, True),
    ({"trait": "mail", "starts_with": "Sara@"}, False),
    ({"trait": "missing", "starts_with": "x"}, False),
    # order: numbers with numbers, texts with texts by code point
    ({"trait": "age", "at_least": 34}, True),
    ({"trait": "age", "more_than": 34}, False),
    ({"trait": "age", "at_most": 34}, True),
    ({"trait": "age", "less_than": 34.5}, True),
    ({"trait": "age", "at_least": "3"}, False),
    ({"trait": "text5", "at_least": 3}, False),
    ({"trait": "text5", "at_least": "3"}, True),
    ({"trait": "text5", "at_least": "۳"}, True),
    ({"trait": "text5", "less_than": "40"}, False),
    ({"trait": "mail", "more_than": "Z"}, True),
    ({"trait": "city", "at_least": 5}, False),
    ({"not": {"trait": "city", "at_least": 5}}, True),
    ({"trait": "vip", "at_least": 0}, False),
    ({"trait": "huge", "more_than": 1e99}, True),
    ({"trait": "when", "at_least": "2026-04-30", "less_than": "2026-06"}, True),
    # exists; several operators must all hold
    ({"trait": "city", "exists": True}, True),
    ({"trait": "off", "exists": True}, True),
    ({"trait": "gone", "exists": True}, False),
    ({"trait": "gone", "exists": False}, True),
    ({"trait": "missing", "exists": False}, True),
    ({"trait": "city", "exists": False}, False),
    ({"trait": "age", "at_least": 30, "less_than": 40, "is_not": 35}, True),
    ({"trait": "age", "at_least": 30, "less_than": 34}, False),
    # matches searches the folded text, case-sensitive, . not over lines
    ({"trait": "code", "matches": "^۱۲\\d+$"}, True),
    ({"trait": "name", "matches": "علي\\s"}, True),
    ({"trait": "mail", "matches": "SARA"}, False),
    ({"trait": "mail", "matches": "(?i)SARA"}, True),
    ({"trait": "mail", "matches": "\\bexample\\.(ir|com)\\z"}, True),
    ({"trait": "half", "matches": "^\\d+%$"}, True),
    ({"trait": "lines", "matches": "one.two"}, False),
    ({"trait": "lines", "matches": "(?s)one.two"}, True),
    ({"trait": "lines", "matches": "one$"}, False),
    ({"trait": "lines", "matches": "(?m)^two$"}, True),
    ({"trait": "age", "matches": "34"}, False),
    ({"trait": "missing", "matches": ".*"}, False),
    # same_as: as `is` says; missing is the same as nothing
    ({"trait": "code", "same_as": "entry.order_id"}, False),
    ({"trait": "missing", "same_as": "entry.missing"}, False),
    ({"trait": "gone", "same_as": "entry.nothing"}, False),
    ({"trait": "list", "same_as": "entry.tags"}, False),
    # entry
    ({"entry": "total", "at_least": 500000}, True),
    ({"entry": "order_id", "is": "12"}, True),
    ({"entry": "order_id", "is": 12}, False),
    ({"entry": "nothing", "exists": False}, True),
    # facts
    ({"fact": "orders", "at_least": 3}, True),
    ({"fact": "orders", "in": [1, 3]}, True),
    ({"fact": "orders", "is_not": 3}, False),
    ({"fact": "spent", "is": 1500000.5}, True),
    ({"fact": "spent", "more_than": 1500000.5}, False),
    ({"fact": "average_order", "less_than": 500000.01}, True),
    ({"fact": "average_order", "exists": False}, False),
    ({"fact": "opens", "is": 0}, True),
    ({"fact": "last_open", "exists": False}, True),
    ({"fact": "last_open", "before": "P1D"}, False),
    ({"fact": "last_open", "within": "P1D"}, False),
    # tags, consent, journeys, messages
    ({"tag": "vip"}, True),
    ({"tag": "VIP"}, False),
    ({"tag": "100%"}, True),
    ({"not": {"tag": "nobody"}}, True),
    ({"topic": "news", "is": "joined"}, True),
    ({"topic": "news", "is": "left"}, False),
    ({"topic": "offers", "is": "left"}, True),
    ({"topic": "offers", "is": "unknown"}, False),
    ({"topic": "tips", "is": "unknown"}, True),
    ({"not": {"topic": "tips", "is": "joined"}}, True),
    ({"consent": "email", "is": "given"}, True),
    ({"consent": "email", "is": "pending"}, False),
    ({"consent": "sms", "is": "withdrawn"}, True),
    ({"consent": "sms", "is": "unknown"}, False),
    ({"journey": "winback", "is": "inside"}, False),
    ({"journey": "winback", "is": "finished"}, True),
    ({"journey": "winback", "is": "never_entered"}, False),
    ({"journey": "welcome", "is": "never_entered"}, True),
    ({"journey": "welcome", "is": "finished"}, False),
    ({"journey": "unheard-of", "is": "never_entered"}, True),
    ({"journey": "unheard-of", "is": "inside"}, False),
    ({"message": "welcome-1", "was": "opened"}, True),
    ({"message": "greet", "was": "opened"}, False),
    ({"message": "greet", "was": "clicked"}, True),
    ({"message": "welcome-1", "was": "bounced"}, False),
    # events
    ({"event": "Order Completed"}, True),
    ({"event": "order completed"}, False),
    ({"event": "Order Completed", "times": {"is": 2}}, True),
    ({"event": "Order Completed", "times": {"at_least": 3}}, False),
    ({"event": "Order Completed", "times": {"more_than": 1, "less_than": 3}}, True),
    ({"event": "Order Completed", "times": {"at_most": 1}}, False),
    ({"event": "Order Completed", "times": {"is_not": 2}}, False),
    ({"event": "Nothing", "times": {"is": 0}}, True),
    ({"event": "Nothing", "times": {"at_least": 0}}, True),
    ({"event": "Nothing"}, False),
    ({"event": "Order Completed", "where": {"total": {"at_least": 1}}, "times": {"is": 1}}, True),
    ({"event": "Order Completed", "where": {"items.first": "shoes"}}, True),
    ({"event": "Order Completed", "where": {"order_id": {"same_as": "entry.order_id"}}, "times": {"is": 1}}, True),
    ({"event": "Order Completed", "where": {"order_id": "12", "total": 600000}}, True),
    ({"event": "Order Completed", "where": {"order_id": "12", "total": 600001}}, False),
    ({"event": "Product Viewed", "where": {"category": {"is_not": "shoes"}}, "times": {"is": 2}}, True),
    ({"event": "Product Viewed", "where": {"category": "کفش"}}, True),
    ({"event": "Product Viewed", "where": {"category": {"exists": False}}, "times": {"is": 1}}, True),
    ({"event": "Product Viewed", "since": "entry", "times": {"is": 3}}, True),
    ({"event": "Product Viewed", "since": "arrival", "times": {"is": 2}}, True),
    ({"event": "Order Completed", "since": "arrival"}, False),
    ({"event": "Order Completed", "since": "entry", "times": {"is": 1}}, True),
    # composites
    ({"all": [{"tag": "vip"}, {"fact": "orders", "at_least": 3}]}, True),
    ({"all": [{"tag": "vip"}, {"fact": "orders", "at_least": 4}]}, False),
    ({"any": [{"tag": "nobody"}, {"fact": "orders", "at_least": 3}]}, True),
    ({"any": [{"tag": "nobody"}, {"fact": "orders", "at_least": 4}]}, False),
    ({"not": {"all": [{"tag": "vip"}, {"not": {"any": [{"tag": "x"}, {"tag": "y"}]}}]}}, False),
]


@pytest.fixture(scope="module")
def shopper(ground: Ground) -> int:
    ground.contact(
        tags=["nobody"], consent={"email": "pending"}, facts={"orders": 99}, events=[("Nothing", "2026-05-01T00:00Z")]
    )
    return ground.contact(**SHOPPER)


@pytest.mark.parametrize(("data", "expected"), CASES, ids=[str(n) for n in range(len(CASES))])
def test_truth(ground: Ground, shopper: int, data: dict[str, Any], expected: bool) -> None:
    assert ground.read(shopper, condition(data))[0] is expected, data


NEWCOMER = [
    ({"fact": "orders", "is": 0}, True),
    ({"fact": "orders", "less_than": 1}, True),
    ({"fact": "spent", "at_most": 0}, True),
    ({"fact": "cart_value", "exists": True}, True),
    ({"fact": "average_order", "exists": True}, False),
    ({"fact": "average_order", "is_not": 5}, True),
    ({"fact": "average_order", "less_than": 5}, False),
    ({"fact": "last_order", "exists": False}, True),
    ({"consent": "email", "is": "unknown"}, True),
    ({"consent": "email", "is": "given"}, False),
    ({"journey": "winback", "is": "never_entered"}, True),
    ({"trait": "city", "is": "x"}, False),
    ({"event": "Order Completed", "times": {"is": 0}}, True),
]


@pytest.mark.parametrize(("data", "expected"), NEWCOMER)
def test_a_contact_of_whom_nothing_is_known(ground: Ground, data: dict[str, Any], expected: bool) -> None:
    assert ground.read(ground.contact(), condition(data)) == (expected, None)


@pytest.mark.parametrize(
    ("state", "inside", "finished", "never"),
    [("open", True, False, False), ("finished", False, True, False), ("left", False, False, False),
     ("set_aside", False, False, False), ("held_out", False, False, False)],
)  # fmt: skip
def test_states_of_a_journey(ground: Ground, state: str, inside: bool, finished: bool, never: bool) -> None:
    id = ground.contact(enrollments=[("winback", state)])
    words = ("inside", "finished", "never_entered")
    assert [ground.read(id, condition({"journey": "winback", "is": word}))[0] for word in words] == [
        inside,
        finished,
        never,
    ]
