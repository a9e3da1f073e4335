"""What starting points have in common that look at a change of consent or of a topic, whatever way it was said (docs/semantics.md 7, 54)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from psycopg.sql import SQL, Composable

from safar.contacts.topics import CHANNEL_PREFIX
from safar.journeys.kinds import EventStart, Parameter, Params
from safar.journeys.words import choose, quoted
from safar.segments.literals import text
from safar.segments.reading import Reading

TOPIC = Parameter("topic", "topic", {"en": "Topic", "fa": "موضوع"}, {"en": "The topic's key.", "fa": "کلید موضوع."})


def became(channel: str, state: str) -> Composable:
    """Whether the event has made this of that consent: boolean over t."""
    return SQL("coalesce(t.consent_changed ->> {} = {}, false)").format(text(channel), text(state))


class SignedUp(EventStart):
    """The consent to a channel has become ``given``."""

    channel: ClassVar[str]

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({f"consent:{self.channel}"})

    def matches(self, p: Params, r: Reading) -> Composable:
        return became(self.channel, "given")


class TopicSaid(EventStart):
    """What was said of a topic has become ``state``."""

    state: ClassVar[str]
    parameters = (TOPIC,)
    example: ClassVar[Mapping[str, Any]] = {"topic": "news"}

    def sets_off(self, p: Params) -> frozenset[str]:
        return frozenset({f"consent:{CHANNEL_PREFIX}{p['topic']}"})

    def matches(self, p: Params, r: Reading) -> Composable:
        return became(CHANNEL_PREFIX + p["topic"], self.state)

    def entry(self, p: Params, r: Reading) -> Composable:
        return SQL("jsonb_build_object('topic', {})").format(text(p["topic"]))

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        return choose(language, *self.phrases()).format(quoted(p["topic"], language))

    @abstractmethod
    def phrases(self) -> tuple[str, str]:
        """In English and in Persian; {} stands for the topic."""
