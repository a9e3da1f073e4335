"""The processes in which templates are rendered: plain data in, plain data out, with little time and little memory.

``python -m safar.content.child MEMORY CPU_SECONDS`` is the server that they are forked from: it has Liquid loaded, so a new child
takes milliseconds. Its standard input is a socket; for ``fork`` with a pipe's end it answers with the child's number, for ``kill NUMBER`` it ends one.
None of them knows a database, a secret or the network, and all die with the dispatcher, whose end of the socket is then closed.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

import msgspec

from safar.content.render import CannotRender, render
from safar.lib.faults import said

READY = b"ready"
LONGEST_WORD = 64  # bytes


def serve(pipe: Connection, memory: int, cpu_seconds: int) -> None:
    """Answer batches until the pipe is closed. memory: bytes of address space; cpu_seconds: of the processor for one message.

    A batch is [templates, jobs], a job naming its template by number. Each answer goes back at once, so that whoever waits
    knows which message a child died of: {"made": …} or {"fault": text}.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(EOFError, OSError):  # the other side is gone: so are we
        pipe.send_bytes(READY)
        while True:
            templates, jobs = msgspec.msgpack.decode(pipe.recv_bytes())
            for job in jobs:
                _allow(cpu_seconds)
                pipe.send_bytes(answer({**job, "template": templates[job["template"]]}))


def answer(job: dict[str, Any]) -> bytes:
    """One message as bytes for the pipe."""
    try:
        return msgspec.msgpack.encode({"made": render(job)})
    except CannotRender as fault:
        return msgspec.msgpack.encode({"fault": str(fault)})
    except MemoryError:
        return msgspec.msgpack.encode({"fault": said("it needs too much memory")})
    except RecursionError:
        return msgspec.msgpack.encode({"fault": said("it is nested too deeply")})
    except Exception as error:  # a template that was not checked before it was stored
        return msgspec.msgpack.encode({"fault": f"{type(error).__name__}: {error}"[:500]})


def fork_server(control: socket.socket, memory: int, cpu_seconds: int) -> None:
    """Fork and end children as asked, until the socket is closed."""
    children: set[int] = set()
    with suppress(OSError):  # the dispatcher may be killed between two words
        while True:
            word, fds, _, _ = socket.recv_fds(control, LONGEST_WORD, 1)
            if not word:
                break
            for child in list(children):
                if os.waitpid(child, os.WNOHANG)[0]:
                    children.discard(child)
            if word == b"fork":
                child = os.fork()
                if child == 0:
                    control.close()
                    serve(Connection(fds[0]), memory, cpu_seconds)
                    os._exit(0)
                os.close(fds[0])
                children.add(child)
                control.sendall(str(child).encode())
            else:
                _end(children, int(word.removeprefix(b"kill ")))
                control.sendall(b"ended")
    for child in list(children):
        _end(children, child)


def _end(children: set[int], child: int) -> None:
    if child in children:  # not waited for yet, so the number is still its own
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        children.discard(child)


def _allow(seconds: int) -> None:
    """So much processor time from here on; the kernel ends the process after it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


if __name__ == "__main__":
    # A stop of the whole group is the dispatcher's to decide: it may still want what is being rendered.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    fork_server(socket.socket(fileno=0), int(sys.argv[1]), int(sys.argv[2]))
