"""The database's side of a round: answers written down, messages begun, circuits opened and closed. All in the
caller's transaction.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.channels.notices.destinations import refuse
from safar.channels.notices.gathering import Noted, gather
from safar.channels.notices.kind import CHANNEL as DESTINATION
from safar.channels.notices.reading import read_texts
from safar.channels.pace.budget import Purse, wait_for_tomorrow
from safar.channels.provider import Accepted, AccountRefused, Line, Parcel
from safar.channels.sending.answers import answer_to
from safar.channels.sending.gate import gate, quiet
from safar.channels.sending.lines import HandOver, Outcome
from safar.channels.sending.work import Prepared
from safar.channels.services.circuits import close_circuit, open_circuit, read_open
from safar.channels.settings import Sending
from safar.channels.webhooks.answering import keep_answers
from safar.channels.webhooks.pausing import note_calls
from safar.outbox.begin import begin
from safar.outbox.finish import finish
from safar.outbox.rows import Claimed, as_json
from safar.outbox.statements import statement


@dataclass
class Begun:
    """What came of beginning some. go: to be handed over once this is committed; ended: how many came to their end or
    were put back by the gate; unused: per (workspace, channel), rate tokens that no message used."""

    go: list[tuple[Prepared, int]] = field(default_factory=list)
    ended: int = 0
    unused: dict[tuple[int, str], int] = field(default_factory=dict)


def write_down(
    conn: Connection[Any], outcomes: Sequence[Outcome], *, sending: Sending, now: datetime, clock: datetime | None
) -> set[tuple[str, int]]:
    """Write the answers of hand-overs. Returns (account, workspace or 0) whose circuit is open now because of them."""
    opened: set[tuple[str, int]] = set()
    answers = []
    known_open = read_open(conn) if outcomes else set()
    for outcome in outcomes:
        ready = outcome.hand_over.prepared.ready
        whose, account, own = ready.row.workspace_id, outcome.carrier.account, outcome.carrier.own_channel
        known = not known_open.isdisjoint({(account, 0), (account, whose)})
        answer = answer_to(outcome, doubt_for=sending.doubt_for, circuit_open=known)
        answers.append(answer)
        if (
            isinstance(outcome.verdict, AccountRefused)
            and answer.state == "pending"
            and ready.row.channel == DESTINATION
        ):
            number = int(ready.row.effect["destination"])
            refuse(conn, number, reason=outcome.verdict.reason, words=outcome.verdict.said, now=now)
            opened.add((account, whose))
        elif isinstance(outcome.verdict, AccountRefused) and answer.state == "pending":
            open_circuit(conn, provider=account, workspace_id=whose, refused=outcome.verdict, now=now, own=own)
            opened.add((account, 0 if outcome.verdict.everybody and not own else whose))
            known_open |= opened
        elif isinstance(outcome.verdict, Accepted) and known:
            close_circuit(conn, provider=account, workspace_id=whose, now=now)
            opened -= {(account, 0), (account, whose)}
            known_open -= {(account, 0), (account, whose)}
    keep_answers(conn, outcomes, finish(conn, answers, now=clock), now=clock)
    return opened | note_calls(conn, outcomes, known_open, now=now)


def begin_afforded(
    conn: Connection[Any],
    some: Sequence[Prepared],
    purse: Purse,
    *,
    sending: Sending,
    now: datetime,
    clock: datetime | None,
) -> Begun:
    """begin_some for those whose cost the budgets allow; the others wait for another day. What the gate holds back costs nothing, and may
    make room for one that waited."""
    found, waiting = Begun(), list(some)
    while waiting:
        fits, waiting = _divided(waiting, purse)
        begun = begin_some(conn, fits, sending=sending, clock=clock) if fits else Begun()
        gone = {one.ready.row.key for one, _ in begun.go}
        back = [one for one in fits if one.ready.row.key not in gone]
        for one in back:
            purse.give(one.ready)
        found.go += begun.go
        found.ended += begun.ended
        for name, n in begun.unused.items():
            found.unused[name] = found.unused.get(name, 0) + n
        if not back:
            break
    for one in waiting:
        row = one.ready.row
        found.ended += wait_for_tomorrow(conn, [row], purse.zones[row.workspace_id], now)
        name = (row.workspace_id, row.channel)
        found.unused[name] = found.unused.get(name, 0) + 1
    return found


def _divided(some: Sequence[Prepared], purse: Purse) -> tuple[list[Prepared], list[Prepared]]:
    """(whose cost is reserved, the others)."""
    fits: list[Prepared] = []
    rest: list[Prepared] = []
    for one in some:
        (fits if purse.take(one.ready) else rest).append(one)
    return fits, rest


def begin_some(conn: Connection[Any], some: Sequence[Prepared], *, sending: Sending, clock: datetime | None) -> Begun:
    """Ask the gate for messages of a provider outside; those in ``go`` are to be handed over after the commit."""
    by_key = {one.ready.row.key: one for one in some}
    found = Begun()
    for one in begin(
        conn, [one.ready for one in some], gate=gate(), quiet=quiet(), now=clock, lease=sending.sending_lease
    ):
        prepared = by_key[one.key]
        if one.verdict is None:
            found.go.append((prepared, one.attempt))
        else:
            found.ended += 1
            name = (prepared.ready.row.workspace_id, prepared.ready.row.channel)
            found.unused[name] = found.unused.get(name, 0) + 1
    return found


def carry_inside(
    conn: Connection[Any], some: Sequence[Prepared], line: Line, *, sending: Sending, clock: datetime | None
) -> int:
    """Begin, hand over and finish for a provider that keeps messages in this very database: in one transaction, so
    never in doubt.
    """
    begun = begin_some(conn, some, sending=sending, clock=clock)
    outcomes = []
    kept = []
    noted = []
    for prepared, attempt in begun.go:
        parcel, ready = prepared.parcel, prepared.ready
        assert parcel is not None
        outcomes.append(Outcome(HandOver(prepared, attempt, 0.0), line.hand_over(parcel)))
        if ready.row.kind == "notice":
            noted.append(_noted(ready.row, parcel))
            continue
        kept.append(
            {
                "bucket": ready.row.key.bucket,
                "message_id": ready.row.id,
                "workspace_id": ready.row.workspace_id,
                "channel": ready.row.channel,
                "address": ready.address,
                "subject": ready.subject,
                "reason": prepared.kept,
                "source": base64.b64encode(parcel.source).decode("ascii"),
            }
        )
    finish(conn, [answer_to(one, doubt_for=sending.doubt_for, circuit_open=False) for one in outcomes], now=clock)
    if kept:
        conn.execute(statement("keep", "safar.channels.sending"), {"rows": as_json(kept), "now": clock})
    if noted:
        gather(conn, noted, now=clock)
    return len(outcomes) + begun.ended


def _noted(row: Claimed, parcel: Parcel) -> Noted:
    return Noted(
        row.key.bucket,
        row.id,
        row.workspace_id,
        read_texts(parcel.source),
        row.contact_id,
        row.journey_id,
        row.effect.get("journey"),
        row.effect.get("point"),
        str(row.effect.get("to") or ""),
    )


def unwritable(one: Prepared, error: Exception) -> Prepared:
    """The same row without its content, as one that cannot be rendered: what the database refuses must not stop the
    rest.
    """
    ready = replace(
        one.ready,
        subject=None,
        body_html=None,
        body_text=None,
        parts=None,
        part_price=None,
        fault=f"the database refuses it: {type(error).__name__}",
    )
    return Prepared(ready, None, one.kept, one.carrier)
