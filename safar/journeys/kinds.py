"""What a kind of point says of itself, as data and expressions. Compiler and engine never ask which kind it is.

A kind is one file in starting_points/, rules/ or actions/. It inherits one of the roles below.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from psycopg.sql import SQL, Composable

from safar.lib.faults import Faults
from safar.segments.reading import Condition, Reading

if TYPE_CHECKING:
    from safar.lib.durations import Duration

Params = Mapping[str, Any]  # as checked: conditions are Condition objects, durations Duration objects
Words = Mapping[str, str]  # language → text


@dataclass(frozen=True)
class Parameter:
    """One parameter of a kind. Form, JSON Schema, reference page and check come from it.

    type: text, number, boolean, any, duration, offset (a duration that may be negative), condition, where, event,
    template, tag, trait, segment, journey, topic, destination, shares, branches, values (a mapping of names to values), awaited, until, moment, variants;
    how each is read stands in definition/types.py. What has a default is never missing from checked parameters.
    """

    name: str
    type: str
    label: Words
    help: Words = field(default_factory=dict)
    required: bool = True
    choices: Sequence[str] = ()
    default: Any = None


class Kind(ABC):
    """Common to all points."""

    key: ClassVar[str] = ""
    icon: ClassVar[str] = ""  # a name of tabler.io/icons; empty: the one of its section
    label: ClassVar[Words]
    help: ClassVar[Words]
    parameters: ClassVar[Sequence[Parameter]] = ()
    example: ClassVar[Mapping[str, Any]] = {}  # parameters as one would write them, for the reference and the tests
    leads_back: ClassVar[frozenset[str]] = frozenset()  # paths that are no part of the order of the map

    def paths(self, p: Params) -> Sequence[str]:
        """Names of the ways out, in order; the index is what decisions record."""
        return ("next",)

    def check(self, p: Params, faults: Faults) -> None:  # noqa: B027 (most kinds have nothing to add)
        """Whatever the parameters' types do not say. Adds to faults; never raises."""

    @abstractmethod
    def summary(self, p: Mapping[str, Any], language: str) -> str:
        """One line for the map, such as «waits 3 days». p: the parameters as they were written and found right."""


class StartingPoint(Kind):
    """Brings contacts in. Every one may have a ``filter`` (a condition), which the compiler adds."""

    def already(self, p: Params, r: Reading) -> Composable | None:
        """Whether it holds at r.at for somebody for whom nothing happens at that moment: boolean over c and f, never NULL.

        None: it is no state, so nobody matches it already. What is due exactly at r.at and is armed for it does not hold yet.
        """
        return None

    def already_entry(self, p: Params, r: Reading) -> Composable:
        """The entry's properties of those who match already: jsonb over c and f."""
        return SQL("'{}'::jsonb")

    def by_publishing(self, p: Params) -> bool:
        """True where publishing brings in those who match already without being asked to."""
        return False

    def brings(self, p: Params, r: Reading) -> Composable | None:
        """Whom it could bring in, as far as that can be known beforehand: boolean over c and f; None: that cannot be known."""
        return None


class EventStart(StartingPoint):
    """Set off by an event, or by one of its faces.

    SQL sees the round's row as ``t``: name, type, properties, traits jsonb (as sent), ts (timestamp), seq, created bool,
    ordered bool, tags_added text[], tags_removed text[], traits_changed jsonb {trait: [from, to]}, consent_changed
    jsonb {channel: state}, tokens text[].
    """

    @abstractmethod
    def sets_off(self, p: Params) -> frozenset[str]:
        """Tokens one of which the event must bear.

        ``event:NAME``, ``tag:TAG``, ``trait:KEY``, ``consent:CHANNEL``, ``created``, ``ordered``, ``topics_left``.
        """

    @abstractmethod
    def matches(self, p: Params, r: Reading) -> Composable:
        """Boolean over t (and c, f)."""

    def entry(self, p: Params, r: Reading) -> Composable:
        """The entry's properties: jsonb."""
        return SQL("t.properties")


class StateStart(StartingPoint):
    """A state that becomes true as time goes: matched once, at a timer (or at the event, where ``at_once``)."""

    at_once: ClassVar[bool] = False  # already due when its event is applied: matches there (late: counts as matched)
    includes_now: ClassVar[bool] = False  # due exactly now is not past
    lazy: ClassVar[bool] = False  # an armed moment that is early is left; its timer reads again
    rearms: ClassVar[bool] = False  # a change forgets what was matched

    @abstractmethod
    def reads(self, p: Params) -> frozenset[str]:
        """Tokens of what moves it."""

    @abstractmethod
    def due(self, p: Params, r: Reading) -> Composable:
        """When it becomes true: timestamptz over c and f, NULL where there is nothing to wait for."""

    @abstractmethod
    def mark(self, p: Params, r: Reading) -> Composable:
        """Text that is the same as long as it is the same occasion."""

    @abstractmethod
    def entry(self, p: Params, r: Reading) -> Composable:
        """The entry's properties: jsonb."""

    def already(self, p: Params, r: Reading) -> Composable | None:
        """A state that has become true holds until what moves it moves."""
        return SQL("coalesce({} <= {}, false)").format(self.due(p, r), r.at)

    def already_entry(self, p: Params, r: Reading) -> Composable:
        return self.entry(p, r)

    def brings(self, p: Params, r: Reading) -> Composable | None:
        """Whoever has a moment, past or to come."""
        return SQL("({} IS NOT NULL)").format(self.due(p, r))

    def besides(self, p: Params, r: Reading) -> Composable | None:
        """What else must be true at that moment: boolean over c and f. None: nothing."""
        return None

    def segments(self, p: Params) -> frozenset[str]:
        """Keys of the segments whose condition is read at that moment."""
        return frozenset()


class SeriesStart(StateStart):
    """A state that several things of the contact can be in at once: each is matched once, when its own time is over."""

    @abstractmethod
    def coming(self, p: Params, r: Reading, *, included: bool) -> Composable:
        """The earliest moment after r.at, or from r.at on, at which the time of one of them is over: timestamptz, NULL where there is none."""

    def due(self, p: Params, r: Reading) -> Composable:
        return self.coming(p, r, included=True)

    def mark(self, p: Params, r: Reading) -> Composable:
        """None is needed: a moment that has come is past."""
        return SQL("NULL::text")

    def already(self, p: Params, r: Reading) -> Composable | None:
        return None

    def brings(self, p: Params, r: Reading) -> Composable | None:
        return None


class RecurringStart(StateStart):
    """A state that comes round again: an occasion is known by a number, and once one was matched the next is armed."""

    @abstractmethod
    def coming(self, p: Params, r: Reading, *, included: bool) -> Composable:
        """The number of the first occasion after r.at, or from r.at on; NULL where none comes: integer."""

    @abstractmethod
    def moment(self, p: Params, r: Reading, occasion: Composable) -> Composable:
        """When the occasion of that number is: timestamptz over c, NULL where there is none."""

    def following(self, p: Params, r: Reading, occasion: Composable) -> Composable:
        """The number of the occasion after that one: integer, NULL where it is the last."""
        return SQL("({} + 1)").format(occasion)

    def due(self, p: Params, r: Reading) -> Composable:
        return self.moment(p, r, self.coming(p, r, included=True))

    def mark(self, p: Params, r: Reading) -> Composable:
        return SQL("({})::text").format(self.coming(p, r, included=True))


class Decision(Kind):
    """Chooses a path in no time."""

    @abstractmethod
    def ways(self, p: Params, r: Reading, point: str) -> Sequence[tuple[Composable | None, str]]:
        """(boolean, path) in order, first match wins; the last has None and takes the rest. Paths as in ``paths``."""

    def portions(self, p: Params) -> Mapping[str, float] | None:
        """Path → the part of people who take it, where that is known of nobody in particular; None where it depends on the contact."""
        return None

    def reads(self, p: Params) -> frozenset[str]:
        """Tokens of what it reads: a decision that reads what its stretch changed begins a stretch of its own."""
        return frozenset()

    def uses(self, p: Params) -> frozenset[str]:
        """As Condition.uses."""
        return frozenset()


@dataclass(frozen=True)
class Awaited:
    """What wakes a park before its time: one of several events, or a condition, read when one of its tokens comes."""

    events: Sequence[tuple[str, Any]] = ()  # (event name, Where or None)
    condition: Condition | None = None


class Park(Kind):
    """A place where an enrollment can stand."""

    def passes(self, p: Params, r: Reading) -> Composable | None:
        """Boolean on arrival: goes on at once by the woken path. None: never."""
        return None

    @abstractmethod
    def wake_at(self, p: Params, r: Reading) -> Composable:
        """When its time is over, counted from r.at: timestamptz; NULL: passes at once by ``due_path``."""

    def stands(self, p: Params) -> bool:
        """True where nobody ever passes it at once: the compiler then spends no decision on it."""
        return False

    passed_goes_on: ClassVar[bool] = True  # wake_at not after the arrival: goes on at once by due_path (a wait stands)

    def awaits(self, p: Params) -> Awaited:
        return Awaited()

    def due_path(self, p: Params) -> str:
        return "next"

    def woken_path(self, p: Params) -> str:
        return "next"

    def uses(self, p: Params) -> frozenset[str]:
        return frozenset()


class Jump(Kind):
    """Leads back by ``jump`` so many times a trip, then on by ``next``. Takes no time: a jump goes on in the same stretch of a trip."""

    leads_back = frozenset({"jump"})

    def paths(self, p: Params) -> Sequence[str]:
        return ("jump", "next")

    @abstractmethod
    def times(self, p: Params) -> int:
        """At least 1."""


class End(Kind):
    """Ends the enrollment with a reason."""

    def paths(self, p: Params) -> Sequence[str]:
        return ()

    @abstractmethod
    def reason(self, p: Params) -> str: ...


@dataclass(frozen=True)
class Outgoing:
    """What says when a message may go: people stand before it while they have quiet hours. topic: the point's own; templates: of all variants."""

    channel: str
    marketing: bool
    topic: str | None
    templates: Sequence[str]
    best_hour: bool = False  # at the hour at which the contact opens and clicks, within a day


@dataclass(frozen=True)
class Queue:
    """A row for the outbox. kind: message | notice | webhook; effect: the point's own words as JSON."""

    kind: str
    effect: Mapping[str, Any]
    not_after: Duration | None = None  # counted from the decision
    outgoing: Outgoing | None = None  # None: it goes at once, whatever the hour


@dataclass(frozen=True)
class SetTag:
    tag: str
    present: bool


@dataclass(frozen=True)
class SetTraits:
    values: Mapping[str, Any]  # None removes


@dataclass(frozen=True)
class SetConsent:
    """channel: ``email``, ``sms`` or ``topic:<key>``; state: one that a consent or a topic can have."""

    channel: str
    state: str


@dataclass(frozen=True)
class Emit:
    event: str
    properties: Mapping[str, Any]


@dataclass(frozen=True)
class Send:
    """The contact is sent to the journey of that key: an internal event, which its starting point from_journey hears."""

    journey: str


@dataclass(frozen=True)
class Take:
    """The contact's open enrollments in the journey of that key end: an internal event, looked at in its step 2."""

    journey: str


@dataclass(frozen=True)
class Note:
    """An internal event that stays with the contact. parts: texts, and paths such as ("entry", "total") or ("contact", "city")."""

    parts: Sequence[str | tuple[str, ...]]


Effect = Queue | SetTag | SetTraits | SetConsent | Emit | Send | Take | Note


class Action(Kind):
    """Does something and goes on by ``next``. Does not decide: the database row it causes is data."""

    @abstractmethod
    def effect(self, p: Params) -> Effect: ...


def outgoing(kind: Kind, p: Params) -> Outgoing | None:
    """What goes to the contact from a point of that kind; None where nothing does. Before what goes people can stand."""
    effect = kind.effect(p) if isinstance(kind, Action) else None
    return effect.outgoing if isinstance(effect, Queue) else None
