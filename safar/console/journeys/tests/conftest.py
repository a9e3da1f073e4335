"""Counting what a page asks the database."""

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
