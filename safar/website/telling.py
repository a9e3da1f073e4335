"""A form in one language: its texts and fields with our own words where it has none, and all that the script of a website needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from safar.channels.consent.contact_pages import on, secret_keys
from safar.contacts.privacy import COLOUR, Privacy
from safar.website.form import EMAIL, KNOWN, PHONE, Form
from safar.website.guards import SHOWN, TRAP, sign_shown
from safar.website.keeping import Kept

WORDS = {
    "title": _("Form"),
    "email": _("E-mail"),
    "phone": _("Mobile number"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "send": _("Send"),
    "close": _("Close"),
    "thanks": _("Thank you."),
    "confirm": _(
        "If it has still to be confirmed, a message is on its way. Press the button in it, and you will hear from us."
    ),
    "again": _("Please press the button once more."),
    "often": _("That was too often. Please try again in a few minutes."),
    "faults": _("Please look at what is marked."),
    "failed": _("It could not be sent. Please try again."),
    "gone": _("This form is not here any more."),
    "go_on": _("Go on"),
    "trap": _("Leave this empty"),
    "missing": _("is missing"),
    "wrong": _("is not right"),
}
TYPES = {EMAIL: ("email", "email"), PHONE: ("tel", "tel"), "first_name": ("text", "given-name"), "last_name": ("text", "family-name")}  # fmt: skip


def as_told(kept: Kept, language: str, now: datetime) -> dict[str, Any]:
    """A form for the script: every text in one language, and when it opens."""
    form, words = kept.form, words_in(language)
    colour = kept.colour if COLOUR.fullmatch(kept.colour) else Privacy().accent
    return {
        "token": kept.token,
        "key": form.key,
        "kind": form.kind,
        "language": language,
        "dir": "rtl" if language == "fa" else "ltr",
        **texts_of(form, language, words),
        "close": words["close"],
        "failed": words["failed"],
        "trap_name": TRAP,
        "trap": words["trap"],
        "colour": colour,
        "on_colour": on(colour),
        "place": form.place,
        "fields": fields_of(form, language, words),
        "consents": [form.called(one.text, language) for one in form.consents],
        "opens": {"after": form.after, "scroll": form.scroll, "leaving": form.leaving, "path": form.path, "days": form.days, "asks": form.asks, "otherwise": form.for_nobody_known},
        SHOWN: sign_shown(kept.token, now, secret_keys()),
    }  # fmt: skip


def texts_of(form: Form, language: str, words: Mapping[str, str]) -> dict[str, str]:
    return {
        "title": form.called(form.title, language),
        "text": form.called(form.text, language),
        "button": form.called(form.button, language) or words["send"],
        "thanks": form.called(form.thanks, language) or words["thanks"],
    }


def fields_of(
    form: Form,
    language: str,
    words: Mapping[str, str],
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """given: field → what was filled in; wrong: field → the name of the word that says what is wrong with it."""
    return [
        {
            "name": field.name,
            # Our own word in this language goes before a label in another.
            "label": field.label.get(language) or (words[field.name] if field.name in KNOWN else form.called(field.label, language) or field.name),
            "required": field.required,
            "type": TYPES.get(field.name, ("text", "off"))[0],
            "autocomplete": TYPES.get(field.name, ("text", "off"))[1],
            "value": (given or {}).get(field.name, ""),
            "wrong": words[(wrong or {})[field.name]] if field.name in (wrong or {}) else "",
        }
        for field in form.fields
    ]  # fmt: skip


def words_in(language: str) -> dict[str, str]:
    with override(language):
        return {name: gettext(text) for name, text in WORDS.items()}
