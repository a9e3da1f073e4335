from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from safar.events.imports import ImportReport, import_contacts, import_events
from safar.events.tests.shop import conn, shop  # noqa: F401


class At:
    """A workspace as imports see it."""

    def __init__(self, id: int) -> None:
        self.id = id


@pytest.fixture
def contacts(conn: Any, shop: Any, tmp_path: Path) -> Callable[..., ImportReport]:  # noqa: F811
    """Import a text or bytes as a CSV file of contacts."""

    def run(text: str | bytes, encoding: str = "utf-8", name: str = "contacts.csv", **more: Any) -> ImportReport:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return import_contacts(conn, At(shop.id), path, progress=lambda done, total: None, **more)

    return run


@pytest.fixture
def events(conn: Any, shop: Any, tmp_path: Path) -> Callable[..., ImportReport]:  # noqa: F811
    """Import bytes as a file of messages."""

    def run(data: bytes, name: str = "events.jsonl", **more: Any) -> ImportReport:
        path = tmp_path / name
        path.write_bytes(data)
        return import_events(conn, At(shop.id), path, progress=lambda done, total: None, **more)

    return run
