"""From what somebody wrote to a Condition, with every fault at its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from safar.lib.faults import Fault, Faults, did_you_mean, said
from safar.segments.catalog import Catalog, Unsound
from safar.segments.kinds import condition_kinds, shown
from safar.segments.reading import Condition
from safar.segments.saved import names_segments, order_segments

MOST_DEPTH = 16  # as written
MOST_DEPTH_IN_PLACE = 64  # once segments are put in place: Python's and PostgreSQL's recursion stay far away
MOST_PARTS = 1000

__all__ = ["Catalog", "order_segments", "parse_condition", "parse_segments"]


def parse_condition(data: object, faults: Faults, catalog: Catalog) -> Condition | None:
    """Read one condition as YAML or JSON gave it. Adds every fault to `faults`; None if there was one. Never raises.

    At most 16 composites inside one another; with segments put in place at most 64, and 1,000 conditions.
    """
    if catalog.depth > MOST_DEPTH:
        faults.add(said("conditions are nested more than %(most_depth)s deep here", most_depth=MOST_DEPTH))
        return None
    if not isinstance(data, Mapping):
        faults.add(said("a condition is a mapping such as {tag: vip}, not %(found)s", found=shown(data)))
        return None
    strange = [key for key in data if not isinstance(key, str)]
    if strange:
        faults.add(said("a condition's words are text, not %(known)s", known=", ".join(map(shown, strange))))
        return None
    kinds = condition_kinds()
    named = [key for key in data if key in kinds]
    if len(named) > 1:
        faults.add(
            said(
                "%(known)s are several conditions; put them into a list under `all` or `any`", known=" and ".join(named)
            )
        )
        return None
    if not named:
        faults.add(_no_kind(list(data)))
        return None
    if catalog.depth == 0:
        catalog = _with_segments_read(data, catalog)
    condition = kinds[named[0]].parse(data, faults, catalog)
    if condition is not None and catalog.depth == 0 and (fault := _too_large(condition)):
        faults.add(fault)
        return None
    return condition


def parse_segments(
    segments: Mapping[str, object], faults: Faults, catalog: Catalog | None = None
) -> dict[str, Condition]:
    """Key → condition of every segment that is sound, in the given order. Each fault's place begins with the segment's key.

    segments: key → its condition as it was written.
    """
    known: dict[str, object] = dict.fromkeys(segments, Unsound(said("it stands in a circle of segments")))
    for key in order_segments(segments, faults):
        before = len(faults.found)
        condition = parse_condition(segments[key], faults.at(key), replace(catalog or Catalog(), segments=known))
        known[key] = condition or Unsound(_where_and_what(faults.found[before]))
    return {key: condition for key, condition in known.items() if isinstance(condition, Condition)}


def _with_segments_read(data: object, catalog: Catalog) -> Catalog:
    """The catalog with every segment that the condition leads to as a Condition, each read once."""
    found: dict[str, object] = {}
    todo = names_segments(data)
    for key in todo:
        if key in found or key not in catalog.segments:
            continue
        found[key] = catalog.segments[key]
        if not isinstance(found[key], Condition | Unsound):
            todo += names_segments(found[key])
    written = {key: condition for key, condition in found.items() if not isinstance(condition, Condition | Unsound)}
    if not written:
        return catalog
    read: dict[str, object] = {
        **catalog.segments,
        **dict.fromkeys(written, Unsound(said("it stands in a circle of segments"))),
    }
    for key in order_segments(written, Faults()):
        faults = Faults()
        condition = parse_condition(written[key], faults, Catalog(segments=read))
        read[key] = condition or Unsound(_where_and_what(faults.found[0]))
    return replace(catalog, segments=read)


def _too_large(condition: Condition) -> str | None:
    """Why it would be too much for one statement, each segment being put in place as often as it is named."""
    known: dict[int, tuple[int, int]] = {}

    def measure(part: Condition) -> tuple[int, int]:
        if id(part) not in known:
            inner = [measure(p) for p in part.parts()]
            known[id(part)] = 1 + sum(n for n, _ in inner), 1 + max((d for _, d in inner), default=-1)
        return known[id(part)]

    parts, depth = measure(condition)
    if parts > MOST_PARTS:
        return said("this is more than %(most)s conditions once its segments are put in place", most=f"{MOST_PARTS:,}")
    if depth > MOST_DEPTH_IN_PLACE:
        return said(
            "conditions are nested more than %(most)s deep here once segments are put in place",
            most=MOST_DEPTH_IN_PLACE,
        )
    return None


def _where_and_what(fault: Fault) -> str:
    return said("%(place)s: %(problem)s", place=fault.place, problem=fault.message) if fault.place else fault.message


def _no_kind(keys: list[str]) -> str:
    kinds = list(condition_kinds())
    if not keys:
        return said("an empty mapping is no condition; it begins with one of %(known)s", known=", ".join(kinds))
    for key in keys:
        if hint := did_you_mean(key, kinds):
            return said("there is no kind of condition '%(key)s'%(hint)s", key=key, hint=hint)
    return said("there is no kind of condition '%(value)s'; one of %(known)s", value=keys[0], known=", ".join(kinds))
