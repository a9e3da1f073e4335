"""An engine as a process of its own, to be killed. ``python engine_process.py DATABASE_URL [EVENTS EACH SUBJECTS]`` (its limits)."""

import logging
import signal
import sys
import threading

from safar.journeys.engine.loop import Engine
from safar.journeys.engine.tick import Limits


def main() -> None:
    url, *numbers = sys.argv[1:]
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(process)d %(message)s")
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print("up", flush=True)
    Engine(url, limits=Limits(*map(int, numbers))).run_forever(stop)


if __name__ == "__main__":
    main()
