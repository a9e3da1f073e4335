"""The contract of kinds: whatever kind there is, it passes all of this without a line of its own."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
from typing import Any

import pytest
from psycopg.sql import SQL, Composable

from safar.journeys.definition.model import Point, Start
from safar.journeys.definition.schema import journey_schema, kind_schema
from safar.journeys.definition.tests.json_schema import refusal
from safar.journeys.definition.types import TYPES
from safar.journeys.kinds import (
    Action,
    Awaited,
    Decision,
    Emit,
    End,
    EventStart,
    Jump,
    Kind,
    Note,
    Park,
    Queue,
    RecurringStart,
    Send,
    SetConsent,
    SetTag,
    SetTraits,
    StartingPoint,
    StateStart,
    Take,
)
from safar.journeys.registry import fixed_paths, list_kinds, points, section_of, starting_points
from safar.journeys.tests.cases import ALL_KINDS, CATALOG, a_reading, data_with, faults_of, parsed

LANGUAGES = ("en", "fa")
PERSIAN, ARABIC = re.compile("[آ-یپچژگک]"), re.compile("[يكىة]")
ROLES = (EventStart, StateStart, Decision, Park, Jump, End, Action)
TOKEN = re.compile(r"(event|tag|trait|consent|fact|journey):.+|created|ordered|topics_left", re.DOTALL)

# The index of a path is what trails record for good: a kind with people on the road keeps its paths and their order.
PATHS = {
    "wait": ["happened", "timed_out"],
    "if_else": ["yes", "no"],
    "branch": None,
    "split": None,
    "exit": [],
    "go_to": ["jump", "next"],
}

every_kind = pytest.mark.parametrize("kind", ALL_KINDS.values(), ids=ALL_KINDS)


def of_role(*roles: type[Kind]) -> Any:
    found = [kind for kind in ALL_KINDS.values() if isinstance(kind, roles)]
    return pytest.mark.parametrize("kind", found, ids=[kind.key for kind in found])


def _is_words(words: Any) -> None:
    assert set(words) == set(LANGUAGES)
    assert all(text.strip() == text != "" for text in words.values())
    assert PERSIAN.search(words["fa"]), words["fa"]
    assert not ARABIC.search(words["fa"]), f"Arabic letters in {words['fa']}"
    assert not PERSIAN.search(words["en"]), words["en"]


@every_kind
def test_it_is_named_and_explained_in_both_languages(kind: Kind) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", kind.key)
    _is_words(kind.label)
    _is_words(kind.help)


@every_kind
def test_its_parameters_are_documented(kind: Kind) -> None:
    for parameter in kind.parameters:
        assert re.fullmatch(r"[a-z][a-z_]*", parameter.name)
        assert parameter.name not in {"kind", "paths", "next", "filter"}
        assert parameter.type in TYPES
        _is_words(parameter.label)
        _is_words(parameter.help)
        assert not (parameter.required and parameter.default is not None)
        assert parameter.default is None or not parameter.choices or parameter.default in parameter.choices
    assert len({parameter.name for parameter in kind.parameters}) == len(kind.parameters)


@every_kind
def test_its_example_parses(kind: Kind) -> None:
    found = parsed(kind)
    assert found.kind is kind
    assert set(found.params) >= set(kind.example)


@every_kind
def test_its_schema_takes_its_example_and_refuses_strangers(kind: Kind) -> None:
    schema = journey_schema()
    json.dumps(kind_schema(kind))
    assert refusal(schema, data_with(kind, kind.example)) is None
    assert refusal(schema, data_with(kind, {**kind.example, "strange_word": 1}))


@every_kind
def test_its_paths_are_stable(kind: Kind) -> None:
    params = parsed(kind).params
    paths = list(kind.paths(params))
    assert paths == list(kind.paths(params))
    assert len(set(paths)) == len(paths)
    assert bool(paths) != isinstance(kind, End)
    assert fixed_paths(kind) == PATHS.get(kind.key, ["next"])


@every_kind
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_sums_itself_up(kind: Kind, language: str) -> None:
    summary = parsed(kind).summary(language)
    assert summary.strip() == summary != ""
    assert "\n" not in summary
    assert "None" not in summary
    assert len(summary) < 200
    if language == "fa" and kind.key not in {"event"}:  # an event is called what it is called
        assert PERSIAN.search(summary) or kind.key == "date_reached"


@every_kind
def test_a_missing_and_a_strange_parameter_are_refused(kind: Kind) -> None:
    section = "start" if isinstance(kind, StartingPoint) else "points"
    for parameter in kind.parameters:
        if parameter.required:
            without = {name: value for name, value in kind.example.items() if name != parameter.name}
            assert faults_of(data_with(kind, without)) == [f"{section}.it.{parameter.name}: is missing"]
    (fault,) = faults_of(data_with(kind, {**kind.example, "strange_word": 1}))
    assert fault.startswith(f"{section}.it.strange_word: {kind.key} has no parameter 'strange_word'")


@every_kind
def test_it_plays_one_role_and_lies_in_a_file_of_its_name(kind: Kind) -> None:
    assert sum(isinstance(kind, role) for role in ROLES) == 1
    assert type(kind).__module__.rpartition(".")[2] == kind.key
    assert section_of(kind).replace(" ", "_") + "s" == type(kind).__module__.split(".")[-2]


@of_role(EventStart)
def test_an_event_start_says_what_sets_it_off(kind: EventStart) -> None:
    start = parsed(kind)
    tokens = kind.sets_off(start.params)
    assert tokens
    assert all(TOKEN.fullmatch(token) for token in tokens)
    assert isinstance(kind.matches(start.params, a_reading()), Composable)
    assert isinstance(kind.entry(start.params, a_reading()), Composable)


@of_role(StateStart)
def test_a_state_start_says_when_it_is_due(kind: StateStart) -> None:
    start = parsed(kind)
    assert all(TOKEN.fullmatch(token) for token in kind.reads(start.params))
    for said in (kind.due, kind.mark, kind.entry):
        assert isinstance(said(start.params, a_reading()), Composable)


@of_role(RecurringStart)
def test_a_recurring_start_counts_its_occasions(kind: RecurringStart) -> None:
    params = parsed(kind).params
    for included in (True, False):
        assert isinstance(kind.coming(params, a_reading(), included=included), Composable)
    assert isinstance(kind.moment(params, a_reading(), SQL("2027")), Composable)


@of_role(Jump)
def test_a_jump_has_a_limit_and_leads_back_by_one_path(kind: Jump) -> None:
    params = parsed(kind).params
    assert kind.times(params) >= 1
    assert set(kind.paths(params)) - kind.leads_back == {"next"}


@of_role(Decision)
def test_a_decision_leaves_nobody_behind(kind: Decision) -> None:
    params = parsed(kind).params
    ways = kind.ways(params, a_reading(), "it")
    assert ways[-1][0] is None
    assert all(isinstance(test, Composable) for test, _ in ways[:-1])
    assert {path for _, path in ways} <= set(kind.paths(params))
    assert all(TOKEN.fullmatch(token) for token in kind.reads(params))
    assert kind.uses(params) <= {"entry", "entry_seq", "since_seq"}


@of_role(Park)
def test_a_park_says_how_long(kind: Park) -> None:
    params = parsed(kind).params
    assert isinstance(kind.wake_at(params, a_reading()), Composable)
    passes = kind.passes(params, a_reading())
    assert passes is None or isinstance(passes, Composable)
    assert isinstance(kind.awaits(params), Awaited)
    assert {kind.due_path(params), kind.woken_path(params)} <= set(kind.paths(params))


@of_role(Action)
def test_an_action_is_data(kind: Action) -> None:
    effect = kind.effect(parsed(kind).params)
    assert isinstance(effect, (Queue, SetTag, SetTraits, SetConsent, Emit, Send, Take, Note))
    if isinstance(effect, Queue):
        assert effect.kind in {"message", "notice", "webhook"}
        json.dumps(effect.effect)


@of_role(End)
def test_an_end_has_a_reason(kind: End) -> None:
    assert kind.reason(parsed(kind).params)


def test_every_file_of_a_kind_holds_one() -> None:
    for package in ("starting_points", "rules", "actions"):
        folder = importlib.import_module(f"safar.journeys.{package}")
        files = {info.name for info in pkgutil.iter_modules(folder.__path__)}
        assert files == {key for key, kind in ALL_KINDS.items() if type(kind).__module__.split(".")[-2] == package}


def test_the_kinds_of_the_first_release_are_there() -> None:
    assert set(starting_points()) >= {
        *["contact_created", "signed_up_email", "tag_added", "tag_removed", "trait_changed", "segment_joined"],
        *["segment_left", "added_by_hand", "ordered", "cart_abandoned", "lapsed", "date_reached", "event"],
        *["birthday", "yearly_date", "page_viewed", "from_journey", "segment_once"],
        *[
            "signed_up_sms",
            "unsubscribed",
            "topic_joined",
            "topic_left",
            "form_submitted",
            "sms_keyword",
            "message_sent",
        ],
        *["email_opened", "email_clicked", "link_clicked", "message_bounced", "ordered_product", "first_order"],
        *["payment_failed", "order_status", "webhook_received", "checkout_abandoned", "browse_abandoned", "schedule"],
        *["email_not_opened", "email_not_clicked", "ignored_last_n"],
    }
    assert set(points()) >= {
        *["if_else", "branch", "split", "wait", "delay", "exit", "send_email", "send_sms", "notify_team"],
        *[
            "add_tag",
            "remove_tag",
            "update_contact",
            "emit_event",
            "go_to",
            "start_journey",
            "leave_journey",
            "add_note",
            "change_subscription",
            "call_webhook",
        ],
    }


def test_the_list_of_kinds_is_plain_data_in_order() -> None:
    kinds = json.loads(json.dumps(list_kinds()))
    assert [kind["section"] for kind in kinds] == sorted((k["section"] for k in kinds), key=_rank)
    assert {kind["kind"] for kind in kinds} == set(ALL_KINDS)


def _rank(section: str) -> int:
    return ("starting point", "rule", "action").index(section)


def test_a_segment_that_is_waited_for_must_exist() -> None:
    kind = ALL_KINDS["segment_joined"]
    assert faults_of(data_with(kind, {"segment": "big-spender"}), CATALOG) == [
        "start.it.segment: there is no segment 'big-spender'; did you mean 'big-spenders'?"
    ]


@pytest.mark.parametrize("key", ["message_sent", "message_bounced", "unsubscribed"])
def test_a_channel_that_there_is_not_is_refused_and_not_waited_for(key: str) -> None:
    (fault,) = faults_of(data_with(ALL_KINDS[key], {"channel": "mail"}))
    assert fault.startswith("start.it.channel: ")


def test_points_keep_what_was_written_beside_what_was_read() -> None:
    found = parsed(ALL_KINDS["wait"])
    assert isinstance(found, Point | Start)
    assert found.written == {"for": {"event": "Order Completed"}, "at_most": "P7D"}
    assert isinstance(found.params["for"], Awaited)
