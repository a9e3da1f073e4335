"""A small SMTP server, alone in its process and sharing no code with Safar: it writes down what it took, before it says so.

``python smtp_sink.py LEDGER`` prints its port, and then a dot for each message taken. LEDGER gets a line for each: the Message-ID,
and the recipient.
"""

import os
import re
import socketserver
import sys
from contextlib import suppress

LEDGER = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[^>]+>)")


class Dialogue(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        with suppress(ConnectionError, TimeoutError):
            self.talk()

    def talk(self) -> None:
        self.say("220 sink")
        recipient = b""
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word in (b"EHLO", b"HELO"):
                self.say("250 sink")
            elif word == b"RCPT":
                recipient = line.split(b":", 1)[1].strip(b" <>\r\n")
                self.say("250 ok")
            elif word == b"DATA":
                self.say("354 go on")
                body = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    body.append(line)
                if line != b".\r\n":
                    return  # the other side died in the middle: nothing was taken
                found = MESSAGE_ID.search(b"".join(body))
                os.write(LEDGER, (found[1] if found else b"<none>") + b" " + recipient + b"\n")
                os.write(1, b".")
                self.say("250 ok queued")
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


with Server(("127.0.0.1", 0), Dialogue) as server:
    print(server.server_address[1], flush=True)
    server.serve_forever()
