"""What the simulator remembers: the world, its contacts, their trips, and the events that go through them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from . import durations, shop
from .values import Json, Money


@dataclass
class Happened:
    """One line of a contact's history."""

    name: str
    properties: dict[str, Json]
    timestamp: datetime
    seq: int


@dataclass(eq=False)
class Event:
    """An event while it is dealt with: what it is called, and everything it turned out to be in its step 1."""

    name: str
    properties: dict[str, Json]
    timestamp: datetime
    hops: int = 0
    late: bool = False
    external: bool = False
    absorbing: bool = False  # the event that makes a merged contact's past this contact's
    stops: bool = False  # more than 8 hops, or beyond the 200th: step 1 only
    touched: set[str] = field(default_factory=set)  # "event:…", "trait:…", "tag:…", "fact:…", "consent:…", "journey:…"
    zone_changed: bool = False
    created: bool = False
    signed_up: bool = False
    ordered: bool = False
    trait_changes: list[tuple[str, Json, Json]] = field(default_factory=list)  # trait, from, to
    said: dict[str, str] = field(default_factory=dict)  # channel or topic:… → what it became by this event
    left_every_topic: bool = False  # … after which every topic there is is left
    seq: int = 0
    topics_changed: bool = False  # what was said of one of the topics there are became something else
    cart_due: set[tuple[str, str]] = field(default_factory=set)  # journey, starting point
    left: set[str] = field(default_factory=set)  # journeys that this event ended


@dataclass
class Passage:
    point: str
    arrived_at: datetime
    left_at: datetime | None = None
    path: str | None = None


@dataclass(eq=False)
class Trip:
    """One enrollment between an entry and its end; a re-entry is a trip of its own."""

    journey: str
    start: str
    one_per: Json
    value_key: str | None
    order: int  # by the first entry for that one_per value
    entry: dict[str, Json]
    entry_seq: int
    entered_at: datetime
    goal_until: datetime | None
    hops: int
    last_stretch: datetime
    status: str = "open"
    reason: str | None = None
    goal_at: datetime | None = None
    passages: list[Passage] = field(default_factory=list)
    place: str | None = None  # where it stands
    arrival_seq: int = 0
    wake: datetime | None = None  # a delay's end or a wait's deadline
    flip: datetime | None = None  # a wait's earliest next_flip found since it last fired
    exit_flip: datetime | None = None  # the same for exit_when
    held_until: datetime | None = None  # a held-out trip's end that is still to come
    jumps: Counter[str] = field(default_factory=Counter)  # go_to → how often it was left by jump


@dataclass
class Contact:
    key: str
    number: int
    names: list[tuple[str, str]] = field(default_factory=list)  # (kind, name) in the order they were given
    merged_label: str | None = None  # its label as it was when it was merged
    clock: datetime | None = None  # of the last thing dealt with
    seq: int = 0
    begun: bool = False  # had its first event
    traits: dict[str, tuple[Json, datetime, int]] = field(default_factory=dict)  # null stays as a mark of its time
    consents: dict[str, tuple[str, datetime, int]] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    history: list[Happened] = field(default_factory=list)
    shop: shop.Shop = field(default_factory=lambda: shop.EMPTY)
    last_seen: datetime | None = None
    opens: int = 0
    clicks: int = 0
    last_open: datetime | None = None
    last_click: datetime | None = None
    unopened_in_a_row: int = 0
    members: set[str] = field(default_factory=set)
    segment_flips: dict[str, datetime | None] = field(default_factory=dict)
    trips: list[Trip] = field(default_factory=list)
    done: set[tuple[str, str, object]] = field(default_factory=set)  # journey, start, what is not to match again
    years: dict[tuple[str, str], int] = field(default_factory=dict)  # journey, start → the yearly day that is armed
    scheduled: dict[tuple[str, str], date] = field(
        default_factory=dict
    )  # journey, start → the day of a schedule that is armed
    pauses: dict[tuple[str, str], object] = field(
        default_factory=dict
    )  # journey, start → what its latest pause is known by
    queue: deque[Event] = field(default_factory=deque)
    current: Event | None = None  # the event being dealt with, None in a timer
    steps: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        users = (name for kind, name in self.names if kind == "user")
        return self.merged_label or next(users, self.key)

    def trait(self, name: str) -> Json:
        return self.traits[name][0] if name in self.traits else None

    def facts(self) -> dict[str, Any]:
        """Numbers are int or Decimal, moments are datetime, missing is None."""
        return {
            "orders": self.shop.orders,
            "spent": self.shop.spent,
            "average_order": self.shop.average_order,
            "last_order": self.shop.last_order,
            "first_order": self.shop.first_order,
            "cart_value": self.shop.cart_value,
            "cart_since": self.shop.cart_since,
            "last_seen": self.last_seen,
            "last_open": self.last_open,
            "last_click": self.last_click,
            "opens": self.opens,
            "clicks": self.clicks,
            "unopened_in_a_row": self.unopened_in_a_row,
        }


@dataclass
class World:
    journeys: dict[str, dict[str, Any]]  # key -> definition, in order
    segments: dict[str, dict[str, Any]]  # key -> condition, in order
    zone: str
    calendar: str
    late_events: str
    money: Money
    logging: bool = False
    watched: list[str] = field(default_factory=list)  # segments that a starting point names
    told: set[str] = field(default_factory=set)  # journeys whose opening and ending are events
    contacts: list[Contact] = field(default_factory=list)
    names: dict[tuple[str, str], Contact] = field(default_factory=dict)
    refusals: dict[str, Counter[str]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)  # what happened, for coverage
    topics: list[str] = field(default_factory=list)  # keys of those there are
    quiet: list[dict[str, Any]] = field(default_factory=list)  # rules of quiet hours
    hours: dict[str, Any] = field(default_factory=dict)  # {"salt", "house"}: best hours by lot (best_hour.py)
    template_topics: dict[str, str] = field(default_factory=dict)  # template → its topic

    def has_left_every_topic(self, contact: Contact) -> bool:
        """False where there are no topics."""
        said = [contact.consents.get(f"topic:{key}") for key in self.topics]
        return bool(said) and all(one is not None and one[0] == "left" for one in said)

    def zone_of(self, contact: Contact) -> str:
        own = contact.trait("timezone")
        return own if durations.is_zone(own) else self.zone

    def add(self, contact: Contact, instant: datetime, duration: str) -> datetime:
        return durations.add(instant, duration, self.zone_of(contact), self.calendar)

    def note(self, contact: Contact, text: Callable[[], str]) -> None:
        if self.logging:
            contact.steps.append(f"{durations.show(contact.clock)} {text()}")
