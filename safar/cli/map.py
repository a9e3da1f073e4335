"""A journey's map with its figures, drawn for a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from safar.cli import output

if TYPE_CHECKING:
    from rich.text import Text

    from safar.journeys.definition.model import Definition

STYLES = {"key": "bold", "kind": "cyan", "path": "italic", "line": "dim", "number": "green"}
ALWAYS = ("entered",)
SHOWN = ("entered", "standing", "set_aside", "moved")


def draw(definition: Definition, figures: Mapping[str, Any] | None, *, language: str, width: int) -> Text:
    """The map. figures: as `figures` services and back-tests give them (matched, entered, …, points), None for none."""
    from rich.text import Text

    from safar.journeys.definition.draw import draw_lines

    drawn = Text()
    by_point, flows = (_numbers(definition, figures)) if figures is not None else (None, None)
    for line in draw_lines(definition, language, figures=by_point, flows=flows, width=width):
        for text, style in line.parts:
            drawn.append(text, STYLES.get(style, ""))
        drawn.append("\n")
    return drawn


def headline(figures: Mapping[str, Any]) -> dict[str, Any]:
    """What stands above the map: matched = entered + held out + refused, and the goal."""
    refused = figures["refused"]
    shown = {
        "matched": figures["matched"],
        "entered": figures["entered"],
        "held out": figures["held_out"],
        "refused": ", ".join(f"{reason} {output.text_of(n)}" for reason, n in refused.items()) or 0,
        "goals": figures["goals"],
    }
    if Decimal(figures.get("money") or 0):
        shown["money of goals"] = Decimal(figures["money"])
    return shown


def _numbers(
    definition: Definition, figures: Mapping[str, Any]
) -> tuple[dict[str, dict[str, Any]], dict[tuple[str, str], Any]]:
    shown: dict[str, dict[str, Any]] = {
        start.key: {"entered": figures["by_starting_point"].get(start.key, 0)} for start in definition.starts
    }
    flows: dict[tuple[str, str], Any] = {}
    for key, point in figures["points"].items():
        numbers = {name: point[name] for name in SHOWN if point[name] or name in ALWAYS}
        left = sum(point["left"].values())
        shown[key] = {**numbers, "left": left} if left else numbers
        if len(definition.point(key).paths) > 1:  # with one way out the number would be said twice
            flows |= {(key, path): point["paths"].get(path, 0) for path in definition.point(key).paths}
    return shown, flows
