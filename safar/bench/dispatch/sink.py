"""An SMTP server that takes everything and keeps nothing: ``python -m safar.bench.dispatch.sink``. Says its port, ends with its input."""

from __future__ import annotations

import asyncio
import sys


async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection: as much of RFC 5321 as a client needs that says EHLO, MAIL, RCPT, DATA, QUIT."""
    writer.write(b"220 sink\r\n")
    try:
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                await _body(reader)
                writer.write(b"250 2.0.0 OK: queued\r\n")
            elif word == b"QUIT":
                writer.write(b"221 bye\r\n")
                break
            elif word == b"EHLO":
                writer.write(b"250-sink\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 ENHANCEDSTATUSCODES\r\n")
            else:
                writer.write(b"250 2.0.0 OK\r\n")
        await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()


async def _body(reader: asyncio.StreamReader) -> None:
    while (line := await reader.readline()) not in (b".\r\n", b""):
        del line


async def serve() -> None:
    server = await asyncio.start_server(take, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
