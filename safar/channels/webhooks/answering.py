"""Answers of webhooks that a point wants kept: read, bounded, and told to the engine as an event (docs/semantics.md 70)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from safar.channels.provider import Accepted
from safar.channels.sending.lines import Outcome
from safar.events.reading import read_json
from safar.lib.faults import Refused
from safar.outbox.finish import Finished
from safar.outbox.rows import printable
from safar.outbox.statements import statement

LARGEST = 8_000  # bytes of an answer that is kept whole
LONGEST_TEXT = 2_000  # characters of one that is no JSON, or larger


def keep_answers(
    conn: Connection[Any], outcomes: Sequence[Outcome], finished: Sequence[Finished], *, now: datetime | None
) -> None:
    """In the transaction that has written them down."""
    numbers = {one.key: one.id for one in finished if one.state == "accepted"}
    for outcome in outcomes:
        row, verdict = outcome.hand_over.prepared.ready.row, outcome.verdict
        if row.kind != "webhook" or not row.effect.get("keep_answer") or row.key not in numbers:
            continue
        if isinstance(verdict, Accepted):
            conn.execute(
                statement("answered", "safar.channels.webhooks"),
                {
                    "bucket": row.key.bucket,
                    "id": numbers[row.key],
                    "status": int(verdict.said[:3]) if verdict.said[:3].isdigit() else None,
                    "answer": Jsonb(readable(verdict.answer)),
                    "now": now,
                },
            )


def readable(answer: bytes) -> Any:
    """JSON as it is where an event can hold it, else its beginning as text; None for nothing."""
    if not answer.strip():
        return None
    if len(answer) <= LARGEST:
        try:
            return read_json(answer)
        except Refused:
            pass
    return printable(answer.decode("utf-8", "replace")[:LONGEST_TEXT])
