"""What the services of templates refuse, and what is remarked about one, in the page's language."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from safar.console.faults import say as say_shared
from safar.content.checks import Remark

SAID = (
    (r"there is a template of that key already", _("There is a message of that key already.")),
    (r"has to be Latin small letters, digits, - or _", _("Latin small letters, digits, hyphens.")),
    (r"has to say the message in one language at least.*", _("Write the message in one language at least.")),
    (r"has no text", _("There is no text yet.")),
    (r"is missing", _("This is missing.")),
    (r"this MJML cannot be read: (?P<said>.*)", _("This MJML cannot be read: %(said)s")),
    (r"has more than (?P<n>\d+) blocks", _("These are too many blocks.")),
    (r"has more than (?P<n>\d+) elements", _("This is too much for one message.")),
    (r"the text in (?P<language>\w+) is empty", _("There is no text yet.")),
    (r"the text is longer than (?P<n>\d+) characters", _("The text is too long.")),
    (r"the file is too large", _("The file is too large.")),
    (r"the picture has too many points", _("The picture has too many points.")),
    (r"this is no picture that can be read", _("This is no picture that can be read: bring PNG, JPEG, GIF or WebP.")),
    (r"there are too many pictures already", _("There are too many pictures already.")),
    (r"a message shows it", _("A message still shows this picture.")),
    (r"an editor sends JSON", _("This could not be read.")),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), text) for pattern, text in SAID)

REMARKS = {
    "missing_language": _("There is no text in this language; its readers get the other one."),
    "no_text": _("There is no text yet."),
    "no_subject": _("There is no subject."),
    "long_subject": _("The subject is long: phones show about %(most)s characters of it."),
    "unsubscribe_added": _("There is no link to unsubscribe; a line with one is added at the end."),
    "no_way_out": _("A marketing SMS needs a way out, such as “لغو ۱۱”."),
    "unknown_variable": _("Nobody has “%(name)s”: it stays empty."),
    "broken_link": _("This link leads nowhere: %(address)s"),
    "liquid": _("This cannot be read: %(said)s"),
    "sms_mixed": _("Persian and Latin letters stand in one line; phones may turn them about."),
    "sms_parts": _("This goes out in %(n)s parts, and each is paid for."),
}


def say(message: str) -> str:
    """The fault in the page's language; as it is where nobody has translated it."""
    for pattern, text in _PATTERNS:
        if found := pattern.fullmatch(message):
            return gettext(text) % found.groupdict()
    return say_shared(message)


def say_remark(remark: Remark, digits: Any) -> dict[str, str]:
    """{level, language, part, message}. digits: writes numbers as the page does."""
    values = {
        name: digits(value) if isinstance(value, int) else f"\u2068{value}\u2069"
        for name, value in remark.values.items()
    }
    message = gettext(REMARKS[remark.code]) % values
    return {"level": remark.level, "language": remark.language, "part": remark.part, "message": message}
