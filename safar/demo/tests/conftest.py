from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from safar.demo.diary import Message
from safar.demo.people import Person
from safar.demo.shop import Town, build_towns

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)  # Nowruz lies in the 180 days before it
CONTACTS = 2_000


@pytest.fixture(scope="session")
def towns() -> tuple[Town, ...]:
    return build_towns(CONTACTS, NOW)


@pytest.fixture(scope="session")
def everybody(towns: Sequence[Town]) -> list[tuple[Town, Person, list[Message]]]:
    """Every contact of both shops with their messages in order."""
    found = []
    for town in towns:
        for number in range(town.contacts):
            person, entries = town.diary(number)
            found.append((town, person, [message for _, _, message in entries]))
    return found
