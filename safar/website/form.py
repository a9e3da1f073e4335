"""A form as it is kept, and what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec

from safar.contacts.privacy import COLOUR
from safar.lib.faults import Faults, Refused, said
from safar.website.coming import SENT
from safar.website.guards import SHOWN, TRAP

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")  # of a field: the trait it becomes
LANGUAGES = ("fa", "en")
KINDS = POP_UP, EMBEDDED, PAGE = "pop_up", "embedded", "page"  # each has a page of its own besides
MEMBERS = INSIDE, OUTSIDE, NOT_INSIDE = (
    "inside",
    "outside",
    "not_inside",
)  # outside: surely; not_inside: also whom nobody knows
PLACES = CENTRE, CORNER, BOTTOM = "centre", "corner", "bottom"
CHANNELS = {"email": "email", "sms": "phone"}  # and the field whose address it needs
EMAIL, PHONE = "email", "phone"
KNOWN = (EMAIL, PHONE, "first_name", "last_name")  # fields that have words of ours
AGREED = "consent"  # prefix of a ticked box: consent0
# What is sent with the fields, and what the event says beside them. Whoever filled in a field by the name of the trap would be taken for a machine.
TAKEN = re.compile("|".join(["language", "page", "anonymous", "form", "consents", "visitor", SHOWN, TRAP, *SENT, AGREED + r"\d*"]))  # fmt: skip
MOST_FIELDS, LONGEST_TITLE, LONGEST_TEXT = 12, 100, 600
MOST_SECONDS, MOST_DAYS = 3_600, 365

Texts = Mapping[str, str]  # language → text


class Field(msgspec.Struct, frozen=True):
    """One thing that is asked. label: empty for one of KNOWN, which then has our words; of others their name where there is none."""

    name: str
    required: bool = False
    label: Texts = {}


class Consent(msgspec.Struct, frozen=True):
    """A box to tick. text: what is agreed to, in the words that are kept as proof."""

    channel: str  # email | sms
    text: Texts
    topic: str = ""


class Form(msgspec.Struct, frozen=True):
    """after: seconds; scroll: percent; both None: as soon as the page is there, unless `leaving` waits for somebody to go.
    path: pages it opens on, * for any letters; empty: all. days: before it opens to the same browser again. colour: empty, the workspace's.
    segment, members: for whom it opens (visitors.py); unless_agreed: not for those who are known to have agreed to all of it.
    language: it speaks in whatever page it stands; empty: the page's. double_opt_in: whether what is agreed to is confirmed by a message;
    None: as the workspace has it.
    """

    key: str
    title: Texts
    kind: str = POP_UP
    text: Texts = {}
    button: Texts = {}
    thanks: Texts = {}
    redirect: str = ""
    fields: tuple[Field, ...] = (Field(EMAIL, True),)
    consents: tuple[Consent, ...] = ()
    colour: str = ""
    place: str = CENTRE
    after: int | None = 5
    scroll: int | None = None
    leaving: bool = False
    path: str = ""
    days: int = 7
    segment: str = ""
    members: str = INSIDE
    unless_agreed: bool = False
    language: str = ""
    double_opt_in: bool | None = None

    @property
    def asks(self) -> bool:
        """Whether it opens for some only, so that it has to be asked who it is."""
        return self.kind == POP_UP and bool(self.segment or self.unless_agreed)

    @property
    def for_nobody_known(self) -> bool:
        """Whether it opens for visitors of whom nobody knows who they are."""
        return not self.segment or self.members == NOT_INSIDE

    def spoken(self, asked: str, otherwise: str) -> str:
        """The language it speaks where `asked` is a page's, and `otherwise` what is spoken where that says none."""
        return self.language or (asked if asked in LANGUAGES else otherwise)

    def called(self, texts: Texts, language: str) -> str:
        """A text in a language, else in another; empty where there is none."""
        return texts.get(language) or next(filter(None, texts.values()), "")


def check_form(form: Form) -> None:
    """Raises Refused with every fault."""
    faults = Faults()
    if not KEY.fullmatch(form.key):
        faults.at("key").add(said("has to be small Latin letters, digits, - and _, 64 at most"))
    if not any(form.title.values()):
        faults.at("title").add(said("is missing"))
    for name, most in (("title", LONGEST_TITLE), ("button", LONGEST_TITLE), ("text", LONGEST_TEXT), ("thanks", LONGEST_TEXT)):  # fmt: skip
        if _too_long(getattr(form, name), most):
            faults.at(name).add(said("is longer than %(most)s characters", most=most))
    for name, known in (("kind", KINDS), ("place", PLACES), ("members", MEMBERS)):
        if getattr(form, name) not in known:
            faults.at(name).add(
                said("%(value)r is none of %(known)s", value=getattr(form, name), known=", ".join(known))
            )
    if form.language and form.language not in LANGUAGES:
        faults.at("language").add(
            said("%(value)r is none of %(known)s", value=form.language, known=", ".join(LANGUAGES))
        )
    if form.colour and not COLOUR.fullmatch(form.colour):
        faults.at("colour").add(said("has to be a colour such as #1f5f4a"))
    if form.redirect and (urlsplit(form.redirect).scheme not in ("http", "https") or len(form.redirect) > 2_000):
        faults.at("redirect").add(said("has to be an address that begins with https://"))
    for name, most in (("after", MOST_SECONDS), ("scroll", 100), ("days", MOST_DAYS)):
        value = getattr(form, name)
        if value is not None and not 0 <= value <= most:
            faults.at(name).add(said("has to be 0 to %(most)s", most=most))
    if form.unless_agreed and not form.consents:
        faults.at("unless_agreed").add(said("asks nobody to agree to anything"))
    _check_fields(form, faults)
    if faults:
        raise Refused(faults)


def _check_fields(form: Form, faults: Faults) -> None:
    names = [field.name for field in form.fields]
    if len(names) > MOST_FIELDS:
        faults.at("fields").add(said("has more than %(most)s fields", most=MOST_FIELDS))
    for number, field in enumerate(form.fields):
        if not NAME.fullmatch(field.name):
            faults.at("fields", number).add(
                said("%(name)r is no name of a field: small Latin letters, digits and _", name=field.name[:64])
            )
        elif TAKEN.fullmatch(field.name):
            faults.at("fields", number).add(
                said("%(name)r is sent with every form: choose another name", name=field.name)
            )
        if names.count(field.name) > 1:
            faults.at("fields", number).add(said("%(value)s is there twice", value=field.name[:64]))
        if _too_long(field.label, LONGEST_TITLE):
            faults.at("fields", number).add(said("is longer than %(most)s characters", most=LONGEST_TITLE))
    if EMAIL not in names and PHONE not in names:
        faults.at("fields").add(said("asks for neither e-mail nor phone, so nobody could be recognised by it"))
    for number, consent in enumerate(form.consents):
        if consent.channel not in CHANNELS:
            faults.at("consents", number).add(
                said("%(value)r is none of %(known)s", value=consent.channel, known=", ".join(CHANNELS))
            )
        elif CHANNELS[consent.channel] not in names:
            faults.at("consents", number).add(said("is about an address that the form does not ask for"))
        if _too_long(consent.text, LONGEST_TEXT):
            faults.at("consents", number).add(said("is longer than %(most)s characters", most=LONGEST_TEXT))


def _too_long(texts: Texts, most: int) -> bool:
    return any(len(text) > most or "\0" in text for text in texts.values())
