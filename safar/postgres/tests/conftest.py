"""Data homes for tests that play with servers; those that only use one take the run's (`empty_database_url`)."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from safar.postgres import testing
from safar.postgres.embedded import EmbeddedServer


@contextmanager
def new_home() -> Iterator[Path]:
    """An empty folder that others may pass (pytest's own is closed to the user who runs PostgreSQL for root)."""
    path = Path(tempfile.mkdtemp(prefix="safar-home-", dir=testing.temporary_place()))
    path.chmod(0o755)
    yield path
    EmbeddedServer(path).discard()
    shutil.rmtree(path)


@pytest.fixture
def home() -> Iterator[Path]:
    with new_home() as path:
        yield path


@pytest.fixture(scope="module")
def module_server() -> Iterator[EmbeddedServer]:
    with new_home() as path:
        yield EmbeddedServer(path, durable=False)


@pytest.fixture
def server(module_server: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """A running server with a database `safar` that remembers nothing; its cluster is shared within the file."""
    with psycopg.connect(module_server.start()) as conn:
        conn.execute("DROP TABLE IF EXISTS memory")
    yield module_server
    module_server.stop()
