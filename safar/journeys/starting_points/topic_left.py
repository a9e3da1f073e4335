"""The contact has left a topic."""

from __future__ import annotations

from safar.journeys.consenting import TopicSaid


class TopicLeft(TopicSaid):
    key = "topic_left"
    icon = "bell-minus"
    state = "left"
    label = {"en": "Left a topic", "fa": "ترک موضوع"}
    help = {
        "en": "The contact does not want to hear about this topic any more.",
        "fa": "مخاطب دیگر نمی‌خواهد دربارهٔ این موضوع بشنود.",
    }

    def phrases(self) -> tuple[str, str]:
        return ("left the topic {}", "موضوع {} را ترک کرد")
