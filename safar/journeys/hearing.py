"""What starting points have in common that hear an event by its name: each parameter that is given says what one property must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable

from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.saying import say_where
from safar.journeys.words import choose, listed, quoted
from safar.lib.faults import Faults
from safar.segments.catalog import Catalog
from safar.segments.literals import texts
from safar.segments.operators import parse_where
from safar.segments.reading import Reading

WHERE = Parameter(
    "where",
    "where",
    {"en": "Where", "fa": "به شرط"},
    {"en": "What its properties must be.", "fa": "مشخصه‌های رویداد چه باشند."},
    required=False,
)


@dataclass(frozen=True)
class Ask:
    """What a parameter asks of a property: by which operator of ``where``, and how it is said; {} stands for the value."""

    property: str
    operator: str
    en: str
    fa: str


class Hearing(EventStart):
    """Goes by the name in the history, like the kind ``event`` and all conditions; all that is given must hold."""

    names: ClassVar[tuple[str, ...]]
    asks: ClassVar[Mapping[str, Ask]] = {}
    said: ClassVar[tuple[str, str]]  # what happened, in English and in Persian

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset(f"event:{name}" for name in self.names)

    def matches(self, p: Params, r: Reading) -> Composable:
        tests: list[Composable] = [SQL("t.name = ANY ({})").format(texts(self.names))]
        for name, ask in self.asks.items():
            if p.get(name) is not None:
                tests.append(property_is(ask.property, ask.operator, p[name]).holds(SQL("t.properties"), r))
        if p.get("where") is not None:
            tests.append(p["where"].holds(SQL("t.properties"), r))
        return SQL("({})").format(SQL(" AND ").join(tests))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        parts = [choose(language, *self.said)]
        for name, ask in self.asks.items():
            if p.get(name) is not None:
                parts.append(choose(language, ask.en, ask.fa).format(quoted(p[name], language)))
        if p.get("where") is not None:
            parts.append(say_where(p["where"], language))
        return listed(parts, language)


def property_is(name: str, operator: str, value: Any) -> Any:
    """A ``where`` of one test. Its values have been checked by the parameter's type."""
    where = parse_where({name: {operator: value}}, Faults(), Catalog())
    assert where is not None
    return where


def optional(
    name: str, kind: str, label: tuple[str, str], help: tuple[str, str], choices: tuple[str, ...] = ()
) -> Parameter:
    """A parameter that may be left out; labels and helps in English and in Persian."""
    labels, helps = {"en": label[0], "fa": label[1]}, {"en": help[0], "fa": help[1]}
    return Parameter(name, kind, labels, helps, required=False, choices=choices)
