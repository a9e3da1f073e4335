"""The three forms of the page When and how often."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from safar.accounts.weeks import DAYS
from safar.console.formats import Formats
from safar.console.forms import Form, MoneyField, NumberField
from safar.console.weeks import WeekendField
from safar.lib.text import fold_digits

CHANNELS = {"": gettext_lazy("Every channel"), "email": gettext_lazy("E-mail"), "sms": gettext_lazy("SMS")}
_CLOCK = re.compile(r"([01]?\d|2[0-3])(?::([0-5]\d))?")
SPREAD = 30  # minutes


class ClockField(forms.Field):
    """An hour of the day, such as 22:00, in either digits. Cleans to a time or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.TextInput({"dir": "ltr", "inputmode": "numeric", "autocomplete": "off", "maxlength": "5"}),
            **kwargs,
        )

    def to_python(self, value: Any) -> time | None:
        typed = fold_digits(str(value or "")).strip()
        if not typed:
            return None
        found = _CLOCK.fullmatch(typed)
        if found is None:
            raise forms.ValidationError(_("Write an hour such as 22:00."))
        return time(int(found[1]), int(found[2] or 0))


class QuietForm(Form):
    """spread: minutes."""

    channel = forms.ChoiceField(label=gettext_lazy("For"), choices=list(CHANNELS.items()), required=False)
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    begins = ClockField(label=gettext_lazy("Quiet from"), required=False)
    ends = ClockField(
        label=gettext_lazy("Quiet until"),
        required=False,
        help_text=gettext_lazy(
            "By each contact's own clock; it may go over midnight. Leave both empty for days only, or for never."
        ),
    )
    weekdays = WeekendField(label=gettext_lazy("Quiet all day on"), required=False)
    days_off = forms.CharField(
        label=gettext_lazy("And on these dates"),
        required=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 2, "dir": "ltr"}),
        help_text=gettext_lazy("One on each line, such as days of mourning."),
    )
    spread = NumberField(
        label=gettext_lazy("Spread over, in minutes"),
        initial=SPREAD,
        min_value=0,
        max_value=120,
        help_text=gettext_lazy("What was held back does not go out in one second, but one after the other."),
    )

    formats = Formats()

    def of(self, formats: Formats) -> None:
        super().of(formats)
        self.formats = formats

    def clean_weekdays(self) -> list[int]:
        return [DAYS.index(day) + 1 for day in self.cleaned_data["weekdays"]]

    def clean_days_off(self) -> list[date]:
        days = set()
        for line in self.cleaned_data["days_off"].splitlines():
            try:
                day = self.formats.read_day(line)
            except (ValueError, OverflowError):
                example = self.formats.as_typed(date(2026, 3, 21))
                raise forms.ValidationError(
                    _("'%(line)s' is no date; write one such as %(example)s.") % {"line": line, "example": example}
                ) from None
            if day is not None:
                days.add(day)
        return sorted(days)


class CapForm(Form):
    """At most so many in so long."""

    most = NumberField(label=gettext_lazy("At most, messages"), min_value=1, max_value=1000)
    span = NumberField(label=gettext_lazy("in"), min_value=1, max_value=8784)
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), choices=[("days", gettext_lazy("days")), ("hours", gettext_lazy("hours"))]
    )
    channel = forms.ChoiceField(label=gettext_lazy("For"), choices=list(CHANNELS.items()), required=False)
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    transactional = forms.BooleanField(
        label=gettext_lazy("Transactional messages count as well"),
        required=False,
        help_text=gettext_lazy("They are never held back themselves."),
    )


class BudgetForm(Form):
    """What SMS may cost in a day."""

    journey = forms.ChoiceField(label=gettext_lazy("For"), required=False)
    amount = MoneyField(
        label=gettext_lazy("In a day, at most"), required=False, help_text=gettext_lazy("Empty: no limit any more.")
    )
