"""The reference of kinds as Markdown, made from what the kinds say of themselves. docs/journeys.md holds it; a test compares."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from safar.journeys.definition.dump import flow_yaml
from safar.journeys.registry import list_kinds

_HEADINGS = {"starting point": "Starting points", "rule": "Rules", "action": "Actions"}


def kinds_reference() -> str:
    """A table a section: kind, parameters (``?`` where optional, = default), paths, what it does, an example."""
    lines: list[str] = []
    section = None
    for kind in list_kinds():
        if kind["section"] != section:
            section = kind["section"]
            lines += [
                "",
                f"**{_HEADINGS[section]}**",
                "",
                "| kind | parameters | paths | what it does |",
                "|---|---|---|---|",
            ]
        parameters = ", ".join(map(_parameter, kind["parameters"])) or "none"
        paths = "as named" if kind["paths"] is None else ", ".join(kind["paths"]) or "none"
        example = flow_yaml({"kind": kind["kind"], **kind["example"]})
        cells = (f"`{kind['kind']}`", parameters, paths, f"{kind['help']['en']} `{example}`")
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines[1:]) + "\n"


def _parameter(parameter: Mapping[str, Any]) -> str:
    said = f"`{parameter['name']}`" + ("" if parameter["required"] else "?")
    kind = " or ".join(parameter["choices"]) or parameter["type"]
    default = "" if parameter["default"] is None else f" = {json.dumps(parameter['default'])}"
    return f"{said} ({kind}{default})"


if __name__ == "__main__":
    print(kinds_reference(), end="")
