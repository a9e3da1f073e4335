"""The events of a shop, as its Segment client would have sent them: the same ones for the same seed, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from safar.demo.diary import Diary, Entry, Message
from safar.demo.life import live
from safar.demo.people import Person, draw_person
from safar.demo.seasons import Season
from safar.demo.shops import SHARES, Shop, read_shops

DAYS = 180


@dataclass(frozen=True)
class Town:
    """One shop with its people. contacts: of this shop; seed: another one, other people."""

    shop: Shop
    contacts: int
    season: Season
    seed: int

    def person(self, number: int) -> Person:
        """Contact `number`, from 0."""
        return self._draw(number)[0]

    def diary(self, number: int) -> tuple[Person, list[Entry]]:
        """A contact and all their messages in order of receipt. Every contact has a random source of their own, so this
        does not depend on who was asked for before, or on how many there are.
        """
        person, rng = self._draw(number)
        diary = Diary(self.shop, person, rng, self.season.end, str(self.seed))
        live(self.shop, person, self.season, diary, rng)
        diary.entries.sort(key=_order)
        return person, diary.entries

    def messages(self) -> Iterator[Message]:
        """All messages in order of receipt, as dictionaries with timestamp and receivedAt."""
        entries = [
            (received, person, number, message)
            for person in range(self.contacts)
            for received, number, message in self.diary(person)[1]
        ]
        entries.sort(key=lambda entry: entry[:3])
        for *_, message in entries:
            yield message

    def _draw(self, number: int) -> tuple[Person, Random]:
        rng = Random(self.seed << 40 | self.shop.number << 32 | number)
        return draw_person(self.shop, number, rng), rng


def build_towns(contacts: int, now: datetime, seed: int = 1, days: int = DAYS) -> tuple[Town, ...]:
    """Both shops over the `days` before `now`. contacts: of both together, at least 1 each; now: with a zone."""
    return tuple(
        Town(shop, max(1, round(contacts * SHARES[shop.slug])), Season(shop, now, days), seed) for shop in read_shops()
    )


def _order(entry: Entry) -> tuple[int, int]:
    return entry[0], entry[1]
