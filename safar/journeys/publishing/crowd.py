"""Whom a draft's starting points take in and could bring, and who of them would get nothing by a channel: before it is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Literal

from safar.accounts.models import Workspace
from safar.contacts.suppressing import marking
from safar.journeys.definition.model import Definition, Start
from safar.journeys.kinds import Action, Queue
from safar.journeys.models import Journey
from safar.journeys.publishing.counting import count_by
from safar.journeys.publishing.lacking import TYPED, lacking
from safar.segments.reading import Reading
from safar.segments.services import read_segments, reading_now


@dataclass
class Lack:
    """Of the contacts that were asked about: how many could get a message by the channel, and why the others could not.

    consented: False where every message by it is transactional, for which nobody is asked for consent.
    """

    channel: str
    could: int = 0
    no_address: int = 0
    unsubscribed: int = 0
    no_consent: int = 0
    paused: int = 0
    suppressed: int = 0
    capped: int = 0
    consented: bool = True


@dataclass
class Crowd:
    """states: keys of the starting points that are states, so that one can match them already. matching: how many do; been: those of
    them who have a trip in this journey already, for whom reentry decides. at_once: come in without being asked for.

    asked: of how many the lacks are; known: those whom the starting points could bring, else it is everybody. lacks_already: of those who
    match already. whole: all were counted, else the figures are the least that they are.
    """

    states: list[str]
    at_once: int = 0
    matching: int = 0
    been: int = 0
    asked: int = 0
    known: bool = False
    lacks: list[Lack] = field(default_factory=list)
    lacks_already: list[Lack] = field(default_factory=list)
    whole: bool = True


def count_crowd(
    connection: psycopg.Connection[Any],
    workspace: Workspace,
    journey: Journey,
    definition: Definition,
    *,
    keys: Sequence[str] = (),
    seconds: float = 2.0,
) -> Crowd:
    """One reading of everybody, bucket by bucket until the time is up. keys: as `campaigns.reach.count_reach`. connection: autocommit, no transaction open."""
    reading = replace(reading_now(connection, workspace, read_segments(workspace)), journey=definition.key)
    already = [(start, holds) for start in definition.starts if (holds := start.kind.already(start.params, reading))]
    brings = [start.kind.brings(start.params, reading) for start in definition.starts]
    by_itself = [(start, holds) for start, holds in already if start.kind.by_publishing(start.params)]
    crowd = Crowd([start.key for start, _ in already])
    channels = channels_of(definition)
    if not (already or channels):
        return crowd
    known = all(one is not None for one in brings)
    could = [(start, one) for start, one in zip(definition.starts, brings, strict=True) if one is not None]
    marked = marking(connection, workspace.pk, keys)
    columns = {
        "matching": _any(already, reading),
        "at_once": _any(by_itself, reading),
        "brought": _any(could, reading) if known else SQL("TRUE"),
        "been": SQL(
            "EXISTS (SELECT FROM enrollment e WHERE e.bucket = c.bucket AND e.contact_id = c.id AND e.journey_id = {} OFFSET 0)"
        ).format(Literal(journey.pk)),
        **{f"by_{channel}": lacking(channel, consented=asks, marked=marked) for channel, asks in channels.items()},
    }
    found, crowd.whole = count_by(connection, workspace, columns, marked=marked, seconds=seconds)
    brought = sum(n for (_, _, is_brought, _, *_), n in found.items() if is_brought)
    crowd.known = known and brought > 0
    crowd.asked = brought if crowd.known else found.total()
    crowd.lacks, crowd.lacks_already = (
        [Lack(channel, consented=asks) for channel, asks in channels.items()] for _ in range(2)
    )
    for (matching, at_once, is_brought, been, *reasons), n in found.items():
        crowd.matching += n * matching
        crowd.at_once += n * at_once
        crowd.been += n * (matching and been)
        for asked, lacks in ((is_brought or not crowd.known, crowd.lacks), (matching, crowd.lacks_already)):
            for lack, reason in zip(lacks if asked else (), reasons, strict=False):
                _add(lack, reason, n)
    return crowd


def channels_of(definition: Definition) -> dict[str, bool]:
    """Channel → whether some message by it asks for consent; in the order of the map."""
    found: dict[str, bool] = {}
    for point in definition.points:
        effect = point.kind.effect(point.params) if isinstance(point.kind, Action) else None
        if isinstance(effect, Queue) and effect.kind == "message":
            channel = str(effect.effect.get("channel"))
            if channel in TYPED:
                marketing = effect.effect.get("class") != "transactional"
                found[channel] = found.get(channel, False) or marketing
    return found


def _add(lack: Lack, reason: str, n: int) -> None:
    name = reason or "could"
    setattr(lack, name, getattr(lack, name) + n)


def _any(found: list[tuple[Start, Composable]], reading: Reading) -> Composable:
    """Whether one of them holds, with its filter."""
    tests = []
    for start, holds in found:
        own = replace(reading, entry=SQL("({})").format(start.kind.already_entry(start.params, reading)))
        tests.append(holds if start.filter is None else SQL("({} AND {})").format(holds, start.filter.holds(own)))
    return SQL("({})").format(SQL(" OR ").join(tests)) if tests else SQL("FALSE")
