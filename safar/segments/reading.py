"""The one contract between a condition and whoever reads it: what the names in its SQL mean, what it says of itself.

Filters, branches, waits, goals, exit_when and segments all read conditions through this file.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from psycopg.sql import SQL, Composable


@dataclass(frozen=True)
class Reading:
    """Where a condition's SQL stands. Every member is an expression over the rows of the surrounding statement.

    The surrounding statement has contact as ``c`` and contact_facts as ``f`` (both joined, f may be all NULL for a
    contact that has no row: read its numbers through coalesce). Conditions look further rows up under the alias ``v``
    and ``w``, which the surrounding statement must leave to them.
    """

    at: Composable  # the clock: timestamptz; all that is ordered before it is in the tables, nothing after
    zone: Composable  # the contact's zone, never null: text
    calendar: str = "gregorian"  # the workspace's: gregorian | jalali
    bucket: Composable = field(default_factory=lambda: SQL("c.bucket"))
    contact: Composable = field(default_factory=lambda: SQL("c.id"))
    traits: Composable = field(default_factory=lambda: SQL("c.traits"))
    facts: Composable = field(default_factory=lambda: SQL("f"))  # the alias
    entry: Composable | None = None  # the entry's properties: jsonb
    entry_seq: Composable | None = None  # event.seq greater than this came after the entry
    since_seq: Composable | None = None  # … after the arrival at the point
    from_entry: bool = False  # exit_when: an event condition without within, times or since counts from the entry
    journey: str | None = None  # key of the journey the condition stands in, for {message: point}
    segments: Mapping[str, Condition] = field(default_factory=dict)  # key → its condition, put in place
    occasions: Mapping[str, Sequence[date]] = field(default_factory=dict)  # key → days, in order
    journeys: Mapping[str, int] = field(default_factory=dict)  # key → journey_id; one not named was never entered


class Condition(ABC):
    """A statement about a contact. Parsed and checked by its kind; immutable."""

    @abstractmethod
    def holds(self, r: Reading) -> Composable:
        """Its truth at r.at: a boolean expression that is never NULL and never raises, whatever the values."""

    def flip(self, r: Reading) -> Composable | None:
        """The earliest moment after r.at at which time alone may change it: timestamptz, NULL for never.

        None: never at all.
        """
        return None

    @abstractmethod
    def reads(self) -> frozenset[str]:
        """What can change it, as tokens: ``event:NAME``, ``trait:KEY``, ``fact:NAME``, ``tag:TAG``, ``consent:CHANNEL``,
        ``journey:KEY``.

        The token ``*`` (a change of the contact's zone, an absorbed history) concerns everything and is not listed.
        """

    def uses(self) -> frozenset[str]:
        """Which of ``entry`` ``entry_seq`` ``since_seq`` it needs from the reading, by itself or through its parts.

        A reading with ``from_entry`` brings entry_seq in any case.
        """
        return frozenset()

    def parts(self) -> tuple[Condition, ...]:
        """The conditions it is made of, a segment's own included."""
        return ()
