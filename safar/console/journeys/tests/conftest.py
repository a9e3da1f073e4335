"""Counting what a page asks the database; figures that are read at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

Few = Callable[[int], AbstractContextManager[None]]


@pytest.fixture
def django_assert_few() -> Few:
    """``with django_assert_few(10): …``: at most so many queries through Django."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    @contextmanager
    def few(most: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as queries:
            yield
        assert len(queries) <= most, "\n".join(query["sql"] for query in queries)

    return few


@pytest.fixture
def fresh_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are not kept, and the dear ones are read in the request: whoever looks sees what is."""
    from safar.journeys import living, overview
    from safar.journeys.reckoning import kept

    dear = ((kept, "_living"), (kept, "_reckoned"), (kept, "_stays"))
    for module, name in ((living, "_living"), (overview, "_tallies"), *dear):
        monkeypatch.setattr(getattr(module, name), "_least", 0.0)
        monkeypatch.setattr(getattr(module, name), "_most", 0.0)
    for _, name in dear:
        monkeypatch.setattr(getattr(kept, name), "start", lambda work: work())
        for part in ("_kept", "_due"):  # of an earlier database there may be a workspace of that number
            monkeypatch.setattr(getattr(kept, name), part, {})
