"""Threads that go round for good outlive a bug of one round."""

from __future__ import annotations

import threading
from types import ModuleType
from typing import Any

import psycopg
import pytest

from safar.channels.consent import asking
from safar.channels.consent.asking import Asker
from safar.channels.notices import telling
from safar.channels.notices.telling import Teller
from safar.channels.reports import polling
from safar.channels.reports.polling import Poller
from safar.channels.tests.settings import sending
from safar.journeys.campaigns import braking
from safar.journeys.campaigns.braking import Brakes
from safar.workers import housekeeping
from safar.workers.housekeeping import Housekeeper


@pytest.mark.parametrize(
    ("where", "thread"),
    [
        (asking, Asker("")),
        (polling, Poller("", sending(), {})),
        (telling, Teller("")),
        (braking, Brakes("")),
        (housekeeping, Housekeeper("", seconds=0.001)),
    ],
    ids=lambda one: one.__name__.rpartition(".")[2] if isinstance(one, ModuleType) else "",
)
def test_a_thread_lives_on(monkeypatch: pytest.MonkeyPatch, where: ModuleType, thread: Any) -> None:
    rounds, again = [RuntimeError("a bug")], threading.Event()

    def connect(*_: Any, **__: Any) -> None:
        if rounds:
            raise rounds.pop()
        again.set()
        raise psycopg.OperationalError("no database")

    monkeypatch.setattr(where, "connect", connect)
    monkeypatch.setattr(where, "SECONDS", 0.001)
    with thread.running():
        assert again.wait(60)
