"""What the contact said about hearing of a topic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable

from safar.contacts.topics import CHANNEL_PREFIX, STATES, TOPIC
from safar.lib.faults import Faults, said
from safar.segments.catalog import Catalog
from safar.segments.kinds import ConditionKind, Schema, Words, object_schema, read_choice, read_name, refuse_others
from safar.segments.literals import text
from safar.segments.lookups import exists, rows
from safar.segments.reading import Condition, Reading

UNKNOWN = "unknown"


@dataclass(frozen=True)
class TopicCondition(Condition):
    topic: str
    state: str

    def holds(self, r: Reading) -> Composable:
        said = SQL("v.channel = {}").format(text(CHANNEL_PREFIX + self.topic))
        if self.state == UNKNOWN:
            return SQL("(NOT {})").format(exists(rows("consent", said, r)))
        return exists(rows("consent", SQL("{} AND v.state = {}").format(said, text(self.state)), r))

    def reads(self) -> frozenset[str]:
        return frozenset({f"consent:{CHANNEL_PREFIX}{self.topic}"})


class Topic(ConditionKind):
    key = "topic"
    label: ClassVar[Words] = {"en": "Topic", "fa": "موضوع"}
    help: ClassVar[Words] = {
        "en": "Looks at whether the contact joined or left a topic. `unknown` is whoever never said anything.",
        "fa": "می‌بیند مخاطب به موضوعی پیوسته یا آن را ترک کرده است. «نامشخص» یعنی هرگز چیزی نگفته است.",
    }
    examples = ({"topic": "news", "is": "joined"}, {"topic": "offers", "is": "unknown"})

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        others = refuse_others(data, [self.key, "is"], faults)
        topic = read_name(data, self.key, faults)
        if topic is not None and not TOPIC.fullmatch(topic):
            faults.at(self.key).add(said("is no key of a topic: small Latin letters, digits, - and _"))
            topic = None
        if "is" not in data:
            faults.add(
                said(
                    "say what the contact did, such as `is: joined`; one of %(known)s",
                    known=", ".join((*STATES, UNKNOWN)),
                )
            )
            return None
        state = read_choice(data, "is", (*STATES, UNKNOWN), said("state of a topic"), faults)
        return None if others or topic is None or state is None else TopicCondition(topic, state)

    def schema(self) -> Schema:
        properties = {
            self.key: {"type": "string", "pattern": f"^{TOPIC.pattern}$"},
            "is": {"enum": [*STATES, UNKNOWN]},
        }
        return {**object_schema(self.key, properties), "required": [self.key, "is"]}
