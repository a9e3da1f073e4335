"""The contact has joined a topic."""

from __future__ import annotations

from safar.journeys.consenting import TopicSaid


class TopicJoined(TopicSaid):
    key = "topic_joined"
    icon = "bell-plus"
    state = "joined"
    label = {"en": "Joined a topic", "fa": "پیوستن به موضوع"}
    help = {
        "en": "The contact wants to hear about this topic from now on: by the preference page, a form or by hand.",
        "fa": "مخاطب از این پس می‌خواهد دربارهٔ این موضوع بشنود: از صفحهٔ ترجیح‌ها، با فرم یا دستی.",
    }

    def phrases(self) -> tuple[str, str]:
        return ("joined the topic {}", "به موضوع {} پیوست")
