"""Days of the week on forms: when it begins, and on which days nobody works."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language

from safar.accounts.weeks import DAYS, STARTS
from safar.content import calendar


def day_name(day: str) -> str:
    """In the page's language. day: mon … sun."""
    return calendar.DAYS["fa" if (get_language() or "").startswith("fa") else "en"][DAYS.index(day)]


def week_starts() -> list[tuple[str, str]]:
    """Choices of the day that a week begins on."""
    return [(day, day_name(day)) for day in STARTS]


class InlineBoxes(forms.CheckboxSelectMultiple):
    """Short ones beside each other, as far as the line reaches."""

    inline = True


class WeekendField(forms.MultipleChoiceField):
    """Days of the week, as boxes. Cleans to a list of their keys."""

    widget = InlineBoxes

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=lambda: [(day, day_name(day)) for day in ("sat", "sun", "mon", "tue", "wed", "thu", "fri")],
            **kwargs,
        )
