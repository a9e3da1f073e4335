"""How findings look in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from safar.cli import output

if TYPE_CHECKING:
    from safar.workers.doctor import Findings


def show_findings(found: Findings) -> None:
    """Sections of names and values, processes by kind, and last what to mend, where it is read."""
    for section, values in found.figures.items():
        output.out().print(f"[bold]{section}[/bold]")
        output.pairs({f"  {name}": _sized(name, value) for name, value in values.items()})
    if found.usage:
        kinds = {usage.what: [u for u in found.usage if u.what == usage.what] for usage in found.usage}
        rows = [(what, len(those), _mb(sum(u.memory for u in those)), _share(those)) for what, those in kinds.items()]
        total = ("together", len(found.usage), _mb(sum(u.memory for u in found.usage)), _share(found.usage))
        headings = ("processes", "number", "memory", "cpu")
        output.table(headings, [*rows, total], numbers=headings[1:])
    for mend in found.mends:
        output.say("[yellow]![/yellow]", output.plain_text(mend))
    if not found.mends:
        output.say("[green]✓[/green] nothing to mend")


def _share(those: list[Any]) -> str:
    return f"{sum(usage.cpu for usage in those):.2%}"


def _sized(name: str, value: Any) -> Any:
    return _mb(value) if name.endswith("bytes") and isinstance(value, int) else value


def _mb(count: int) -> str:
    return f"{count / 1024**2:,.1f} MB"
