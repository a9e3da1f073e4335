"""What changed between two versions, in plain words: points by what they do, settings and parameters by their labels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from safar.journeys.definition.diff import Change
from safar.journeys.definition.model import Definition, Point, Start
from safar.journeys.forms import choice_words, path_words
from safar.journeys.words import digits, say_duration

HEAD: Mapping[str, str] = {
    "title": gettext_noop("Name"),
    "serves": gettext_noop("Serves"),
    "settings.reentry": gettext_noop("Entering again"),
    "settings.one_per": gettext_noop("Once for each value of"),
    "settings.goal": gettext_noop("Goal"),
    "settings.exit_when": gettext_noop("Leaves when"),
    "settings.control_group": gettext_noop("Control group (per cent)"),
}


def say_changes(changes: Sequence[Change], old: Definition, new: Definition, language: str) -> list[dict[str, str]]:
    """[{what, place, said}], in the order of the file; a point whose line says the change is told once."""
    found, told = [], set()
    for change in changes:
        said = _say(change, old, new, language)
        if said not in told:
            told.add(said)
            found.append({"what": change.what, "place": change.place, "said": said})
    return found


def _say(change: Change, old: Definition, new: Definition, language: str) -> str:
    section, _dot, rest = change.place.partition(".")
    if section not in ("start", "points"):
        label = _(HEAD[change.place]) if change.place in HEAD else change.place
        return _labelled(label, change, language)
    if not rest:
        return _("The order has changed.")
    key, _dot, part = rest.partition(".")
    was, now = _find(old, section, key), _find(new, section, key)
    if was is None or now is None:
        shown = was or now
        assert shown is not None
        text = _("Added: %(point)s") if was is None else _("Removed: %(point)s")
        return text % {"point": shown.summary(language)}
    before, after = was.summary(language), now.summary(language)
    if part.startswith("paths."):
        path = part.removeprefix("paths.")
        return _("“%(point)s”: the path “%(path)s” leads elsewhere") % {
            "point": after,
            "path": path_words(language).get(path, path),
        }
    if before != after:
        return _("“%(before)s” becomes “%(after)s”") % {"before": before, "after": after}
    label = next((p.label[language] for p in now.kind.parameters if p.name == part), "")
    label = label or (_("Only if") if part == "filter" else part)
    return f"{after}: {_labelled(label, change, language)}"


def _labelled(label: str, change: Change, language: str) -> str:
    """With both values where they are short ones; conditions and the like are looked at on the map."""
    values = list(_plain((change.before, change.after), language))
    if len(values) == 2:
        return _("%(label)s: %(before)s becomes %(after)s") % {"label": label, "before": values[0], "after": values[1]}
    return _("%(label)s: changed") % {"label": label}


def _plain(values: Sequence[Any], language: str) -> Iterator[str]:
    for value in values:
        if value is None:
            yield _("nothing")
        elif isinstance(value, str) and len(value) <= 60:
            yield choice_words(language).get(value) or say_duration(value, language)
        elif isinstance(value, int | float):
            yield digits(value, language)


def _find(definition: Definition, section: str, key: str) -> Start | Point | None:
    points: Sequence[Start | Point] = definition.starts if section == "start" else definition.points
    return next((each for each in points if each.key == key), None)
