"""Notes what a contact wants to hear about, or that a channel is not to be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.contacts.topics import CHANNEL_PREFIX, STATES, TOPIC
from safar.journeys.hearing import optional
from safar.journeys.kinds import Action, Parameter, Params, SetConsent
from safar.journeys.words import choose, quoted
from safar.lib.faults import Faults, said

WITHDRAWN = "withdrawn"


class ChangeSubscription(Action):
    key = "change_subscription"
    icon = "bell-cog"
    label = {"en": "Change subscription", "fa": "تغییر عضویت"}
    help = {
        "en": "Puts the contact into a topic or takes them out, or withdraws a channel. A consent is the person's own to give.",
        "fa": "مخاطب را به موضوعی می‌افزاید یا از آن بیرون می‌آورد، یا کانالی را می‌بندد. رضایت را فقط خود شخص می‌دهد.",
    }
    parameters = (
        optional("topic", "topic", ("Topic", "موضوع"), ("The topic's key.", "کلید موضوع.")),
        Parameter(
            "channel",
            "text",
            {"en": "Channel", "fa": "کانال"},
            {"en": "Instead of a topic.", "fa": "به‌جای موضوع."},
            required=False,
            choices=("email", "sms"),
        ),
        Parameter(
            "to",
            "text",
            {"en": "To", "fa": "به"},
            {
                "en": "Of a topic joined or left, of a channel withdrawn.",
                "fa": "برای موضوع joined یا left، برای کانال withdrawn.",
            },
            choices=(*STATES, WITHDRAWN),
        ),
    )
    example = {"topic": "news", "to": "joined"}

    def check(self, p: Params, faults: Faults) -> None:
        if ("topic" in p) == ("channel" in p):
            faults.add(said("name exactly one of 'topic' and 'channel'"))
        elif "topic" in p and p["to"] not in STATES:
            faults.at("to").add(said("a topic is joined or left"))
        elif "channel" in p and p["to"] != WITHDRAWN:
            faults.at("to").add(said("a journey can only withdraw a channel: a consent is the person's own to give"))
        elif "topic" in p and not TOPIC.fullmatch(p["topic"]):
            faults.at("topic").add(said("is no key of a topic: small Latin letters, digits, - and _"))

    def effect(self, p: Params) -> SetConsent:
        return SetConsent(CHANNEL_PREFIX + p["topic"] if "topic" in p else p["channel"], p["to"])

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        if p.get("topic") is not None:
            topic = quoted(p["topic"], language)
            if p["to"] == "left":
                return choose(language, f"takes out of the topic {topic}", f"از موضوع {topic} بیرون می‌آورد")
            return choose(language, f"puts into the topic {topic}", f"به موضوع {topic} می‌افزاید")
        names = {"email": ("e-mail", "ایمیل"), "sms": ("SMS", "پیامک")}
        name = choose(language, *names.get(p["channel"], (p["channel"], p["channel"])))
        return choose(language, f"withdraws {name}", f"رضایت {name} را پس می‌گیرد")
