"""The page on which a form is drawn: its fields as a form of Django's, to and from a form of the website."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from safar.console.forms import Form as PageForm
from safar.contacts.topics import Topic
from safar.website.form import (
    BOTTOM,
    CENTRE,
    CORNER,
    EMBEDDED,
    INSIDE,
    KNOWN,
    LANGUAGES,
    MOST_FIELDS,
    NOT_INSIDE,
    OUTSIDE,
    PAGE,
    POP_UP,
    Consent,
    Field,
    Form,
)

NO, MAY, MUST = "no", "may", "must"
TEXTS = ("title", "text", "button", "thanks")
MOST_OWN = MOST_FIELDS - len(KNOWN)
ASKED = [(NO, _("not asked")), (MAY, _("asked")), (MUST, _("has to be filled in"))]
ASKED_FIRST = {"email": MUST, "first_name": MAY}
LABELS = {"email": _("E-mail"), "phone": _("Mobile number"), "first_name": _("First name"), "last_name": _("Last name")}


def _text(label: Any, language: str, *, rows: int = 0) -> forms.CharField:
    attributes = {"dir": "rtl" if language == "fa" else "ltr", **({"rows": rows} if rows else {})}
    widget = forms.Textarea(attributes) if rows else forms.TextInput(attributes)
    return forms.CharField(label=label, required=False, widget=widget)


class FormForm(PageForm):
    """As `Form`. What is asked: email, email_fa, email_en (whether, and the words in each language) and the like; fields of one's own with a name
    each: own0, own0_name, own0_fa, own0_en, two more than there are."""

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
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("that of the page")), ("fa", _("always Persian")), ("en", _("always English"))],
    )  # fmt: skip
    email_consent_fa = _text(_("What people agree to by e-mail, in Persian"), "fa", rows=2)
    email_consent_en = _text(_("What people agree to by e-mail, in English"), "en", rows=2)
    sms_consent_fa = _text(_("What people agree to by SMS, in Persian"), "fa", rows=2)
    sms_consent_en = _text(_("What people agree to by SMS, in English"), "en", rows=2)
    topic = forms.ChoiceField(label=_("Topic that they join"), required=False)
    double_opt_in = forms.ChoiceField(
        label=_("Confirmed by a message"), required=False,
        help_text=_("Whoever has the address presses a button before anything else is sent there."),
    )  # fmt: skip
    after = forms.IntegerField(label=_("After so many seconds"), required=False, min_value=0, initial=5)
    scroll = forms.IntegerField(label=_("After so many percent of the page"), required=False, min_value=0, max_value=100)  # fmt: skip
    leaving = forms.BooleanField(label=_("When somebody is about to leave"), required=False)
    path = forms.CharField(label=_("Only on these pages"), required=False, max_length=200, widget=forms.TextInput({"dir": "ltr", "placeholder": "/mugs/*"}), help_text=_("* stands for any letters. Empty: on all pages."))  # fmt: skip
    segment = forms.ChoiceField(label=_("For whom"), required=False)
    members = forms.ChoiceField(
        label=_("Who of them"), required=False, initial=NOT_INSIDE,
        choices=[(INSIDE, _("only who is surely in it")), (OUTSIDE, _("only who is surely not in it")), (NOT_INSIDE, _("all but who is surely in it"))],
        help_text=_("We are sure of whoever came by a link of a message or signed in at your shop, and of what an unknown browser did itself."),
    )  # fmt: skip
    unless_agreed = forms.BooleanField(label=_("Not for those who have agreed to it already"), required=False)
    days = forms.IntegerField(label=_("Not again for so many days"), min_value=0, initial=7)
    place = forms.ChoiceField(label=_("Place"), choices=[(CENTRE, _("In the middle")), (CORNER, _("In the corner")), (BOTTOM, _("At the bottom"))])  # fmt: skip
    colour = forms.CharField(label=_("Colour"), required=False, max_length=7, widget=forms.TextInput({"dir": "ltr", "placeholder": "#1f5f4a"}), help_text=_("Empty: the workspace's."))  # fmt: skip

    def __init__(
        self,
        *given: Any,
        topics: Sequence[Topic],
        segments: Sequence[tuple[str, str]],
        confirms: bool,
        language: str,
        fresh: bool,
        **named: Any,
    ) -> None:
        super().__init__(*given, **named)
        self.offer("topic", [("", _("none")), *((one.key, one.called(language)) for one in topics)])
        self.offer(
            "segment",
            [("", _("everybody")), *((key, _("segment: %(title)s") % {"title": title}) for key, title in segments)],
        )
        default = _("as the workspace has it: yes") if confirms else _("as the workspace has it: no")
        self.offer("double_opt_in", [("", default), ("yes", _("yes")), ("no", _("no"))])
        if not fresh:
            del self.fields["key"]
        typed: Mapping[str, Any] = self.data or self.initial
        self.own = min(sum(bool(typed.get(f"own{number}_name")) for number in range(MOST_OWN)) + 2, MOST_OWN)
        for name in (*KNOWN, *(f"own{number}" for number in range(self.own))):
            label = LABELS.get(name, _("Is it asked?"))
            self.fields[name] = forms.ChoiceField(
                label=label,
                required=False,
                initial=ASKED_FIRST.get(name, NO),
                choices=ASKED if name in KNOWN else ASKED[1:],
            )
            for one, called in ((LANGUAGES[0], _("Its words in Persian")), (LANGUAGES[1], _("Its words in English"))):
                self.fields[f"{name}_{one}"] = _text(called, one)
                with override(one):
                    self.fields[f"{name}_{one}"].widget.attrs["placeholder"] = str(LABELS.get(name, ""))
            if name not in KNOWN:
                self.fields[f"{name}_name"] = forms.CharField(
                    label=_("Field"),
                    required=False,
                    max_length=64,
                    widget=forms.TextInput({"dir": "ltr", "placeholder": "shoe_size"}),
                )

    def asked(self) -> list[list[forms.BoundField]]:
        """Rows of the page: whether, and the words in each language."""
        return [[self[name], *(self[f"{name}_{one}"] for one in LANGUAGES)] for name in KNOWN]

    def asked_own(self) -> list[list[forms.BoundField]]:
        """The same, each behind its name."""
        names = [f"own{number}" for number in range(self.own)]
        return [[self[f"{name}_name"], self[name], *(self[f"{name}_{one}"] for one in LANGUAGES)] for name in names]


PLAIN = (
    "kind",
    "redirect",
    "language",
    "colour",
    "place",
    "after",
    "scroll",
    "leaving",
    "path",
    "days",
    "segment",
    "members",
    "unless_agreed",
)


def initial_of(form: Form, *, live: bool) -> dict[str, Any]:
    """What stands in the fields of a form that there is."""
    shown: dict[str, Any] = {name: getattr(form, name) for name in PLAIN}
    shown |= {f"{name}_{one}": getattr(form, name).get(one, "") for name in TEXTS for one in LANGUAGES}
    shown |= dict.fromkeys(KNOWN, NO)
    own = [field for field in form.fields if field.name not in KNOWN]
    shown |= {f"own{number}_name": field.name for number, field in enumerate(own)}
    for field in form.fields:
        name = field.name if field.name in KNOWN else f"own{own.index(field)}"
        shown[name] = MUST if field.required else MAY
        shown |= {f"{name}_{one}": field.label.get(one, "") for one in LANGUAGES}
    for consent in form.consents:
        shown |= {f"{consent.channel}_consent_{one}": consent.text.get(one, "") for one in LANGUAGES}
    topic = next((one.topic for one in form.consents if one.topic), "")
    confirmed = {None: "", True: "yes", False: "no"}[form.double_opt_in]
    return {**shown, "topic": topic, "double_opt_in": confirmed, "live": live}


def form_of(key: str, said: Mapping[str, Any]) -> Form:
    """What was drawn."""
    asked = [Field(name, said[name] == MUST, _texts(said, name)) for name in KNOWN if said[name] in (MAY, MUST)]
    for name in (f"own{number}" for number in range(MOST_OWN)):
        if called := said.get(f"{name}_name", "").strip():
            asked.append(Field(called, said[name] == MUST, _texts(said, name)))
    consents = [
        Consent(channel, texts, said["topic"])
        for channel in ("email", "sms")
        if any((texts := _texts(said, f"{channel}_consent")).values())
    ]
    drawn: dict[str, Any] = (
        {name: said[name] for name in PLAIN}
        | {"members": said["members"] or NOT_INSIDE}
        | {name: _texts(said, name) for name in TEXTS}
    )
    confirmed = {"yes": True, "no": False}.get(said["double_opt_in"])
    return Form(key=key, fields=tuple(asked), consents=tuple(consents), double_opt_in=confirmed, **drawn)


def _texts(said: Mapping[str, Any], name: str) -> dict[str, str]:
    return {language: text for language in LANGUAGES if (text := said[f"{name}_{language}"].strip())}
