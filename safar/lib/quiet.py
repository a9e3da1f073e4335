"""Quiet hours as values: the rules of a workspace, and which of them counts for a message. Pure.

What they mean stands in docs/semantics.md 61 to 63; the SQL of it in channels/quiet/until.sql.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

SPREAD = 1800  # seconds


@dataclass(frozen=True)
class QuietRule:
    """channel, topic: empty for every one. begins, ends: local; None: on the days only. weekdays: ISO numbers (Monday 1) of days that are
    quiet throughout; days_off: dates that are; spread: seconds."""

    channel: str = ""
    topic: str = ""
    begins: time | None = None
    ends: time | None = None
    weekdays: tuple[int, ...] = ()
    days_off: tuple[date, ...] = ()
    spread: int = SPREAD

    @property
    def silent(self) -> bool:
        """False where it never is quiet by it."""
        return self.begins is not None or bool(self.weekdays or self.days_off)

    def as_json(self) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "topic": self.topic,
            "begins": None if self.begins is None else self.begins.strftime("%H:%M"),
            "ends": None if self.ends is None else self.ends.strftime("%H:%M"),
            "weekdays": list(self.weekdays),
            "days_off": [day.isoformat() for day in self.days_off],
            "spread": self.spread,
        }

    @staticmethod
    def from_json(written: Mapping[str, Any]) -> QuietRule:
        """What ``as_json`` has written; what is left out is as in a new rule."""
        begins, ends = written.get("begins"), written.get("ends")
        return QuietRule(
            written.get("channel", ""),
            written.get("topic", ""),
            None if begins is None else time.fromisoformat(begins),
            None if ends is None else time.fromisoformat(ends),
            tuple(written.get("weekdays", ())),
            tuple(date.fromisoformat(day) for day in written.get("days_off", ())),
            written.get("spread", SPREAD),
        )


# Advertising by SMS, unless the workspace says otherwise: 8:00 to 22:00
SMS_RULE = QuietRule("sms", "", time(22), time(8))


@dataclass(frozen=True)
class Quiet:
    """Of one workspace. topics: key of a template → its topic, for messages whose point names none."""

    rules: Sequence[QuietRule] = ()
    topics: Mapping[str, str] = field(default_factory=dict)

    def of(self, channel: str, topic: str) -> QuietRule | None:
        """The most exact rule that fits: of channel and topic, of the channel, of the topic, of all. None: it is never quiet."""
        known = {(rule.channel, rule.topic): rule for rule in self.rules}
        ways = ((channel, topic), (channel, ""), ("", topic), ("", ""))
        found = next((known[way] for way in ways if way in known), None)
        return found if found is not None and found.silent else None

    def topic_of(self, topic: str | None, templates: Sequence[str]) -> str:
        """A message's topic: its point's, else the one that all its templates have; empty for none."""
        if topic is not None:
            return topic
        found = {self.topics.get(key, "") for key in templates}
        return found.pop() if len(found) == 1 else ""

    def as_json(self) -> dict[str, Any]:
        return {"rules": [rule.as_json() for rule in self.rules], "topics": dict(self.topics)}

    @staticmethod
    def from_json(written: Mapping[str, Any]) -> Quiet:
        return Quiet(
            tuple(QuietRule.from_json(rule) for rule in written.get("rules", ())), dict(written.get("topics", {}))
        )


NEVER_QUIET = Quiet()
