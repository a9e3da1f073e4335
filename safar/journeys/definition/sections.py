"""The two sections of the map: starting points and points, each read by what its kind says of itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from safar.journeys.definition.collecting import mend
from safar.journeys.definition.model import Point, Start
from safar.journeys.definition.parameters import named, read_choice, read_mapping, read_text
from safar.journeys.definition.types import TYPES
from safar.journeys.kinds import Kind, Parameter, StartingPoint
from safar.journeys.registry import points as point_kinds
from safar.journeys.registry import starting_points
from safar.lib.faults import Faults, said
from safar.segments.catalog import Catalog
from safar.segments.parse import parse_condition
from safar.segments.reading import Condition

ID = re.compile(r"[a-z][a-z0-9_-]{0,63}")
NO_ID = said("a small letter, then small letters, digits, - and _, at most 64")
MAX_STARTS = 3
MAX_POINTS = 200

_START_KEYS = ("kind", "filter", "paths", "next")
_POINT_KEYS = ("kind", "paths", "next")


@dataclass
class Drafted:
    """A point while it is read. paths: as written, whatever its kind; faults: where to complain about them."""

    key: str
    faults: Faults
    readable: bool = True  # whether all its paths could be read; if not, nobody knows what it leads to
    kind: Kind | None = None
    params: dict[str, Any] = field(default_factory=dict)
    written: dict[str, Any] = field(default_factory=dict)
    paths: dict[str, str | None] = field(default_factory=dict)
    filter: Condition | None = None
    filter_written: Any = None

    def finished(self, index: int) -> Any:
        """The Start or Point, once there is no fault left."""
        if isinstance(self.kind, StartingPoint):
            following = self.paths.get("next")
            return Start(
                self.key, self.kind, self.params, self.filter, following, index, self.written, self.filter_written
            )
        if self.kind is None:
            raise ValueError(f"{self.key} has no kind")
        paths = {path: self.paths.get(path) for path in self.kind.paths(self.params)}
        return Point(self.key, self.kind, self.params, paths, index, self.written)


def read_starts(data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> list[Drafted] | None:
    """1 to 3 starting points, in order; None where there is nothing to read."""
    here = faults.at("start")
    if data.get("start") is None:
        here.add(said("is missing: 1 to 3 starting points, such as {signed_up: {kind: signed_up_email, next: …}}"))
        return None
    written = read_mapping(data["start"], here)
    if written is None:
        return None
    if not 1 <= len(written) <= MAX_STARTS:
        here.add(
            said("a journey has 1 to %(max_starts)s starting points, not %(n)s", max_starts=MAX_STARTS, n=len(written))
        )
        return None
    drafted = []
    for key, point in written.items():
        start = _read_point(key, point, here.at(key), starting_points(), catalog, _START_KEYS)
        if isinstance(point, Mapping) and point.get("filter") is not None:
            scope = replace(catalog, entry=True)
            start.filter = parse_condition(point["filter"], here.at(key, "filter"), scope)
            start.filter_written = point["filter"]
        drafted.append(start)
    return drafted


def read_points(data: Mapping[str, Any], faults: Faults, catalog: Catalog) -> list[Drafted] | None:
    """At most 200 points, in the order of the file; None where there is nothing to read."""
    here = faults.at("points")
    written = {} if data.get("points") is None else read_mapping(data["points"], here)
    if written is None:
        return None
    if len(written) > MAX_POINTS:
        here.add(said("a journey has at most %(max_points)s points, not %(n)s", max_points=MAX_POINTS, n=len(written)))
        return None
    scope = replace(catalog, entry=True, since=("entry", "arrival"))
    return [_read_point(key, point, here.at(key), point_kinds(), scope, _POINT_KEYS) for key, point in written.items()]


def _read_point(
    key: str, written: Any, faults: Faults, kinds: Mapping[str, Kind], catalog: Catalog, reserved: tuple[str, ...]
) -> Drafted:
    point = Drafted(key, faults)
    if not ID.fullmatch(key):
        faults.add(said("'%(key)s' is no name for a point: %(no_id)s", key=key[:80], no_id=NO_ID))
    found = read_mapping(written, faults)
    if found is None:
        point.readable = False
        return point
    before = len(faults.found)
    point.kind = _kind(found, faults, kinds)
    unread = len(faults.found)
    point.paths = _paths(found, faults)
    point.readable = len(faults.found) == unread
    if point.kind is None:
        return point
    point.written = {name: value for name, value in found.items() if name not in reserved}
    _read_parameters(point, point.kind, catalog, reserved)
    if len(faults.found) == before:
        point.kind.check(point.params, faults)
    _check_paths(point, point.kind, whole=len(faults.found) == before)
    return point


def _kind(written: Mapping[str, Any], faults: Faults, kinds: Mapping[str, Kind]) -> Kind | None:
    here = faults.at("kind")
    if "kind" not in written:
        here.add(said("is missing"))
        return None
    key = written["kind"]
    if not isinstance(key, str):
        here.add(said("must be the name of a kind, not %(found)s", found=named(key)))
        return None
    if key in kinds:
        return kinds[key]
    if key in starting_points():
        here.add(said("'%(key)s' is a starting point; it stands under start", key=key))
    elif key in point_kinds():
        here.add(said("'%(key)s' stands under points, not under start", key=key))
    else:
        here.add(said("there is no kind '%(key)s'%(hint)s", key=key[:80], hint=mend(key, kinds, here)))
    return None


def _read_parameters(point: Drafted, kind: Kind, catalog: Catalog, reserved: tuple[str, ...]) -> None:
    known = {parameter.name: parameter for parameter in kind.parameters}
    for name, value in point.written.items():
        here = point.faults.at(name)
        parameter = known.get(name)
        if parameter is None:
            here.add(
                said(
                    "%(key)s has no parameter '%(name)s'%(hint)s",
                    key=kind.key,
                    name=name[:80],
                    hint=mend(name, [*known, *reserved], here),
                )
            )
        elif value is not None or parameter.type == "any":
            read = _read_parameter(parameter, value, here, catalog)
            if read is not None or parameter.type == "any":
                point.params[name] = read
    for parameter in kind.parameters:
        if point.written.get(parameter.name) is None and parameter.name not in point.params:
            if parameter.default is not None:
                point.params[parameter.name] = parameter.default
            elif parameter.required:
                point.faults.at(parameter.name).add(said("is missing"))


def _read_parameter(parameter: Parameter, value: Any, faults: Faults, catalog: Catalog) -> Any:
    if parameter.choices:
        return read_choice(value, faults, parameter.choices)
    return TYPES[parameter.type].read(value, faults, catalog)


def _paths(written: Mapping[str, Any], faults: Faults) -> dict[str, str | None]:
    """Path → next point as written; ``next: x`` is ``paths: {next: x}``. A path to null ends the map."""
    found: dict[str, str | None] = {}
    ways: dict[str, Any] = {}
    if written.get("paths") is not None:
        ways |= read_mapping(written["paths"], faults.at("paths")) or {}
    if "next" in written:
        if "next" in ways:
            faults.at("next").add(said("there is a 'next' among the paths already"))
        ways["next"] = written["next"]
    for path, target in ways.items():
        found[path] = None if target is None else read_text(target, faults.at("paths", path))
    return found


def _check_paths(point: Drafted, kind: Kind, *, whole: bool) -> None:
    """whole: the parameters are right, so the kind can say its paths."""
    if not whole:
        return
    known = tuple(kind.paths(point.params))
    for path in point.paths:
        if path not in known:
            here = point.faults.at("paths", path)
            others = said("; it has %(known)s", known=", ".join(known)) if known else said("; it ends the journey")
            here.add(
                said(
                    "%(key)s has no path '%(path)s'%(hint)s",
                    key=kind.key,
                    path=path[:80],
                    hint=mend(path, known, here) or others,
                )
            )
