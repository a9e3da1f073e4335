"""Where the contact stands with a journey."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable, Literal

from safar.lib.faults import Faults, said
from safar.segments.catalog import Catalog
from safar.segments.kinds import ConditionKind, Schema, Words, object_schema, read_choice, read_name, refuse_others
from safar.segments.lookups import exists, rows
from safar.segments.reading import Condition, Reading

STATES = ("inside", "finished", "never_entered")
_OPEN, _FINISHED = 0, 1  # enrollment.state


@dataclass(frozen=True)
class JourneyCondition(Condition):
    journey: str
    state: str

    def holds(self, r: Reading) -> Composable:
        journey_id = r.journeys.get(self.journey)
        if journey_id is None:
            return SQL("true") if self.state == "never_entered" else SQL("false")
        of_journey = SQL("v.journey_id = {}").format(Literal(journey_id))
        if self.state == "never_entered":
            return SQL("(NOT {})").format(exists(rows("enrollment", of_journey, r)))
        if self.state == "inside":
            return exists(rows("enrollment", _in_state(of_journey, _OPEN), r))
        finished = _in_state(of_journey, _FINISHED)
        return SQL("({} OR {})").format(
            exists(rows("enrollment", finished, r)), exists(rows("enrollment_past", finished, r))
        )

    def reads(self) -> frozenset[str]:
        return frozenset({f"journey:{self.journey}"})


class Journey(ConditionKind):
    key = "journey"
    label: ClassVar[Words] = {"en": "Journey", "fa": "سفر"}
    help: ClassVar[Words] = {
        "en": "Whether the contact is inside a journey now, has finished it at least once, or never entered it.",
        "fa": "اینکه مخاطب اکنون درون سفری است، دست‌کم یک بار آن را به پایان رسانده، یا هرگز وارد آن نشده است.",
    }
    examples = ({"journey": "winback", "is": "inside"}, {"journey": "welcome", "is": "never_entered"})

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        others = refuse_others(data, [self.key, "is"], faults)
        journey = read_name(data, self.key, faults)
        if "is" not in data:
            faults.add(
                said("say how they stand with it, such as `is: inside`; one of %(known)s", known=", ".join(STATES))
            )
            return None
        state = read_choice(data, "is", STATES, said("state of a journey"), faults)
        return None if others or journey is None or state is None else JourneyCondition(journey, state)

    def schema(self) -> Schema:
        schema = object_schema(self.key, {self.key: {"type": "string", "minLength": 1}, "is": {"enum": list(STATES)}})
        return {**schema, "required": [self.key, "is"]}


def _in_state(of_journey: Composable, state: int) -> Composable:
    return SQL("{} AND v.state = {}").format(of_journey, Literal(state))
