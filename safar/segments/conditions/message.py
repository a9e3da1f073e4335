"""What became of a message that was sent to the contact (docs/semantics.md 13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable

from safar.lib.faults import Faults, did_you_mean, said
from safar.segments.catalog import Catalog
from safar.segments.kinds import ConditionKind, Schema, Words, object_schema, read_choice, read_name, refuse_others
from safar.segments.literals import jsonb, text
from safar.segments.lookups import exists, rows
from safar.segments.reading import Condition, Reading

EVENTS = {
    "sent": "message_sent",
    "delivered": "message_delivered",
    "opened": "email_opened",
    "clicked": "email_clicked",
    "bounced": "message_bounced",
    "failed": "message_failed",
    "skipped": "message_skipped",
}
ALSO = {"clicked": ("sms_clicked",)}  # beside the name above: the same of another channel


def events_of(was: str) -> tuple[str, ...]:
    """The names of events that say so, of people alone: what machines did has names of its own."""
    return (EVENTS[was], *ALSO.get(was, ()))


@dataclass(frozen=True)
class MessageCondition(Condition):
    message: str
    was: str

    def holds(self, r: Reading) -> Composable:
        ways = [SQL("v.properties @> {}").format(jsonb({"template": self.message}))]
        if r.journey is not None:
            ways.append(SQL("v.properties @> {}").format(jsonb({"journey": r.journey, "point": self.message})))
        names = SQL(", ").join(text(name) for name in events_of(self.was))
        tests = SQL("v.name IN ({}) AND ({})").format(names, SQL(" OR ").join(ways))
        return exists(rows("event", tests, r))

    def reads(self) -> frozenset[str]:
        return frozenset(f"event:{name}" for name in events_of(self.was))


class Message(ConditionKind):
    key = "message"
    label: ClassVar[Words] = {"en": "Message", "fa": "پیام"}
    help: ClassVar[Words] = {
        "en": "What became of a message: one sent at a point of this journey, or one made from a template.",
        "fa": "سرنوشت یک پیام: پیامی که در نقطه‌ای از همین سفر فرستاده شده، یا پیامی که از یک قالب ساخته شده است.",
    }
    examples = ({"message": "greet", "was": "clicked"},)

    def parse(self, data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> Condition | None:
        others = refuse_others(data, [self.key, "was"], faults)
        message = read_name(data, self.key, faults)
        known = [*catalog.points, *(catalog.templates or ())]
        if message is not None and catalog.templates is not None and message not in known:
            faults.at(self.key).add(
                said(
                    "there is no point or template '%(message)s'%(hint)s",
                    message=message,
                    hint=did_you_mean(message, known),
                )
            )
            message = None
        if "was" not in data:
            faults.add(said("say what became of it, such as `was: opened`; one of %(known)s", known=", ".join(EVENTS)))
            return None
        was = read_choice(data, "was", EVENTS, said("fate of a message"), faults)
        return None if others or message is None or was is None else MessageCondition(message, was)

    def schema(self) -> Schema:
        schema = object_schema(self.key, {self.key: {"type": "string", "minLength": 1}, "was": {"enum": list(EVENTS)}})
        return {**schema, "required": [self.key, "was"]}
