"""Whatever people send stands in traits, entries and events; no condition is NULL over it, and none raises."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from psycopg.sql import SQL

from safar.segments.operators import operators
from safar.segments.tests.conftest import NOW, Ground, condition

WRITTEN: dict[str, list[Any]] = {
    "is": ["5", 5, -1.5, True, False, "كرج", "", "%s", "{}", "' OR 1=1 --", "\\", 1e80],
    "is_not": ["x", 5],
    "in": [["a", "5", 5, 5.5, True], ["%"], [1]],
    "contains": ["5", "%", "\\"],
    "starts_with": ["2", "\\x"],
    "at_least": [5, -1e90, "a", "5"],
    "at_most": [5, "ی"],
    "more_than": [0, ""],
    "less_than": [0.1, "~"],
    "exists": [True, False],
    "matches": ["^\\d+$", "(?i)a|\\bb", "[^\\pL]", "\\\\", "(?:)"],
    "same_as": ["entry.x", "entry.x.y"],
    "before": ["P1D", "-P1000Y", "P1000Y", "PT0S", "P1M"],
    "within": ["P1D", "-P1000Y", "P1000Y", "P1Y1M1DT1H"],
    "anniversary_within": ["P0D", "P7D", "P1000Y", "P1M"],
}
SHAPES: list[Any] = [
    None, True, False, 0, 5, -0.5, 1e300, 1e-300, 10**400, "", " ", "5", "۵", "abc", "كرج", "2026-05-05", "0001-01-01", "9999-12-31",
    "9999-12-31T23:59:59.999999-15:59", "0001-01-01T00:00+15:59", "2026-02-30", "infinity", "now", "NaN", "%s%%", "\\", "'", "\U0010ffff",
    "a" * 3000, [], [1, "a", None], {}, {"y": 5}, {"y": {"y": "5"}}, [[[]]], "e\u0301", "\u0000".replace("\0", "-"), "{}", "null",
]  # fmt: skip


def anything(chance: random.Random, depth: int = 3) -> Any:
    kind = chance.randrange(8)
    if kind < 2 and depth:
        return {chance.choice("xyz"): anything(chance, depth - 1) for _ in range(chance.randint(0, 3))}
    if kind == 2 and depth:
        return [anything(chance, depth - 1) for _ in range(chance.randint(0, 3))]
    if kind == 3:
        return chance.choice([chance.randrange(-(10**30), 10**30), chance.uniform(-1e9, 1e9), chance.randrange(10)])
    if kind == 4:
        return "".join(chance.choice("0123456789-:TZ.+ abي۵%\\'\"") for _ in range(chance.randint(0, 25)))
    return chance.choice(SHAPES)


@pytest.fixture(scope="module")
def crowd(ground: Ground) -> list[int]:
    """Contacts whose trait x, entry property x and event property x are all kinds of things."""
    chance = random.Random(11)
    values = [*SHAPES, *(anything(chance) for _ in range(400))]
    zones = [None, "America/New_York", "Pacific/Apia", "Antarctica/Troll"]
    made = []
    for value in values:
        traits: Any = value if isinstance(value, dict) and chance.random() < 0.3 else {"x": value}
        made.append(
            ground.contact(
                traits=traits,
                zone=chance.choice(zones),
                events=[("E", "2026-05-01T00:00Z", {"x": value}), ("F", NOW, traits)],
            )
        )
    assert json.dumps(values)
    return made


def conditions_on(path: str) -> list[dict[str, Any]]:
    assert set(WRITTEN) == set(operators())
    timed = [key for key, operator in operators().items() if operator.timed]
    one = [(key, value) for key, values in WRITTEN.items() for value in values]
    found: list[dict[str, Any]] = [{kind: path, key: value} for kind in ("trait", "entry") for key, value in one]
    found += [{"event": "E", "where": {path: {key: value}}} for key, value in one if key not in timed]
    found += [{"event": name, "within": value} for name in "EF" for value in ("P1D", "P1000Y", "PT0.000001S", "P1M")]
    return [*found, *({"not": data} for data in found)]


@pytest.mark.parametrize("path", ["x", "x.y", "x.y.y", "0", "x.0"])
@pytest.mark.parametrize("calendar", ["gregorian", "jalali"])
def test_never_null_never_raises(ground: Ground, crowd: list[int], path: str, calendar: str) -> None:
    # Each contact's traits serve as its entry as well.
    r = ground.reading(entry=SQL("c.traits"), calendar=calendar)
    read = [condition(data) for data in conditions_on(path)]
    for some in (read[n : n + 40] for n in range(0, len(read), 40)):
        values = [SQL("({}) IS NULL").format(part.holds(r)) for part in some]
        flips = [
            SQL("coalesce({} <= {}, false)").format(flip, r.at) for part in some if (flip := part.flip(r)) is not None
        ]
        query = SQL(
            "SELECT bool_or({}), count(*) FROM contact c LEFT JOIN contact_facts f ON f.bucket = c.bucket AND f.contact_id = c.id"
        ).format(SQL(" OR ").join([*values, *flips]))
        assert ground.conn.execute(query).fetchone() == (False, len(crowd))
