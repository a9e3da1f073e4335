"""What a back-test cannot know: how people would have answered messages that were never sent."""

from __future__ import annotations

from dataclasses import dataclass

from safar.journeys.definition.graph import reachable
from safar.journeys.definition.model import Definition, Point
from safar.journeys.kinds import Action, Decision, Park, Queue
from safar.segments.conditions.message import EVENTS, MessageCondition, events_of
from safar.segments.reading import Condition

ANSWERS = frozenset({name for was in EVENTS for name in events_of(was)} | {"unsubscribed"})
_TOKENS = frozenset(f"event:{name}" for name in ANSWERS) | {
    f"fact:{name}" for name in ("opens", "clicks", "last_open", "last_click", "unopened_in_a_row")
}


@dataclass(frozen=True)
class Unknown:
    """reads: points whose way on depends on such an answer. after: points behind them, whose figures hang on it.

    leaving: exit_when depends on one, so anybody might have left anywhere.
    """

    reads: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    leaving: bool = False


def find_unknown(definition: Definition) -> Unknown:
    """Nothing is unknown of a journey that sends nothing: what others sent, and its answers, is in the history."""
    edges = {p.key: [(path, to) for path, to in p.paths.items() if to is not None] for p in definition.points}
    senders = {point.key for point in definition.points if sends(point)}
    if not senders:
        return Unknown()
    own = senders | {template for point in definition.points for template in _templates(point)}
    told = (
        reachable(edges, senders) if definition.settings.reentry == "never" else set(edges)
    )  # who enters again may have had a message before any point
    reads = {point.key for point in definition.points if point.key in told and _asks(point, own)}
    after = reachable(edges, [to for key in reads for _, to in edges[key]])
    exits = definition.settings.exit_when
    return Unknown(frozenset(reads), frozenset(after), exits is not None and asks_answers(exits, own))


def sends(point: Point) -> bool:
    """Whether a message goes out at the point."""
    if not isinstance(point.kind, Action):
        return False
    effect = point.kind.effect(point.params)
    return isinstance(effect, Queue) and effect.kind == "message"


def asks_answers(condition: Condition, own: set[str]) -> bool:
    """own: points and templates of the journey. What became of another journey's message is in the history."""
    if isinstance(condition, MessageCondition):
        return condition.message in own
    parts = condition.parts()
    return any(asks_answers(part, own) for part in parts) if parts else bool(condition.reads() & _TOKENS)


def _asks(point: Point, own: set[str]) -> bool:
    if isinstance(point.kind, Park):
        awaited = point.kind.awaits(point.params)
        if awaited.condition is not None:
            return asks_answers(awaited.condition, own)
        return any(name in ANSWERS for name, _ in awaited.events)
    if not isinstance(point.kind, Decision):
        return False
    return any(asks_answers(condition, own) for condition in conditions_of(point)) or bool(
        point.kind.reads(point.params) & _TOKENS and not conditions_of(point)
    )


def conditions_of(point: Point) -> list[Condition]:
    """The conditions among its parameters, also those that stand under names of paths."""
    found: list[Condition] = []
    for value in point.params.values():
        if isinstance(value, Condition):
            found.append(value)
        elif isinstance(value, dict):
            found += [each for each in value.values() if isinstance(each, Condition)]
    return found


def _templates(point: Point) -> list[str]:
    if not sends(point):
        return []
    variants = point.params.get("variants") or {}
    several = [each.get("template") for each in variants.values() if isinstance(each, dict)]
    return [str(name) for name in (point.params.get("template"), *several) if name]
