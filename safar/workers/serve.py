"""What each kind of process does between its start and its end. Imports are inside: an engine needs no web server."""

from __future__ import annotations

import os
import signal

from safar.workers.heartbeat import Heartbeat
from safar.workers.parent import is_child, stop_event, when_orphaned

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


def serve_engine(url: str) -> None:
    """An engine, until it is told to stop; what it holds is committed or rolled back, never half done."""
    from safar.journeys.engine.loop import Engine

    stop = stop_event()
    with Heartbeat(url, "engine").running():
        Engine(url).run_forever(stop)


def serve_dispatcher(url: str) -> None:
    """A dispatcher, until it is told to stop; the message it is handing over is finished first."""
    from safar.channels.dispatcher import Dispatcher

    stop = stop_event()
    with Heartbeat(url, "dispatcher").running():
        Dispatcher(url).run_forever(stop)


def database() -> str:
    """The database of this process. Raises ServerFault."""
    from safar.postgres.connections import database_url

    return database_url(os.environ)
