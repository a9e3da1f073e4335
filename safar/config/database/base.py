"""Django's own PostgreSQL backend, but the address is asked for when a connection is opened.

Settings have to import without a server: `safar --help`, mypy and the docs tests need none, and the embedded server's
address is known only once it runs.
"""

from __future__ import annotations

import os
from typing import Any

from django.db.backends.postgresql import base
from psycopg.conninfo import conninfo_to_dict

from safar.postgres.connections import database_url


class DatabaseWrapper(base.DatabaseWrapper):
    """As its parent; NAME, USER and the like come from ``SAFAR_DATABASE_URL`` or from the embedded server."""

    def get_connection_params(self) -> dict[str, Any]:
        """Django's parameters with the server's laid over them. Raises ServerFault as ``database_url`` does."""
        params: dict[str, Any] = super().get_connection_params()
        return {**params, **conninfo_to_dict(database_url(os.environ))}
