"""The rows of the outbox as values, and how they cross into a statement."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

SENT = ("accepted", "assumed_sent")  # states of a message that has gone out, so far as anybody knows
CHANNEL = "safar_outbox"  # NOTIFY by the engine: there may be something due

LEASE = timedelta(seconds=60)  # of a claim: rendering and waiting for an idle connection
SENDING_LEASE = timedelta(minutes=5)  # of a hand-over: longer than all time-outs of one SMTP dialogue together


class Key(NamedTuple):
    """What makes a decision the only one of its kind."""

    bucket: int
    enrollment_id: int
    entry_no: int
    trail_pos: int
    point: int

    def columns(self) -> dict[str, int]:
        return self._asdict()


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that is ours under ``token`` until its lease is over."""

    key: Key
    id: int
    workspace_id: int
    contact_id: int
    journey_id: int
    kind: str  # message | notice | test | webhook | digest
    channel: str  # email | sms | notice | webhook | destination
    effect: Mapping[str, Any]
    decided_at: datetime
    due_at: datetime
    not_after: datetime | None
    attempts: int  # hand-overs begun before this one
    refusals: int  # of these, answered "not now"
    token: str


@dataclass(frozen=True, slots=True)
class Begun:
    """What ``begin`` made of a row. verdict None: hand it over now, as ``attempt``; else ``word:reason`` (see
    begin.sql).
    """

    key: Key
    verdict: str | None
    attempt: int


def as_json(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows for ``json_to_recordset``. ASCII, so that no text can be one that the wire refuses."""
    return json.dumps(list(rows), separators=(",", ":"))


def printable(text: str | None) -> str | None:
    """Words from outside as the database takes them: no NUL, no half characters."""
    return None if text is None else text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
