"""What a publishing would mean, for the dialog: plain data, and sentences in the page's language."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from safar.console.formats import Formats
from safar.journeys.definition.model import Definition
from safar.journeys.engine.moving import NO_POINT, OTHER_KIND, PASSES_AGAIN
from safar.journeys.moving import OlderThanDraft
from safar.journeys.publishing.crowd import Crowd
from safar.journeys.publishing.first import First


def reasons() -> dict[str, str]:
    """Why somebody cannot move, in the page's language."""
    return {
        NO_POINT: _("the live version has no such point"),
        OTHER_KIND: _("there it is a point of another kind"),
        PASSES_AGAIN: _("they would pass a point a second time"),
    }


def moves_json(older: OlderThanDraft) -> dict[str, Any]:
    """{number, people, can, standing: [{point, people, can, cannot: [{said, n}], at_once}]}."""
    said = reasons()
    return {
        "number": older.number,
        "people": older.people,
        "can": older.can,
        "standing": [
            {
                "point": f"points.{each.point}",
                "people": each.people,
                "can": each.can,
                "cannot": [{"said": said.get(why, why), "n": n} for why, n in each.cannot.items()],
                "at_once": min(older.at_once.get(each.point, 0), each.can),
            }
            for each in older.standing
        ],
    }


def crowd_json(crowd: Crowd) -> dict[str, Any]:
    return asdict(crowd)


def say_first(definition: Definition, crowd: Crowd, first: First, formats: Formats, language: str) -> list[str]:
    """What happens first, a sentence each, in the order in which it happens."""
    names = {start.key: start.summary(language) for start in definition.starts}
    said = []
    if crowd.at_once:
        text = ngettext("%(n)s person comes in at once.", "%(n)s people come in at once.", crowd.at_once)
        said.append(text % {"n": formats.number(crowd.at_once)})
    for start in first.starts:
        if start.by_time and start.at is not None:
            text = _("By “%(start)s” the first contact comes in: %(moment)s.")
            said.append(text % {"start": names[start.key], "moment": formats.moment(start.at)})
        elif start.by_time:
            said.append(_("By “%(start)s” nobody is due yet.") % {"start": names[start.key]})
    events = [names[start.key] for start in first.starts if not start.by_time]
    if events:
        either = f"; {_('or')} " if language == "en" else f"؛ {_('or')} "
        text = (
            _("Whoever does this from then on comes in: %(what)s.")
            if said
            else _("Nobody comes in until this happens to somebody: %(what)s.")
        )
        said.append(text % {"what": either.join(events)})
    if first.timer is not None:
        text = _("The next of those on the road goes on by time: %(moment)s.")
        said.append(text % {"moment": formats.moment(first.timer)})
    return said
