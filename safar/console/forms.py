"""Forms as every page has them: one look, faults of services beside their fields, dates in either calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from safar.console.faults import say
from safar.console.formats import Formats
from safar.content.filters import PERSIAN_DIGITS, as_decimal
from safar.lib.faults import Refused
from safar.lib.text import fold_digits


class Renderer(TemplatesSetting):
    """Django's renderer with our templates for a form and a field. For every form, allauth's too."""

    form_template_name = "console/forms/form.html"
    field_template_name = "console/forms/field.html"


class Form(forms.Form):
    """A form of ours: no "required" bubbles of the browser's language, faults are told by us."""

    use_required_attribute = False

    def of(self, formats: Formats) -> None:
        """Whose page it stands on: ``request.formats``; its dates are written and read by them."""
        for field in self.fields.values():
            if isinstance(field, DayField | MoneyField):
                field.of(formats)

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """The choices of a field that only the page knows."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)


def add_faults(form: forms.Form, refused: Refused) -> None:
    """What a service refused, beside the field it is about, or above the form."""
    for fault in refused.faults:
        name = fault.place.split(".")[0]
        form.add_error(name if name in form.fields else None, say(fault.message))


class DayInput(forms.TextInput):
    """Written as the workspace's calendar writes it; left to right in both languages. A button beside it opens the calendar."""

    template_name = "console/forms/day.html"

    formats = Formats()

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"dir": "ltr", "inputmode": "numeric", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        return self.formats.as_typed(value) if isinstance(value, date) else value


class DayField(forms.Field):
    """A date, Jalali or Gregorian, in either digits; `of` tells it whose page it stands on. Cleans to a date or None."""

    widget = DayInput
    default_error_messages = {"invalid": _("Write a date such as %(example)s.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.of(Formats())

    def of(self, formats: Formats) -> None:
        """Called by `Form.of`."""
        self.formats = formats
        if isinstance(self.widget, DayInput):
            self.widget.formats = formats
            self.widget.attrs["placeholder"] = formats.as_typed(date(2026, 3, 21))

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        try:
            return self.formats.read_day(str(value))
        except (ValueError, OverflowError):
            example = self.formats.as_typed(date(2026, 3, 21))
            raise ValidationError(self.error_messages["invalid"], "invalid", {"example": example}) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True


class NumberInput(forms.TextInput):
    """A number in the digits of the page."""

    def format_value(self, value: Any) -> str | None:
        persian = (get_language() or "").startswith("fa")
        return (
            str(value).translate(PERSIAN_DIGITS) if persian and isinstance(value, int) else super().format_value(value)
        )


class NumberField(forms.IntegerField):
    """A whole number in either digits, with or without separators."""

    widget = NumberInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "dir": "ltr"})

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = fold_digits(value).replace(",", "").replace("٬", "").strip()
        return super().to_python(value)


class MoneyInput(forms.TextInput):
    """An amount as its page writes it, without the unit."""

    formats = Formats()

    def format_value(self, value: Any) -> str | None:
        return self.formats.number(self.formats.in_unit(value)) if isinstance(value, Decimal) else value


class MoneyField(forms.Field):
    """An amount of 0 or more, typed in the unit the workspace shows money in. Cleans to a Decimal in its currency, or None."""

    widget = MoneyInput
    default_error_messages = {"invalid": _("Write a number, 0 or above.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"})
        self.of(Formats())

    def of(self, formats: Formats) -> None:
        """Called by `Form.of`."""
        self.formats = formats
        if isinstance(self.widget, MoneyInput):
            self.widget.formats = formats

    def to_python(self, value: Any) -> Decimal | None:
        if value is None or not str(value).strip():
            return None
        number = value if isinstance(value, Decimal) else as_decimal(str(value).replace("٫", "."))
        if number is None or number < 0:
            raise ValidationError(self.error_messages["invalid"], "invalid")
        return number if isinstance(value, Decimal) else self.formats.from_unit(number)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True
