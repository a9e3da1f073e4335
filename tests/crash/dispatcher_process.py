"""A dispatcher as a process of its own, to be killed. ``python dispatcher_process.py DATABASE_URL SINK_PORT NAME LEASE_SECONDS``."""

import logging
import signal
import sys
import threading
from datetime import timedelta

from safar.channels.sending.dispatch import Dispatcher
from safar.channels.settings import Sending


def main() -> None:
    url, port, name, lease = sys.argv[1:5]
    logging.basicConfig(level=logging.WARNING)
    seconds = timedelta(seconds=float(lease))
    sending = Sending(
        secret_key="of a test that kills",
        public_url="https://safar.example",
        email_url=f"smtp://127.0.0.1:{port}?tls=none",
        email_from="Shop <shop@shop.example>",
        lines=4,
        batch=16,
        claim_lease=seconds,
        sending_lease=seconds,
        doubt_for=seconds,
    )
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    print("up", flush=True)
    Dispatcher(url, name, sending=sending).run_forever(stop)


if __name__ == "__main__":
    main()
