"""The embedded server as the supervisor keeps it: an idle session shows when it is gone, asking brings it back."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

import psycopg

from safar.postgres.connections import connect, database_url, wait_until_ready
from safar.postgres.errors import ServerFault

log = logging.getLogger(__name__)

RETRY_SECONDS = 2.0


class KeptDatabase:
    """The database of one `safar run`. A configured server is somebody else's to keep."""

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        self._env = os.environ if env is None else env
        self.embedded = not self._env.get("SAFAR_DATABASE_URL", "").strip()
        self.url = ""
        self.session: psycopg.Connection[Any] | None = None
        self.due_at = 0.0  # monotonic: when to try again, while there is no session

    def find(self) -> str:
        """Start or reach the server. Raises ServerFault."""
        self.url = database_url(self._env)
        if self.embedded:
            self.session = connect(self.url, application_name="safar supervisor")
        else:
            wait_until_ready(self.url)
        return self.url

    def look(self, now: float, *, broken: bool) -> bool:
        """Bring a server back whose session broke. True when it has another URL now: who uses it has to be told."""
        if not self.embedded or now < self.due_at or (self.session is not None and not broken):
            return False
        before = self.url
        self.close()
        try:
            self.find()
        except (ServerFault, psycopg.OperationalError) as fault:
            log.error("%s Trying again in %g s.", str(fault).strip(), RETRY_SECONDS)
            self.due_at = now + RETRY_SECONDS
        return self.url != before

    def sleep_until(self) -> float | None:
        """Monotonic time at which to look again; None: only when the session breaks."""
        return self.due_at if self.embedded and self.session is None else None

    def close(self) -> None:
        if self.session is not None:
            self.session.close()
            self.session = None
