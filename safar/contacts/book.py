"""Whose a message is: the rules of docs/semantics.md 3 and 4, without a database.

Ingestion loads a book with the rows a batch needs (``resolve``); the back-test keeps one for a whole file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from safar.contacts.names import ANONYMOUS, EMAIL, PHONE, USER, Names

Name = tuple[int, str]  # kind, value


@dataclass(slots=True, eq=False)
class Person:
    """A contact as far as its names go.

    key: the first name it was ever given; user: its first userId. anonymous: no name but anonymousIds, so that a public
    key may merge it into a contact.
    """

    id: int
    key: str
    user: str | None = None
    anonymous: bool = True
    names: list[Name] = field(default_factory=list)  # as given; only those this book gave or was told
    merged_into: Person | None = None
    merged_label: str | None = None

    @property
    def label(self) -> str:
        """What listings call it: its first userId, else its key; of a merged contact, as it was then."""
        return self.merged_label or self.user or self.key

    @property
    def survivor(self) -> Person:
        """Whom a merged contact is by now; itself if it was not merged."""
        person = self
        while person.merged_into is not None:
            person = person.merged_into
        return person


@dataclass(slots=True)
class Merge:
    """loser's past becomes winner's."""

    loser: Person
    winner: Person


@dataclass(slots=True)
class Changes:
    """What a book did since it was made: rows to write."""

    made: list[Person] = field(default_factory=list)
    given: list[tuple[Name, Person]] = field(default_factory=list)
    merged: list[Merge] = field(default_factory=list)
    first_users: list[Person] = field(default_factory=list)  # known before, and named by a userId only now

    def __bool__(self) -> bool:
        return bool(self.made or self.given or self.merged)


NOTHING: tuple[Merge, ...] = ()


class IdentityBook:
    """Names and whose they are. new_id gives a made contact's id from its key."""

    def __init__(self, new_id: Callable[[str], int]) -> None:
        self.new_id = new_id
        self.changes = Changes()
        self._users: dict[str, Person] = {}
        self._anonymous: dict[str, Person] = {}
        self._emails: dict[str, Person] = {}
        self._phones: dict[str, Person] = {}
        self._kinds = {USER: self._users, ANONYMOUS: self._anonymous, EMAIL: self._emails, PHONE: self._phones}

    def know(self, kind: int, value: str, person: Person) -> None:
        """Tell the book of a name that stands already."""
        self._kinds[kind][value] = person
        person.names.append((kind, value))
        if kind != ANONYMOUS:
            person.anonymous = False

    def resolve(self, names: Names) -> tuple[Person, tuple[Merge, ...]] | None:
        """The contact of a message, made if need be, and the merges that come before the message.

        None where the message names nobody.
        """
        user, anonymous, email, phone, _, alias, _ = names
        if not alias and email is None and phone is None:
            # Nearly every message: the names are known and lead to one contact.
            if user is not None:
                person = self._users.get(user)
                if person is not None and person.merged_into is None:
                    if anonymous is None:
                        return person, NOTHING
                    if self._anonymous.get(anonymous) is person:
                        return person, NOTHING
            elif anonymous is not None:
                person = self._anonymous.get(anonymous)
                if person is not None and person.merged_into is None:
                    return person, NOTHING
        return self._resolve_alias(names) if alias else self._resolve(names)

    def find(self, kind: int, value: str) -> Person | None:
        """The contact that has this name now."""
        person = self._kinds[kind].get(value)
        if person is None or person.merged_into is None:
            return person
        person = self._kinds[kind][value] = person.survivor
        return person

    def _resolve(self, names: Names) -> tuple[Person, tuple[Merge, ...]] | None:
        given = given_names(names)
        if not given:
            return None
        person = next((p for p in (self.find(kind, value) for kind, value in given) if p is not None), None)
        if person and person.user is not None and names.user is not None and self.find(USER, names.user) is None:
            person = None  # a shared device or mailbox does not fuse two people
        if person is None:
            person = self._make(given[0])
        return person, self._give(person, given, lambda p: p.user is None and (names.trusted or p.anonymous))

    def _resolve_alias(self, names: Names) -> tuple[Person, tuple[Merge, ...]] | None:
        given = given_names(names)
        previous = names.previous
        if not given or previous is None:
            return None
        former = self.find(USER, previous) or self.find(ANONYMOUS, previous)
        if former is not None and not (names.trusted or former.anonymous):
            return self._resolve(names._replace(alias=False, previous=None))
        person = self.find(*given[0]) or former or self._make(given[0])
        if former is None:
            given.append((ANONYMOUS, previous))
        merges = self._give(person, given, lambda p: names.trusted or p.anonymous)
        former = self.find(USER, previous) or self.find(ANONYMOUS, previous)
        if former is not None and former is not person:
            merges = (*merges, self._merge(former, person))
        return person, merges

    def _make(self, first: Name) -> Person:
        person = Person(self.new_id(first[1]), first[1])
        self.changes.made.append(person)
        return person

    def _give(self, person: Person, names: list[Name], may_merge: Callable[[Person], bool]) -> tuple[Merge, ...]:
        """Give the contact every name that nobody has; whose name it is and who may be merged is merged into it."""
        merges: list[Merge] = []
        for name in names:
            owner = self.find(*name)
            if owner is None:
                if name[0] == USER and person.user is None:
                    person.user = name[1]
                    self.changes.first_users.append(person)
                self.know(*name, person)
                self.changes.given.append((name, person))
            elif owner is not person and may_merge(owner):
                merges.append(self._merge(owner, person))
        return tuple(merges)

    def _merge(self, loser: Person, winner: Person) -> Merge:
        loser.merged_label = loser.label
        loser.merged_into = winner
        winner.names += loser.names
        loser.names = []
        winner.anonymous = winner.anonymous and loser.anonymous
        if winner.user is None and loser.user is not None:
            winner.user = loser.user
            self.changes.first_users.append(winner)
        merge = Merge(loser, winner)
        self.changes.merged.append(merge)
        return merge


def given_names(names: Names) -> list[Name]:
    """The names in the order in which they are looked up."""
    pairs = zip((USER, ANONYMOUS, EMAIL, PHONE), names[:4], strict=True)
    return [(kind, value) for kind, value in pairs if value is not None]
