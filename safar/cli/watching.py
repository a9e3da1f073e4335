"""Maps that live: drawn anew every second on a screen of their own, one journey after another where there are several."""

from __future__ import annotations

import itertools
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any

from safar.cli import output

if TYPE_CHECKING:
    import psycopg
    from rich.text import Text

    from safar.accounts.models import Workspace

Face = Callable[[], "Text"]
REFRESH_SECONDS = 1.0
EACH_SECONDS = 10.0  # of several


def faces_of(conn: psycopg.Connection[Any], workspaces: Iterable[Workspace], language: str | None) -> list[Face]:
    """One face a live journey. language: of the words; a workspace's own if None."""
    from safar.journeys.services import list_journeys

    return [
        map_face(conn, workspace, journey["key"], language or workspace.language)
        for workspace in workspaces
        for journey in list_journeys(workspace)
        if journey["version"] is not None
    ]


def map_face(conn: psycopg.Connection[Any], workspace: Workspace, key: str, language: str) -> Face:
    """Draws the journey's map as it is at the moment of the call. Raises Refused (now) where there is no such journey."""
    from safar.journeys.services import figures, live_definition

    definition, version = live_definition(workspace, key)

    def face() -> Text:
        from rich.text import Text

        from safar.cli.map import draw, headline

        found = figures(conn, workspace, key).as_json() if version is not None else None
        title = definition.title.get(language) or definition.title["en"]
        drawn = Text.assemble((title, "bold"), (f"  {workspace.slug} · {definition.key} · ", "dim"))
        drawn.no_wrap, drawn.overflow = True, "ellipsis"  # a broken line would break the picture
        drawn.append(f"version {version}\n" if version is not None else "draft, never published\n", "dim")
        if found is not None:
            words = (f"{name} {output.text_of(value)}" for name, value in headline(found).items())
            drawn.append("   ".join(words) + "\n\n")
        return drawn.append(draw(definition, found, language=language, width=output.out().width))

    return face


def watch(faces: Sequence[Face]) -> None:
    """Show them until Ctrl-C or SIGTERM; the terminal is then as it was before."""
    from rich.live import Live

    turns = max(1, round(EACH_SECONDS / REFRESH_SECONDS)) if len(faces) > 1 else 1
    with _ended_by_signals(), Live(console=output.out(), screen=True, auto_refresh=False) as live:
        for face in itertools.cycle(faces):
            for _ in range(turns):
                live.update(face(), refresh=True)
                time.sleep(REFRESH_SECONDS)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A supervisor stops us by SIGTERM: that too has to leave the terminal's second screen."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
