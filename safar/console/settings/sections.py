"""The fields of a service's form under the titles that its provider gives them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.forms.boundfield import BoundField

from safar.channels.fields import Field
from safar.console.forms import Form


@dataclass(frozen=True, slots=True)
class Section:
    """title: empty for the first ones, which always show. open: something stands in one of the fields, or is wrong with it."""

    title: str
    fields: list[BoundField]
    open: bool


def sections_of(fields: Iterable[Field], form: Form, words: str) -> list[Section]:
    """words: the language, en or fa."""
    found = []
    for title, some in groupby(fields, key=lambda one: one.section.get(words, "")):
        mine = list(some)
        filled = any(form[one.name].errors or (form[one.name].value() or one.default) != one.default for one in mine)
        found.append(Section(title, [form[one.name] for one in mine], filled))
    return found
