"""The form of a campaign: a plan in the words of a page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safar.console.campaigns.words import METRICS
from safar.console.formats import Formats
from safar.console.forms import DayField, Form, NumberField
from safar.console.journeys.common import language
from safar.content.models import Template
from safar.journeys.campaigns.plan import Plan, Variant
from safar.lib.text import fold_digits

NOW, LATER = "now", "later"
CHANNELS = {"email": gettext_lazy("E-mail"), "sms": gettext_lazy("SMS")}
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})")


class ClockInput(forms.TextInput):
    """Hours and minutes in the digits of the page, left to right."""

    def __init__(self) -> None:
        super().__init__({"dir": "ltr", "inputmode": "numeric", "autocomplete": "off"})

    def format_value(self, value: Any) -> str | None:
        return Formats(language()).digits(value.strftime("%H:%M")) if isinstance(value, time) else value


class ClockField(forms.Field):
    """A time of day in either digits: 9:30, ۱۸:۰۰. Cleans to a time or None."""

    widget = ClockInput

    def to_python(self, value: Any) -> time | None:
        if value is None or isinstance(value, time):
            return value
        typed = fold_digits(str(value)).strip()
        if not typed:
            return None
        found = _CLOCK.fullmatch(typed)
        try:
            if found:
                return time(int(found[1]), int(found[2]))
        except ValueError:
            pass
        raise ValidationError(
            _("Write a time such as %(example)s."), "invalid", {"example": Formats(language()).digits("18:30")}
        )


class CampaignForm(Form):
    """share: of the first message, per cent. day and clock are the workspace's."""

    title = forms.CharField(
        label=gettext_lazy("Name"), max_length=200, help_text=gettext_lazy("Only your team sees it.")
    )
    segment = forms.ChoiceField(label=gettext_lazy("To the segment"))
    message = forms.ChoiceField(label=gettext_lazy("Message"))
    second = forms.ChoiceField(
        label=gettext_lazy("Second message, to compare"),
        required=False,
        help_text=gettext_lazy("By the same channel. Who gets which is drawn by lot, and stays so."),
    )
    share = NumberField(
        label=gettext_lazy("Share of the first message, per cent"), min_value=1, max_value=99, required=False
    )
    metric = forms.ChoiceField(
        label=gettext_lazy("The better one is that with more"),
        required=False,
        help_text=gettext_lazy(
            "Openings and clicks of people alone; what scanners and mail programs do by themselves is left out."
        ),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[(NOW, gettext_lazy("As soon as I send it")), (LATER, gettext_lazy("At a time:"))],
        widget=forms.RadioSelect,
    )
    day = DayField(label=gettext_lazy("Day"), required=False)
    clock = ClockField(label=gettext_lazy("Time"), required=False)
    best_hour = forms.BooleanField(
        label=gettext_lazy("Each at their best hour"),
        required=False,
        help_text=gettext_lazy(
            "Within a day from then on: when the contact opens and clicks most, else when all your contacts do; at once where neither is known yet."
        ),
    )
    goal = forms.CharField(
        label=gettext_lazy("Event"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"list": "events", "autocomplete": "off", "dir": "auto"}),
        help_text=gettext_lazy("What the campaign is there for, such as Order Completed."),
    )
    days = NumberField(label=gettext_lazy("Within so many days"), min_value=1, max_value=365, required=False)
    money = forms.CharField(
        label=gettext_lazy("Property with the amount"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "dir": "ltr"}),
        help_text=gettext_lazy("Such as total: what the campaign has earned is added up from it."),
    )
    control_group = NumberField(
        label=gettext_lazy("Control group, per cent"),
        min_value=0,
        max_value=50,
        required=False,
        help_text=gettext_lazy("So many get nothing, by lot: that is how you see what the campaign has changed."),
    )

    def __init__(
        self,
        *args: Any,
        formats: Formats,
        segments: Mapping[str, str],
        templates: Mapping[str, Template],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.formats, self.templates = formats, templates
        self.of(formats)
        ways = [
            (key, f"{CHANNELS.get(one.channel, one.channel)}: {one.title or key}") for key, one in templates.items()
        ]
        choose, none = [("", _("Choose…"))], [("", _("None: everybody gets the same"))]
        self.offer("segment", [*choose, *segments.items()])
        self.offer("message", [*choose, *ways])
        self.offer("second", [*none, *ways])
        self.offer("metric", [("", _("goals, else clicks")), *METRICS.items()])
        self.no_segments, self.no_messages = not segments, not ways

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("when") == LATER:
            for name, text in (("day", _("Say on which day.")), ("clock", _("Say at what time."))):
                if found.get(name) is None and name not in self.errors:
                    self.add_error(name, text)
        if found.get("second") and found.get("second") == found.get("message"):
            self.add_error("second", _("This is the same message. Choose another one, or none."))
        if found.get("metric") == "goal" and found.get("second") and not found.get("goal"):
            self.add_error("goal", _("Say which event: the messages are to be compared by it."))
        if found.get("metric") == "opened" and found.get("second") and self._channel() == "sms":
            self.add_error("metric", _("Nobody can tell whether an SMS was opened. Take clicks."))
        if not found.get("goal") and (found.get("days") or found.get("money")):
            self.add_error("goal", _("Say which event."))
        return found

    def _channel(self) -> str:
        found = self.templates.get(self.cleaned_data.get("message", ""))
        return found.channel if found else ""

    def plan(self) -> Plan:
        """Of a form that is valid. Whether its moment is past the services say."""
        said = self.cleaned_data
        first, second = said["message"], said["second"]
        share = said["share"] or 50
        at = None
        if said["when"] == LATER:
            at = datetime.combine(said["day"], said["clock"], ZoneInfo(self.formats.zone))
        return Plan(
            title={language(): said["title"].strip()},
            segment=said["segment"],
            channel=self.templates[first].channel,
            variants=(Variant(first, share), Variant(second, 100 - share)) if second else (Variant(first),),
            metric=said["metric"] if second else "",
            at=at,
            best_hour=said["best_hour"],
            goal=said["goal"].strip(),
            days=said["days"] if said["goal"] else None,
            money=said["money"].strip(),
            control_group=said["control_group"] or 0,
        )


def shown_plan(plan: Plan, title: str, formats: Formats) -> dict[str, Any]:
    """What the form begins with when a plan is changed."""
    first, *others = plan.variants or (Variant(""),)
    whole = first.share + (others[0].share if others else 0)
    at = formats.local(plan.at) if plan.at else None
    return {
        "title": title,
        "segment": plan.segment,
        "message": first.template,
        "second": others[0].template if others else "",
        "share": round(100 * first.share / whole) if others and whole else 50,
        "metric": plan.metric,
        "when": LATER if at else NOW,
        "best_hour": plan.best_hour,
        "day": at.date() if at else None,
        "clock": at.time() if at else None,
        "goal": plan.goal,
        "days": plan.days,
        "money": plan.money,
        "control_group": int(plan.control_group) or None,
    }
