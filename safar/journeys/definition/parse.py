"""From text or data to a Definition, or to every fault in it at once.

The reading goes from the outside in: text (yaml12), plain data (plain), the parts (settings, sections), and last the
map as a whole (check). A part that is wrong is passed over, so that one fault does not call forth others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from safar.journeys.definition.check import check_map
from safar.journeys.definition.collecting import collecting
from safar.journeys.definition.model import DUTIES, LANGUAGES, Definition
from safar.journeys.definition.parameters import read_choice, read_mapping, read_text
from safar.journeys.definition.plain import check_plain, copy_plain
from safar.journeys.definition.sections import ID, NO_ID, read_points, read_starts
from safar.journeys.definition.settings import read_settings
from safar.journeys.definition.yaml12 import Loaded, load_yaml
from safar.lib.faults import Fault, Faults, said
from safar.segments.catalog import Catalog

KEYS = ("journey", "title", "serves", "settings", "start", "points")

_NEXT = re.compile(r"\.paths\.next$")


def parse_definition(data: str | bytes | Mapping[str, Any], catalog: Catalog | None = None) -> Definition:
    """Read and check a whole definition.

    data: YAML or JSON text, or the mapping it would say (it is copied). catalog: segments and, where known, templates
    that may be named; points, entry and since are filled in here. Raises Refused with every fault, each with its place
    and, where data was YAML, its line; nothing else, whatever the input.
    """
    loaded = load_yaml(data) if isinstance(data, (str, bytes)) else _taken(data)
    definition = None
    with collecting(lambda fault: _with_line(fault, loaded)) as faults:
        definition = _read(loaded.data, faults, catalog or Catalog())
    if definition is None:
        raise AssertionError("a definition is refused without a fault")
    return definition


def _taken(data: Any) -> Loaded:
    with collecting() as faults:
        check_plain(data, faults)
    return Loaded(copy_plain(data))


def _read(data: Any, faults: Faults, catalog: Catalog) -> Definition | None:
    if not isinstance(data, Mapping):
        faults.add(said("a definition is a mapping that begins with 'journey:'"))
        return None
    read_mapping(data, faults, KEYS)
    key = _key(data, faults)
    title = _title(data.get("title"), faults.at("title"), key or "")
    serves = data.get("serves")
    if serves is not None:
        serves = read_choice(serves, faults.at("serves"), DUTIES)
    written = data.get("points")
    catalog = replace(catalog, points=tuple(written) if isinstance(written, Mapping) else ())
    settings = read_settings(data.get("settings"), faults.at("settings"), catalog)
    starts = read_starts(data, faults, catalog)
    points = read_points(data, faults, catalog)
    if starts is not None and points is not None:
        check_map(starts, points, faults)
    if faults or key is None or starts is None or points is None:
        return None
    return Definition(
        key=key,
        title=title,
        serves=serves,
        settings=settings,
        starts=tuple(start.finished(number) for number, start in enumerate(starts)),
        points=tuple(point.finished(number) for number, point in enumerate(points)),
        source=data,
    )


def _key(data: Mapping[str, Any], faults: Faults) -> str | None:
    here = faults.at("journey")
    if "journey" not in data:
        here.add(said("is missing: the journey's key, such as welcome"))
        return None
    key = read_text(data["journey"], here)
    if key is not None and not ID.fullmatch(key):
        here.add(said("'%(key)s' is no key: %(no_id)s", key=key, no_id=NO_ID))
        return None
    return key


def _title(written: Any, faults: Faults, key: str) -> dict[str, str]:
    """Both languages, whatever was given: the other one where one is missing, the key where both are."""
    if written is None:
        return dict.fromkeys(LANGUAGES, key)
    if isinstance(written, str):
        return dict.fromkeys(LANGUAGES, read_text(written, faults) or key)
    if not isinstance(written, Mapping) or not written:
        faults.add(said("must be a text, or a text for each language: {en: …, fa: …}"))
        return {}
    read_mapping(written, faults, LANGUAGES)
    found = {name: read_text(written[name], faults.at(name)) for name in LANGUAGES if written.get(name) is not None}
    other = next((text for text in found.values() if text), key)
    return {name: found.get(name) or other for name in LANGUAGES}


def _with_line(fault: Fault, loaded: Loaded) -> Fault:
    """``next: x`` is written in one place and named in another: points.offer.paths.next."""
    place = fault.place if fault.place in loaded.lines else _NEXT.sub(".next", fault.place)
    return Fault(fault.place, fault.message, fault.line or loaded.line_of(place))
