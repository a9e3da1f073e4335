"""What the contact said about hearing from us on a channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable

from safar.lib.faults import Faults, said
from safar.segments.catalog import Catalog
from safar.segments.kinds import ConditionKind, Schema, Words, object_schema, read_choice, refuse_others
from safar.segments.literals import text
from safar.segments.lookups import exists, rows
from safar.segments.reading import Condition, Reading

CHANNELS = ("email", "sms")
KEPT = ("given", "pending", "withdrawn")
STATES = (*KEPT, "unknown")


@dataclass(frozen=True)
class ConsentCondition(Condition):
    channel: str
    state: str

    def holds(self, r: Reading) -> Composable:
        channel = SQL("v.channel = {}").format(text(self.channel))
        if self.state == "unknown":
            return SQL("(NOT {})").format(exists(rows("consent", channel, r)))
        return exists(rows("consent", SQL("{} AND v.state = {}").format(channel, text(self.state)), r))

    def reads(self) -> frozenset[str]:
        return frozenset({f"consent:{self.channel}"})


class Consent(ConditionKind):
    key = "consent"
    label: ClassVar[Words] = {"en": "Consent", "fa": "رضایت"}
    help: ClassVar[Words] = {
        "en": "Looks at what the contact said about messages on a channel. `unknown` is whoever never said anything.",
        "fa": "می‌بیند مخاطب دربارهٔ دریافت پیام در یک کانال چه گفته است. «نامشخص» یعنی هرگز چیزی نگفته است.",
    }
    examples = ({"consent": "email", "is": "given"}, {"consent": "sms", "is": "unknown"})

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        others = refuse_others(data, [self.key, "is"], faults)
        channel = read_choice(data, self.key, CHANNELS, said("channel"), faults)
        if "is" not in data:
            faults.add(said("say what the consent is, such as `is: given`; one of %(known)s", known=", ".join(STATES)))
            return None
        state = read_choice(data, "is", STATES, said("state of consent"), faults)
        return None if others or channel is None or state is None else ConsentCondition(channel, state)

    def schema(self) -> Schema:
        schema = object_schema(self.key, {self.key: {"enum": list(CHANNELS)}, "is": {"enum": list(STATES)}})
        return {**schema, "required": [self.key, "is"]}
