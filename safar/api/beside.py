"""What is learnt beside the way in: products, names of events, refused requests. In memory first, written every few seconds."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import Connection

from safar.events.accept import Parcel
from safar.events.catalogue import NameLearner
from safar.events.products import ProductLearner
from safar.events.refusals import RefusalKeeper

log = logging.getLogger(__name__)


class Beside:
    """Belongs to one writer; `refusals` may be told from any thread. True while something waits to be written."""

    def __init__(self) -> None:
        self.products = ProductLearner()
        self.names = NameLearner()
        self.refusals = RefusalKeeper()

    def __bool__(self) -> bool:
        return bool(self.products or self.names or self.refusals)

    def notice(self, parcels: Sequence[Parcel]) -> None:
        """Accepted parcels."""
        for parcel in parcels:
            self.products.notice(parcel.workspace_id, parcel.messages)
            self.names.notice(parcel.workspace_id, parcel.messages)

    def flush(self, conn: Connection[Any]) -> None:
        """Write all of it, each in a transaction of its own; what one cannot write holds up none of the others."""
        for learner in (self.products, self.names, self.refusals):
            try:
                learner.flush(conn)
            except psycopg.Error as error:
                log.warning("%s: not written: %s", type(learner).__name__, str(error).strip())
                if conn.closed:
                    return
