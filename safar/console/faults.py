"""What services refuse, said in the page's language. Services speak English, with the value that was wrong in it."""

from __future__ import annotations

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# Of the rooms below: the pattern of what is said, and what a page says instead.
SAID = (
    (r"there is a member (?P<email>\S+) already", _("There is a member %(email)s already.")),
    (r"(?P<email>\S+) is a member already", _("%(email)s is a member already.")),
    (r"'?(?P<text>.*?)'? is not an e-mail address", _("“%(text)s” is not an e-mail address.")),
    (r"has to be e-mail addresses", _("These have to be e-mail addresses.")),
    (r"a workspace keeps one owner at least", _("A workspace keeps one owner at least.")),
    (r"nobody can give a role above their own", _("Nobody can give a role above their own.")),
    (r"nobody can change a member above themselves", _("Nobody can change a member above themselves.")),
    (r"there are two live secret keys already; revoke one first", _("There are two live secret keys already. Revoke one first.")),
    (r"'?(?P<text>.*?)'? is not a zone's name.*", _("“%(text)s” is not the name of a zone, such as Asia/Tehran.")),
    (r"'?(?P<text>.*?)'? is not a currency code.*", _("“%(text)s” is not the code of a currency, such as IRT.")),
    (r"has to be 1 to 200 characters", _("Write 1 to 200 characters.")),
    (r"has to be at most 200 characters", _("Write 200 characters at most.")),
    (r"has to be seconds, up to 30 days", _("This is at most 30 days.")),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), text) for pattern, text in SAID)


def say(message: str) -> str:
    """The fault in the page's language; as it is where nobody has translated it."""
    for pattern, text in _PATTERNS:
        if found := pattern.fullmatch(message):
            return gettext(text) % found.groupdict()
    return message
