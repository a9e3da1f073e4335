"""The page on which a form is drawn: its fields as a form of Django's, to and from a form of the website."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from safar.console.forms import Form as PageForm
from safar.contacts.topics import Topic
from safar.website.form import BOTTOM, CENTRE, CORNER, EMBEDDED, KNOWN, LANGUAGES, PAGE, POP_UP, Consent, Field, Form

NO, MAY, MUST = "no", "may", "must"
TEXTS = ("title", "text", "button", "thanks")
ASKED = [(NO, _("not asked")), (MAY, _("asked")), (MUST, _("has to be filled in"))]
LABELS = {"email": _("E-mail"), "phone": _("Mobile number"), "first_name": _("First name"), "last_name": _("Last name")}


def _text(label: Any, language: str, *, rows: int = 0) -> forms.CharField:
    attributes = {"dir": "rtl" if language == "fa" else "ltr", **({"rows": rows} if rows else {})}
    widget = forms.Textarea(attributes) if rows else forms.TextInput(attributes)
    return forms.CharField(label=label, required=False, widget=widget)


class FormForm(PageForm):
    """As `Form`; fields of one's own: a line each, name and label parted by =."""

    key = forms.CharField(
        label=_("Key"), max_length=64, widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
        help_text=_("What journeys and events call it, such as newsletter. It never changes."),
    )  # fmt: skip
    live = forms.BooleanField(label=_("It is shown, and takes answers"), required=False, initial=True)
    kind = forms.ChoiceField(
        label=_("Where it stands"), initial=POP_UP,
        choices=[(POP_UP, _("Opens over pages of my site")), (EMBEDDED, _("Inside a page of my site")), (PAGE, _("Only on a page of its own"))],
    )  # fmt: skip
    title_fa, title_en = _text(_("Title in Persian"), "fa"), _text(_("Title in English"), "en")
    text_fa, text_en = _text(_("Text in Persian"), "fa", rows=2), _text(_("Text in English"), "en", rows=2)
    button_fa, button_en = _text(_("Button in Persian"), "fa"), _text(_("Button in English"), "en")
    thanks_fa, thanks_en = _text(_("Thanks in Persian"), "fa", rows=2), _text(_("Thanks in English"), "en", rows=2)
    redirect = forms.CharField(label=_("Where one goes on afterwards"), required=False, widget=forms.TextInput({"dir": "ltr", "placeholder": "https://shop.example/welcome"}))  # fmt: skip
    email = forms.ChoiceField(label=LABELS["email"], choices=ASKED, initial=MUST)
    phone = forms.ChoiceField(label=LABELS["phone"], choices=ASKED, initial=NO)
    first_name = forms.ChoiceField(label=LABELS["first_name"], choices=ASKED, initial=MAY)
    last_name = forms.ChoiceField(label=LABELS["last_name"], choices=ASKED, initial=NO)
    own = forms.CharField(
        label=_("Fields of my own"), required=False, widget=forms.Textarea({"rows": 2, "dir": "auto", "placeholder": "shoe_size = Shoe size"}),
        help_text=_("A line each: the name of the field, =, what people read."),
    )  # fmt: skip
    email_consent_fa = _text(_("What people agree to by e-mail, in Persian"), "fa", rows=2)
    email_consent_en = _text(_("What people agree to by e-mail, in English"), "en", rows=2)
    sms_consent_fa = _text(_("What people agree to by SMS, in Persian"), "fa", rows=2)
    sms_consent_en = _text(_("What people agree to by SMS, in English"), "en", rows=2)
    topic = forms.ChoiceField(label=_("Topic that they join"), required=False)
    after = forms.IntegerField(label=_("After so many seconds"), required=False, min_value=0, initial=5)
    scroll = forms.IntegerField(label=_("After so many percent of the page"), required=False, min_value=0, max_value=100)  # fmt: skip
    leaving = forms.BooleanField(label=_("When somebody is about to leave"), required=False)
    path = forms.CharField(label=_("Only on these pages"), required=False, max_length=200, widget=forms.TextInput({"dir": "ltr", "placeholder": "/mugs/*"}), help_text=_("* stands for any letters. Empty: on all pages."))  # fmt: skip
    days = forms.IntegerField(label=_("Not again for so many days"), min_value=0, initial=7)
    place = forms.ChoiceField(label=_("Place"), choices=[(CENTRE, _("In the middle")), (CORNER, _("In the corner")), (BOTTOM, _("At the bottom"))])  # fmt: skip
    colour = forms.CharField(label=_("Colour"), required=False, max_length=7, widget=forms.TextInput({"dir": "ltr", "placeholder": "#1f5f4a"}), help_text=_("Empty: the workspace's."))  # fmt: skip

    def __init__(self, *given: Any, topics: Sequence[Topic], language: str, fresh: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        self.offer("topic", [("", _("none")), *((one.key, one.called(language)) for one in topics)])
        if not fresh:
            del self.fields["key"]


def initial_of(form: Form, *, live: bool) -> dict[str, Any]:
    """What stands in the fields of a form that there is."""
    plain = {name: getattr(form, name) for name in ("kind", "redirect", "colour", "place", "after", "scroll", "leaving", "path", "days")}  # fmt: skip
    texts = {f"{name}_{one}": getattr(form, name).get(one, "") for name in TEXTS for one in LANGUAGES}
    asked = {field.name: MUST if field.required else MAY for field in form.fields}
    own = "\n".join(f"{one.name} = {one.label.get('fa') or one.name}" for one in form.fields if one.name not in KNOWN)
    agreed = {f"{one.channel}_consent_{language}": one.text.get(language, "") for one in form.consents for language in LANGUAGES}  # fmt: skip
    topic = next((one.topic for one in form.consents if one.topic), "")
    return {
        **plain,
        **texts,
        **{name: asked.get(name, NO) for name in KNOWN},
        "own": own,
        **agreed,
        "topic": topic,
        "live": live,
    }


def form_of(key: str, said: Mapping[str, Any]) -> Form:
    """What was drawn."""
    asked = [Field(name, said[name] == MUST) for name in KNOWN if said[name] != NO]
    for line in filter(None, (line.strip() for line in said["own"].splitlines())):
        name, _equals, label = (part.strip() for part in line.partition("="))
        asked.append(Field(name, False, dict.fromkeys(LANGUAGES, label or name)))
    consents = [
        Consent(channel, texts, said["topic"])
        for channel in ("email", "sms")
        if any((texts := _texts(said, f"{channel}_consent")).values())
    ]
    plain = {name: said[name] for name in ("kind", "redirect", "colour", "place", "after", "scroll", "leaving", "path", "days")}  # fmt: skip
    drawn: dict[str, Any] = {**plain, **{name: _texts(said, name) for name in TEXTS}}
    return Form(key=key, fields=tuple(asked), consents=tuple(consents), **drawn)


def _texts(said: Mapping[str, Any], name: str) -> dict[str, str]:
    return {language: text for language in LANGUAGES if (text := said[f"{name}_{language}"].strip())}
