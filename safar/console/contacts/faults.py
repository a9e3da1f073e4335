"""What the rooms below refuse, said in the page's language: reasons of refused rows, and of changes by hand."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from safar.console.contacts.words import TRAITS

# The pattern of what is said below, and what a page says instead; groups are values of the file or the form.
SAID = (
    (r"'(?P<value>.*)' is no e-mail address", _("“%(value)s” is no e-mail address")),
    (r"'(?P<value>.*)' is a placeholder address", _("“%(value)s” is a placeholder, set aside")),
    (r"'(?P<value>.*)' was a long number, and a spreadsheet has rounded it", _("“%(value)s” was a long number that a spreadsheet has rounded")),
    (r"'(?P<value>.*)' is no day of any calendar", _("“%(value)s” is no day of any calendar")),
    (r"'(?P<value>.*)' is none of given, pending, withdrawn", _("“%(value)s” says neither yes nor no")),
    (r"'(?P<value>.*)' is no status of a mailing list", _("“%(value)s” is no status of a mailing list")),
    (r"'?(?P<value>.*?)'? cannot be read", _("“%(value)s” cannot be read")),
    (r"says nobody: .*", _("says nobody: no id, no e-mail address and no phone number that can be read")),
    (r"a tag is longer than 128 characters", _("a tag is longer than 128 characters")),
    (r"has (?P<n>\d+) cells, and the header has (?P<most>\d+)", _("has %(n)s cells, and the header has %(most)s")),
    (r"has (?P<n>\d+) traits, and (?P<most>\d+) are the limit", _("has %(n)s fields, and %(most)s are the limit")),
    (r"is longer than (?P<n>\d+) (characters|bytes)", _("is longer than %(n)s characters")),
    (r"the line is longer than (?P<n>\d+) characters", _("the line is longer than %(n)s characters")),
    (r"has to be (a text of )?1 to (?P<n>\d+) characters", _("has to be 1 to %(n)s characters")),
    (r"is larger than (?P<n>\d+) bytes", _("is too large")),
    (r"a quote is opened and not closed", _("a quote is opened and not closed")),
    (r"the quotes are wrong.*", _("the quotes are wrong")),
    (r"has characters that cannot be read: .*", _("has characters that cannot be read: the file is damaged, or in another encoding")),
    (r"is missing: the file has no text in it", _("The file has no text in it.")),
    (r"is empty", _("is empty")),
    (r"no column says who a row is.*", _("No column says who a row is: one has to be the id, the e-mail address or the phone.")),
    (r"belongs to contact (?P<n>\d+)", _("belongs to another contact. Merge the two if they are one person.")),
    (r"the file is no (?P<value>\w+) file that can be read.*", _("The file cannot be opened: it is damaged, or not what its name says.")),
    (r"the file unpacks to more than .*", _("The file unpacks to more than can be taken.")),
    (r"there is no list in this ZIP.*", _("There is no list in this ZIP. It should be the one that Mailchimp makes of an audience.")),
    (r"the contact has no name left.*", _("One of the two is known by no name any more.")),
    (r"has to be small Latin letters, digits, - and _, 64 at most", _("has to be small Latin letters, digits, - and _")),
    (r"there is a topic of that key already", _("There is a topic of that key already.")),
    (r"there are (?P<n>\d+) topics, and more are not taken", _("There are %(n)s topics, and more are not taken.")),
    (r"there is no such topic.*", _("There is no such topic any more.")),
    (r"another tag is called that already", _("Another tag is called that already.")),
    (r"'(?P<value>.*)' is neither joined nor left", _("“%(value)s” says neither joined nor left")),
    (r"a contact cannot be merged into itself", _("A contact cannot be merged into itself.")),
)  # fmt: skip
OF_FORMS = (
    "tags",
    "consent",
    "topics",
    "user_id",
    "note",
    "reason",
    "key",
    "title",
    "description",
)  # the field is before one's eyes
_PATTERNS = tuple((re.compile(pattern, re.DOTALL), text) for pattern, text in SAID)


def say(message: str, place: str = "") -> str:
    """The fault in the page's language, with the column or field before it; as it is where nobody has translated it."""
    said = message
    for pattern, text in _PATTERNS:
        if found := pattern.fullmatch(message):
            said = gettext(text) % found.groupdict()
            break
    place = place.removeprefix("traits.")
    place = "" if place.split(".")[0] in OF_FORMS else place
    named: Any = TRAITS.get(place, "" if place in ("", "header", "file") else place)
    return f"{named}: {said}" if named else said
