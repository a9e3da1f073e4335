"""What is remarked about a template, in the page's language."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from safar.content.checks import Remark

REMARKS = {
    "missing_language": _("There is no text in this language; its readers get the other one."),
    "no_text": _("There is no text yet."),
    "no_subject": _("There is no subject."),
    "large_letter": _(
        "The message is large (%(n)s KB): programs such as Gmail show about %(most)s KB and hide the rest."
    ),
    "long_subject": _("The subject is long: phones show about %(most)s characters of it."),
    "unsubscribe_added": _("There is no link to unsubscribe; a line with one is added at the end."),
    "no_way_out": _("A marketing SMS needs a way out, such as “لغو ۱۱”."),
    "stop_word_added": _("For numbers in Iran «لغو۱۱» is added at the end, and counted."),
    "pattern_no_place": _("The pattern's text has no place for “%(name)s”."),
    "pattern_no_value": _("Nothing is put in the place “%(name)s” of the pattern."),
    "unknown_variable": _("Nobody has “%(name)s”: it stays empty."),
    "broken_link": _("This link leads nowhere: %(address)s"),
    "liquid": _("This cannot be read: %(said)s"),
    "sms_mixed": _("Persian and Latin letters stand in one line; phones may turn them about."),
    "sms_long_link": _(
        "The short link has %(n)s letters; %(most)s at most are usual. Take a shorter domain under Settings → Tracking."
    ),
    "sms_more_links": _("Only the first link is made short and counted; the others go as they are."),
    "sms_parts": _("This goes out in %(n)s parts, and each is paid for."),
}


def say_remark(remark: Remark, digits: Any) -> dict[str, str]:
    """{level, language, part, message}. digits: writes numbers as the page does."""
    values = {
        name: digits(value) if isinstance(value, int) else f"\u2068{value}\u2069"
        for name, value in remark.values.items()
    }
    message = gettext(REMARKS[remark.code]) % values
    return {"level": remark.level, "language": remark.language, "part": remark.part, "message": message}
