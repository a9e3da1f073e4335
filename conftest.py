"""What every test can ask for: a server for the run, a migrated database for the module, a connection for the test.

The server is embedded and without fsync, or the one of SAFAR_TEST_DATABASE_URL. With pytest-xdist the workers share it;
each keeps a template of its own, so that none waits for another.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from safar.postgres import testing
from safar.postgres.connections import connect

KEPT = {"SAFAR_TEST_DATABASE_URL", "SAFAR_TEST_POSTGRES_MAJOR"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--crash-rounds", type=int, default=10, help="kills a crash test deals out (make crash: 1000)")
    parser.addoption("--slow-browser", type=int, default=1, help="pages on a machine so many times slower: races show")
    parser.addoption("--runs", type=int, default=None, help="runs of a property test (make deep-test: 20000)")


def pytest_configure(config: pytest.Config) -> None:
    """Settings of the developer's shell must not reach a test: it could send mail, or write into real data."""
    for name in [name for name in os.environ if name.startswith("SAFAR_") and name not in KEPT]:
        del os.environ[name]
    os.environ["SAFAR_SECRET_KEY"] = "only-for-tests-" + "0" * 32
    os.environ["SAFAR_DATA_DIR"] = str(Path(tempfile.gettempdir()) / f"safar-no-data-{os.geteuid()}")
    os.environ["DJANGO_SETTINGS_MODULE"] = "safar.config.settings"
    # Until a test asks for a database there is none, and nobody may start one by accident.
    os.environ["SAFAR_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/no-database-asked-for?connect_timeout=1"
    from safar.console.translations import compile_all

    compile_all()  # words that somebody has just filled in
    import django

    django.setup()


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """URL of the run's server; the role may create databases."""
    with testing.test_server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_template(server_url: str) -> Iterator[str]:
    """Name of a database with all migrations and nobody connected: what the others are copied from."""
    from django.core.management import call_command
    from django.db import connections

    with testing.fresh_database(server_url) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAFAR_DATABASE_URL", url)
        call_command("migrate", verbosity=0, interactive=False)
        connections.close_all()
        yield psycopg.conninfo.conninfo_to_dict(url)["dbname"]  # type: ignore[misc]


@pytest.fixture(scope="module")
def database_url(server_url: str, migrated_template: str) -> Iterator[str]:
    """URL of a migrated database of this module's own. Django, and whatever asks the environment, uses it too."""
    from django.db import connections

    with testing.fresh_database(server_url, migrated_template) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAFAR_DATABASE_URL", url)
        yield url
        connections.close_all()


@pytest.fixture
def own_database_url(server_url: str, migrated_template: str) -> Iterator[str]:
    """As `database_url`, for this one test: for tests that count rows of the whole database."""
    from django.db import connections

    connections.close_all()
    with testing.fresh_database(server_url, migrated_template) as url, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAFAR_DATABASE_URL", url)
        yield url
        connections.close_all()


@pytest.fixture(scope="module")
def empty_database_url(server_url: str) -> Iterator[str]:
    """URL of a database without any table."""
    with testing.fresh_database(server_url) as url:
        yield url


@pytest.fixture
def conn(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A session on the module's database (autocommit)."""
    with connect(database_url, application_name="safar tests") as connection:
        yield connection


@pytest.fixture
def unique() -> str:
    """A short word that no other test uses: names for what stays in a module's database."""
    return secrets.token_hex(4)
