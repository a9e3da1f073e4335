"""The process in which templates are rendered: plain data in, plain data out, with little time and little memory.

It knows no database, no secret and no network, and dies with its parent, whose end of the pipe is then closed.
"""

from __future__ import annotations

import resource
import signal
from contextlib import suppress
from multiprocessing.connection import Connection

import msgspec

from safar.content.render import CannotRender, render

READY = b"ready"


def serve(pipe: Connection, memory: int, cpu_seconds: int) -> None:
    """Answer batches until the pipe is closed. memory: bytes of address space; cpu_seconds: of the processor for one
    message.

    A batch is [templates, jobs], a job naming its template by number. Each answer goes back at once, so that whoever
    waits knows which message a child died of: {"made": …} or {"fault": text}.
    """
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # a stop is the parent's to decide: it may still want what is being rendered
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(EOFError, OSError):  # the parent is gone: so are we
        pipe.send_bytes(READY)
        while True:
            templates, jobs = msgspec.msgpack.decode(pipe.recv_bytes())
            for job in jobs:
                _allow(cpu_seconds)
                pipe.send_bytes(answer({**job, "template": templates[job["template"]]}))


def answer(job: dict[str, object]) -> bytes:
    """One message as bytes for the pipe."""
    try:
        return msgspec.msgpack.encode({"made": render(job)})
    except CannotRender as fault:
        return msgspec.msgpack.encode({"fault": str(fault)})
    except MemoryError:
        return msgspec.msgpack.encode({"fault": "it needs too much memory"})
    except RecursionError:
        return msgspec.msgpack.encode({"fault": "it is nested too deeply"})


def _allow(seconds: int) -> None:
    """So much processor time from here on; the kernel ends the process after it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))
