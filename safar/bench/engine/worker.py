"""An engine in a process of its own that works off what is due at one moment: ``python -m safar.bench.engine.worker URL MOMENT``.

Says ``ready`` once it is connected, begins at a line on standard input, and says what it used as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime

from safar.bench.measure import cpu_of
from safar.journeys.engine.loop import Engine


def work(url: str, now: datetime) -> None:
    """Ticks until no lane has anything due before ``now``; a lane that another engine holds is asked for again."""
    engine = Engine(url, now=lambda: now)
    session = engine.session()
    print("ready", flush=True)
    sys.stdin.readline()
    pid = session.connection.info.backend_pid
    client, backend = time.process_time(), cpu_of([pid])
    while engine.run_once() or due(engine, now):
        pass
    ended = cpu_of([pid])
    used = None if ended is None or backend is None else ended - backend
    print(json.dumps({"client": time.process_time() - client, "backend": used}), flush=True)
    engine.close()


def due(engine: Engine, now: datetime) -> bool:
    """Whether anything is left, held by another engine perhaps; a short wait then."""
    row = engine.session().connection.execute("SELECT EXISTS (SELECT FROM timer WHERE slot < %s)", (now,)).fetchone()
    left = bool(row and row[0])
    if left:
        time.sleep(0.005)
    return left


if __name__ == "__main__":
    work(sys.argv[1], datetime.fromisoformat(sys.argv[2]))
