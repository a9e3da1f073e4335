"""Faults of definitions in the page's language: the parsers say them in English, with names and numbers of the draft inside.

What a definition can be refused for is told by the rooms below, which know of no languages. A fault that has no words here
is shown as it was said; the test of this room names those that the map's own forms can bring about.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# The pattern of what is said, and what a page says instead; the first that fits.
SAID = (
    (r"is missing", _("This is missing.")),
    (r"is missing, here and at the point", _("The template is missing, here and at the point.")),
    (r"is missing: 1 to 3 starting points.*", _("A journey needs 1 to 3 starting points.")),
    (r"a journey has 1 to 3 starting points, not (?P<n>\d+)", _("A journey has 1 to 3 starting points, not %(n)s.")),
    (r"a journey has at most (?P<most>\d+) points, not (?P<n>\d+)", _("A journey has at most %(most)s points, not %(n)s.")),
    (r"must not be empty|a text is needed here; it is empty", _("This must not be empty.")),
    (r"must not be longer than (?P<n>\d+) characters", _("At most %(n)s characters.")),
    (r"must be text, not (?P<v>.+)|a text is needed here, not (?P<w>.+)", _("A text is needed here.")),
    (r"must be a number, not (?P<v>.+)|this is compared with a number, not with (?P<w>.+)", _("A number is needed here.")),
    (r"must be (?P<span>from \S+ to \S+|at least \S+), not (?P<v>.+)", _("This number is out of range.")),
    (r"must be a whole number from 1 to (?P<n>\d+), not (?P<v>.+)", _("A whole number from 1 to %(n)s is needed here.")),
    (r"a whole number from 0 to \S+ is needed here, not (?P<v>.+)", _("A whole number is needed here.")),
    (r"(?:must be a duration such as|a duration such as P30D is needed here|'.*' is no duration).*", _("Say how long: a number and a unit.")),
    (r"must not be negative, as (?P<v>\S+) is", _("A length of time cannot be negative.")),
    (r"a window is longer than nothing.*", _("This length of time must be longer than nothing.")),
    (r"must be a date and time such as .*", _("A day and a time are needed here.")),
    (r"must be a time of day such as .*", _("A time of day is needed here.")),
    (r"must be a list of days.*", _("Choose one day at least.")),
    (r"must be \{time, weekdays\}.*", _("Say until when.")),
    (r"a delay has exactly one of 'for' and 'until'", _("Say either how long or until when, and only one of the two.")),
    (r"a yearly date has exactly one of 'day' and 'trait'", _("Say either a day of the year or a field, and only one of the two.")),
    (r"must be a month and a day such as 09-30.*", _("A month and a day are needed here, such as 09-30.")),
    (r"there is no such day as (?P<v>\S+) in any year", _("There is no such day in any year.")),
    (r"must be an event or a condition, not .*", _("Say what it waits for: an event or a condition.")),
    (r"must be a list of 1 to \d+ events", _("Name one event at least.")),
    (r"a condition is a mapping such as .*", _("The condition is missing: choose one.")),
    (r"'(?:all|any)' takes a list of 1 to \d+ conditions.*", _("This list needs one condition at least.")),
    (r"say what must hold for it: .*", _("Say what must hold for it.")),
    (r"say (?:how they stand with it|what became of it|what the consent is).*", _("Choose what it must be.")),
    (r"'where' maps properties to what must hold for them.*", _("Name one property at least.")),
    (r"a property's name is needed here.*", _("The name of a property is needed here.")),
    (r"'(?:contains|starts_with|matches)' takes some text.*", _("A text is needed here.")),
    (r"'in' takes a list of .*", _("One value at least is needed here.")),
    (r"at least one share must be more than 0", _("At least one share must be more than 0.")),
    (r"must have 1 to (?P<most>\d+) entries, not (?P<n>\d+)", _("Between 1 and %(most)s are needed here.")),
    (r"'else' is the path for whoever is left.*", _("“else” is the path for whoever is left. Give this branch another name.")),
    (r"a metric compares variants, and there are none", _("There are no variants to compare.")),
    (r"there is no template '(?P<v>.*?)'.*", _("There is no template “%(v)s”.")),
    (r"there is no segment '(?P<v>.*?)'.*", _("There is no segment “%(v)s”.")),
    (r"there is no point or template '(?P<v>.*?)'.*", _("There is no point or template “%(v)s”.")),
    (r"there is no point '(?P<v>.*?)'.*", _("This path leads to “%(v)s”, which is not on the map.")),
    (r"there is no kind '(?P<v>.*?)'.*", _("There is no kind of point “%(v)s”.")),
    (r"'(?P<v>.*?)' is a starting point; .*", _("“%(v)s” is a starting point; it stands at the beginning only.")),
    (r"'(?P<v>.*?)' stands under points, not under start", _("“%(v)s” cannot stand at the beginning.")),
    (r"(?P<kind>\S+) has no path '(?P<v>.*?)'.*", _("This point has no path “%(v)s” any more.")),
    (r"(?P<kind>\S+) has no parameter '(?P<v>.*?)'.*", _("This kind of point does not know “%(v)s”.")),
    (r"no starting point leads here", _("No path leads here from a starting point.")),
    (r"goes in a circle: (?P<v>.*)", _("This path goes in a circle: %(v)s.")),
    (r"must be one of (?P<v>.*?), not .*", _("Choose one of these: %(v)s.")),
    (r"there is no entry here.*", _("Nothing brought them in here that could be read.")),
    (r"'same_as' names a property of the entry.*", _("Name a property of the entry, such as entry.order_id.")),
    (r"'(?P<v>.*?)' is no (?:key|name for a point): .*", _("“%(v)s” is no key: small Latin letters, digits, - and _, beginning with a letter.")),
    (r"there is a journey '(?P<v>.*?)' already; .*", _("There is a journey “%(v)s” already. Choose another key.")),
    (r"is '(?P<v>.*?)'; the key of a journey never changes, .*", _("The key of a journey never changes.")),
    (r"the fact '(?P<v>.*?)' is not available yet", _("The figure “%(v)s” is not available yet.")),
    (r"a definition is a mapping that begins with 'journey:'", _("This is not the text of a journey: it begins with “journey:”.")),
    (r"conditions are nested more than \d+ deep here", _("Conditions are nested too deep here.")),
    (r"somebody has changed the draft since; .*", _("Somebody has changed the draft since. Look at it again before you publish it.")),
    (r"'(?P<v>.*?)' is (?:draft|archived|paused|live); only a (?P<w>live|paused) journey can be .*", _("This cannot be done in the journey's present state.")),
    (r"'(?P<v>.*?)' has no version (?P<n>\d+).*", _("There is no version %(n)s.")),
)  # fmt: skip
_PATTERNS = tuple((re.compile(pattern), text) for pattern, text in SAID)


def say_fault(message: str, language: str) -> str:
    """The message itself on English pages, which say more of the mend, and where there is no Persian for it yet."""
    if language == "en":
        return message
    for pattern, text in _PATTERNS:
        if found := pattern.fullmatch(message):
            return gettext(text) % {name: value for name, value in found.groupdict().items() if value is not None}
    return message
