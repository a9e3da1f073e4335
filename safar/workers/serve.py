"""What each kind of process does between its start and its end. Imports are inside: an engine needs no web server."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from safar.postgres.repeating import repeating
from safar.workers.heartbeat import Heartbeat, Rounds
from safar.workers.parent import is_child, stop_event, when_orphaned

if TYPE_CHECKING:
    from safar.channels.settings import Sending

GRACEFUL_SECONDS = (
    8  # less than the supervisor's patience, so that open requests end with an answer and not with a kill
)


def serve_web(url: str, host: str, port: int) -> None:
    """The web process, until it is told to stop; requests under way are finished first."""
    import uvicorn

    if is_child():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    config = uvicorn.Config(
        "safar.config.asgi:application",
        host=host,
        port=port,
        log_config=None,  # Django's settings say how logs look, for every process alike
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )
    server = uvicorn.Server(config)

    def stop() -> None:
        server.should_exit = True

    when_orphaned(stop)
    with Heartbeat(url, "web").running():
        server.run()


def serve_engine(url: str, keys: Sequence[str]) -> None:
    """An engine, until it is told to stop; what it holds is committed or rolled back, never half done. keys: the installation's
    secret keys, the present one first."""
    from safar.events.jobs.running import JobRunner
    from safar.journeys.backtest import trial
    from safar.journeys.engine.loop import Engine
    from safar.journeys.everything import job as everything
    from safar.journeys.lookback import job as lookback
    from safar.shops import fetching, privacy
    from safar.workers.housekeeping import SECONDS, STATEMENT_SECONDS, keep_house

    rounds = Rounds()

    class WatchedEngine(Engine):
        def run_once(self) -> bool:
            rounds()
            return super().run_once()

    runs = {
        **trial.runs(url),
        **lookback.runs(url),
        **fetching.runs(keys),
        **privacy.runs(),
        everything.KIND: everything.run,
    }
    stop, jobs = stop_event(), JobRunner(url, runs)
    keeping = partial(keep_house, stop=stop)
    house = repeating(
        keeping, url, name="housekeeping", seconds=SECONDS, statement_timeout=STATEMENT_SECONDS, at_once=True, stop=stop
    )
    with Heartbeat(url, "engine", rounds.age).running(), house, jobs.running():
        WatchedEngine(url).run_forever(stop)


def serve_dispatcher(url: str, sending: Sending) -> None:
    """A dispatcher, until it is told to stop; the message it is handing over is finished first."""
    from datetime import datetime

    from safar.channels.consent import asking
    from safar.channels.notices import telling
    from safar.channels.reports import polling
    from safar.channels.sending.dispatch import Dispatcher
    from safar.journeys.campaigns import braking

    rounds = Rounds()

    class WatchedDispatcher(Dispatcher):
        def run_once(self, now: datetime | None = None) -> int:
            rounds()
            return super().run_once(now)

    stop = stop_event()
    with (
        Heartbeat(url, "dispatcher", rounds.age).running(),
        repeating(polling.Poller(sending).work, url, name="reports", seconds=polling.SECONDS),
        repeating(braking.brake_once, url, name="brakes", seconds=braking.SECONDS),
        repeating(asking.ask_unasked, url, name="confirmations", seconds=asking.SECONDS),
        repeating(telling.tell_once, url, name="notices", seconds=telling.SECONDS),
    ):
        WatchedDispatcher(url, f"{socket.gethostname()}-{os.getpid()}", sending=sending).run_forever(stop)


def sending_of(environment: Any, secret_key: str) -> Sending:
    """What the dispatcher needs of the operator's values (``safar.config.environment.Environment``)."""
    from safar.channels.settings import Sending

    return Sending(
        secret_key=secret_key,
        old_secret_keys=environment.old_secret_keys,
        public_url=environment.public_url,
        short_host=environment.short_host,
        email_url=environment.email_url,
        email_from=environment.email_from,
        most=environment.send_mode,
        team_addresses=environment.team_addresses,
    )
