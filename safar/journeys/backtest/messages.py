"""A file of Segment messages, in order of acceptance, into a scratch inbox."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import msgspec
import psycopg

from safar.contacts.book import IdentityBook, Person
from safar.contacts.ids import bucket
from safar.events.inbox import NULL, escape
from safar.events.message import Accepted, check_message
from safar.events.reading import read_json
from safar.journeys.backtest.wanted import Wanted
from safar.lib.faults import Fault, Faults, Refused, said
from safar.lib.text import fold_digits

Progress = Callable[[int, int], None]
_COPY = """COPY inbox (lane, bucket, contact_id, workspace_id, received_at, applied_at, timestamp, type, name, message_id, properties, traits, consent, tags)
FROM STDIN"""
_MOST_FAULTS = 50
EVERYTHING = Wanted(None)
_AHEAD = timedelta(days=36500)
_encode = msgspec.json.Encoder().encode


class Cast:
    """Who is who in the file, and which messageIds it has brought. ids: number << 10 | bucket, numbers in the order of making."""

    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self._numbers = itertools.count(1)
        self.book = IdentityBook(self._new_id)
        self.currency: str | None = None
        self.seen: set[str] = set()
        self.heard_of: set[int] = set()  # ids of people of whom a message has come
        self.clock = datetime.min.replace(tzinfo=UTC)  # the greatest receivedAt so far: applied_at

    def _new_id(self, key: str) -> int:
        number = next(self._numbers)
        return number << 10 | (number * 617) % 1024

    def write(self, connection: psycopg.Connection[Any]) -> None:
        """Puts the contacts made so far into the scratch table."""
        made, self.book.changes.made = self.book.changes.made, []
        with (
            connection.cursor() as cursor,
            cursor.copy("COPY contact (bucket, id, workspace_id, key) FROM STDIN") as copy,
        ):
            for person in made:
                self.people[person.id] = person
                copy.write_row((bucket(person.id), person.id, 1, person.key))


def load_messages(
    connection: psycopg.Connection[Any],
    lines: Iterator[bytes],
    until: datetime,
    cast: Cast,
    lanes: int = 1,
    wanted: Wanted = EVERYTHING,
) -> int:
    """Puts every wanted message received up to ``until`` into the inbox; returns how many there were, wanted or not.

    Raises Refused with the lines at fault.
    """
    seen = cast.seen
    faults: list[Fault] = []
    count = 0
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                received, message = read_line(line)
            except Refused as refused:
                faults += [Fault(fault.place, fault.message, number) for fault in refused.faults]
                if len(faults) >= _MOST_FAULTS:
                    break
                continue
            cast.clock = max(cast.clock, received)
            if cast.clock > until or (message.message_id is not None and message.message_id in seen):
                continue
            if message.message_id is not None:
                seen.add(message.message_id)
            found = cast.book.resolve(message.names)
            if found is None or faults:
                continue
            person, merges = found
            if cast.currency is None and isinstance(currency := message.properties.get("currency"), str):
                cast.currency = currency
            for merge in merges:
                copy.write(
                    _row(
                        merge.loser,
                        received,
                        cast.clock,
                        received,
                        "merge",
                        "merge",
                        f'{{"into": {merge.winner.id}}}',
                        lanes,
                    )
                )
                copy.write(
                    _row(
                        merge.winner,
                        received,
                        cast.clock,
                        received,
                        "absorb",
                        "absorb",
                        f'{{"from": {merge.loser.id}}}',
                        lanes,
                    )
                )
            count += 1
            if person.id in cast.heard_of and not wanted.needs(message):
                continue
            cast.heard_of.add(person.id)
            copy.write(
                _row(
                    person,
                    received,
                    cast.clock,
                    message.timestamp,
                    message.type,
                    escape(message.name),
                    _json(message.properties),
                    lanes,
                    message,
                )
            )
        if faults:
            raise Refused(faults)
    cast.write(connection)
    return count


def open_lines(path: Path) -> IO[bytes]:
    """A file of lines, gzip or plain."""
    if path.suffix == ".gz":
        return gzip.open(path, "rb")  # type: ignore[return-value]
    return path.open("rb")


def read_line(line: bytes) -> tuple[datetime, Accepted]:
    """One line as (when it was received, the message). Raises Refused."""
    message = read_json(line)
    faults = Faults()
    if not isinstance(message, dict):
        raise Refused([Fault("", said("has to be an object"))])
    received = _moment(message.get("receivedAt", message.get("timestamp")))
    if received is None:
        raise Refused(
            [Fault("receivedAt", said("has to be a moment in ISO 8601 with its offset, such as 2026-11-21T08:00:00Z"))]
        )
    # The sender's clock was put right at the acceptance; recorded, a timestamp ahead of received_at is read as received_at.
    message = {key: value for key, value in message.items() if key not in ("sentAt", "originalTimestamp")}
    newest = received + _AHEAD if message.get("timestamp") is not None else received
    accepted = check_message(message, faults, received=newest, trusted=True)
    if accepted is None:
        raise Refused(faults)
    return received, accepted


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(fold_digits(value))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _json(value: dict[str, Any]) -> str:
    return _encode(value).replace(b"\\", b"\\\\").decode()


def _row(
    person: Person,
    received: datetime,
    applied: datetime,
    happened: datetime,
    type_: str,
    name: str,
    properties: str,
    lanes: int,
    message: Accepted | None = None,
) -> str:
    def optional(value: dict[str, Any] | None) -> str:
        return NULL if value is None else _json(value)

    place = bucket(person.id)
    message_id = NULL if message is None or message.message_id is None else escape(message.message_id)
    rest = "\t".join(
        optional(part) for part in ((message.traits, message.consent, message.tags) if message else (None, None, None))
    )
    return (
        f"{place % lanes}\t{place}\t{person.id}\t1\t{received.isoformat()}\t{applied.isoformat()}\t{happened.isoformat()}\t{type_}\t{name}\t{message_id}\t"
        f"{properties}\t{rest}\n"
    )
