"""What two traces say differently, in words."""

from __future__ import annotations

from typing import Any

from .run import sort_key
from .values import sort_text

Row = dict[str, Any]


def differences(trace_a: list[Row], trace_b: list[Row]) -> list[str]:
    """One line for each difference; none when the traces say the same, in whatever order their rows come."""
    lines: list[str] = []
    rows_a, rows_b = _grouped(trace_a), _grouped(trace_b)
    for key in sorted({*rows_a, *rows_b}):
        ours, theirs = rows_a.get(key, []), rows_b.get(key, [])
        name = " ".join(key)
        if len(ours) != len(theirs):
            lines.append(f"{name}: {len(ours)} trips in a, {len(theirs)} in b")
            lines += [f"  only in a: {sort_text(row)}" for row in ours if row not in theirs]
            lines += [f"  only in b: {sort_text(row)}" for row in theirs if row not in ours]
            continue
        for one, other in zip(ours, theirs, strict=True):
            lines += _row_differences(name, one, other)
    return lines


def _grouped(trace: list[Row]) -> dict[tuple[str, ...], list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in sorted(trace, key=lambda row: (*sort_key(row), sort_text(row))):
        groups.setdefault(sort_key(row), []).append(row)
    return groups


def _row_differences(name: str, one: Row, other: Row) -> list[str]:
    lines = []
    for key in sorted({*one, *other} - {"passages"}):
        if one.get(key) != other.get(key):
            lines.append(f"{name}: {key} is {one.get(key)!r} in a, {other.get(key)!r} in b")
    ours, theirs = one.get("passages", []), other.get("passages", [])
    for number in range(max(len(ours), len(theirs))):
        passage = ours[number] if number < len(ours) else None
        against = theirs[number] if number < len(theirs) else None
        if passage != against:
            lines.append(f"{name}: passage {number + 1} is {_show(passage)} in a, {_show(against)} in b")
            break  # what follows differs because of this one
    return lines


def _show(passage: Row | None) -> str:
    if passage is None:
        return "missing"
    return f"{passage['point']} {passage['arrived_at']}..{passage['left_at']} by {passage['path']}"
