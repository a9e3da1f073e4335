"""What an import did."""

from __future__ import annotations

from dataclasses import dataclass, field

MAX_LISTED = 1_000  # refused lines that are kept with their reason; all are counted


@dataclass(frozen=True)
class Refusal:
    """A line that was left out. place: column or path inside it; line: 1-based, where the row begins."""

    line: int
    place: str
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.place}: {self.message}" if self.place else f"line {self.line}: {self.message}"


@dataclass
class ImportReport:
    """Rows of the whole file, those of an earlier run that was cut off included.

    accepted: went into the inbox. repeated: were accepted before. refused: left out; the first 1,000 are listed.
    already: this very file had been imported to its end before, and nothing was done now.
    """

    accepted: int = 0
    repeated: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    already: bool = False
    columns: dict[str, str] = field(default_factory=dict)  # header → what it was taken for
    notes: list[str] = field(default_factory=list)

    def refuse(self, refusal: Refusal) -> None:
        self.refused += 1
        if len(self.refusals) < MAX_LISTED:
            self.refusals.append(refusal)

    def __str__(self) -> str:
        parts = [f"{self.accepted} accepted", f"{self.repeated} there before", f"{self.refused} refused"]
        lines = [", ".join(parts) + (" (this file was imported before; nothing was done)" if self.already else "")]
        lines += self.notes
        lines += [str(refusal) for refusal in self.refusals]
        if self.refused > len(self.refusals):
            lines.append(f"… and {self.refused - len(self.refusals)} more")
        return "\n".join(lines)
