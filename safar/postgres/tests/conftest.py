"""Data homes for tests that play with servers; those that only use one take the run's (`empty_database_url`)."""

import shutil
import subprocess
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


@pytest.fixture(scope="session")
def pristine() -> Iterator[Path]:
    """A home with a stopped cluster in it, to be copied."""
    with new_home() as path:
        with EmbeddedServer(path, durable=False):
            pass
        yield path


@pytest.fixture
def lived_in(home: Path, pristine: Path) -> Path:
    """A home whose cluster exists already: a copy takes a tenth of the time that initdb takes."""
    return _copied(pristine, home)


@pytest.fixture(scope="module")
def module_server(pristine: Path) -> Iterator[EmbeddedServer]:
    with new_home() as path:
        yield EmbeddedServer(_copied(pristine, path), durable=False)


@pytest.fixture
def server(module_server: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """A running server with a database `safar` that remembers nothing; its cluster is shared within the file."""
    with psycopg.connect(module_server.start()) as conn:
        conn.execute("DROP TABLE IF EXISTS memory")
    yield module_server
    module_server.stop()


def _copied(pristine: Path, home: Path) -> Path:
    # cp, because shutil does not keep owners.
    subprocess.run(["cp", "-a", pristine / "postgres", home / "postgres"], check=True)
    return home
