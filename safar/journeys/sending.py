"""What the kinds that send a message have in common: parameters, checks, and the row for the outbox.

Variants are data: the row lists them with their shares, and the dispatcher takes the one that the stable hash of
contact, journey and point gives, so that a retry never changes what somebody gets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from safar.journeys.kinds import Action, Outgoing, Parameter, Params, Queue
from safar.journeys.words import choose, digits, quoted
from safar.lib.faults import Faults, said

CLASSES = ("marketing", "transactional")
BEST_HOUR = "best_hour"
METRICS = ("opened", "clicked", "goal")


def message_parameters(channel_fa: str) -> tuple[Parameter, ...]:
    """The parameters of every sending. channel_fa: what carries it, in Persian, for the help."""
    return (
        Parameter(
            "template",
            "template",
            {"en": "Template", "fa": "قالب"},
            {"en": "Key of the template.", "fa": f"کلید قالب {channel_fa}."},
            required=False,
        ),
        Parameter(
            "topic",
            "topic",
            {"en": "Topic", "fa": "موضوع"},
            {
                "en": "Key of the topic, if it is not the template's: whoever has left it does not get the message.",
                "fa": "کلید موضوع، اگر جز موضوع قالب باشد: کسی که آن را ترک کرده پیام را نمی‌گیرد.",
            },
            required=False,
        ),
        Parameter(
            "send_at",
            "text",
            {"en": "When", "fa": "زمان ارسال"},
            {
                "en": "At the hour at which the contact opens and clicks, within a day; else at once.",
                "fa": "در ساعتی که مخاطب باز و کلیک می‌کند، تا یک روز بعد؛ وگرنه همان لحظه.",
            },
            required=False,
            choices=(BEST_HOUR,),
        ),
        Parameter(
            "not_after",
            "duration",
            {"en": "Not after", "fa": "نه دیرتر از"},
            {
                "en": "Skipped if it could not go out within this time, such as PT12H.",
                "fa": "اگر تا این مدت نشود فرستاد، فرستاده نمی‌شود؛ مانند PT12H.",
            },
            required=False,
        ),
        Parameter(
            "variants",
            "variants",
            {"en": "Variants", "fa": "گونه‌ها"},
            {
                "en": "Name → {template, share}: an A/B test. Each contact always gets the same one.",
                "fa": "نام ← {template, share}: آزمون A/B. هر مخاطب همیشه همان گونه را می‌گیرد.",
            },
            required=False,
        ),
        Parameter(
            "metric",
            "text",
            {"en": "Metric", "fa": "سنجه"},
            {"en": "By what the variants are compared.", "fa": "گونه‌ها با چه سنجه‌ای مقایسه شوند."},
            required=False,
            choices=METRICS,
        ),
        Parameter(
            "class",
            "text",
            {"en": "Class", "fa": "نوع"},
            {
                "en": "Marketing goes only to those who agreed to it; transactional is what a purchase itself needs.",
                "fa": "بازاریابی فقط به کسانی می‌رسد که رضایت داده‌اند؛ تراکنشی پیامی است که خود خرید لازم دارد.",
            },
            required=False,
            choices=CLASSES,
            default="marketing",
        ),
    )


class Send(Action):
    """One message to one contact by one channel."""

    channel: ClassVar[str] = ""

    def check(self, p: Params, faults: Faults) -> None:
        if "send_at" in p and p["class"] == "transactional":
            faults.at("send_at").add(said("a transactional message goes out at once"))
        if "variants" not in p:
            if "template" not in p:
                faults.at("template").add(said("is missing"))
            if "metric" in p:
                faults.at("metric").add(said("a metric compares variants, and there are none"))
            return
        for name, variant in p["variants"].items():
            if "template" not in variant and "template" not in p:
                faults.at("variants", name, "template").add(said("is missing, here and at the point"))

    def effect(self, p: Params) -> Queue:
        """effect: {channel, class, template?, topic?, metric?, variants?: [{name, template, share}, …]}."""
        effect: dict[str, Any] = {"channel": self.channel, "class": p["class"]}
        effect |= {name: p[name] for name in ("template", "topic", "metric") if name in p}
        if "variants" in p:
            effect["variants"] = [
                {"name": name, "template": variant.get("template", p.get("template")), "share": variant["share"]}
                for name, variant in p["variants"].items()
            ]
        return Queue("message", effect, p.get("not_after"), self._outgoing(p))

    def _outgoing(self, p: Params) -> Outgoing:
        variants = p.get("variants") or {"": {}}
        templates = tuple(variant.get("template", p.get("template", "")) for variant in variants.values())
        return Outgoing(self.channel, p["class"] == "marketing", p.get("topic"), templates, "send_at" in p)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        if p.get("variants"):
            number = digits(len(p["variants"]), language)
            return choose(language, f"sends one of {number} variants", f"یکی از {number} گونه را می‌فرستد")
        template = quoted(p["template"], language)
        return choose(language, f"sends {template}", f"{template} را می‌فرستد")
