"""A mail server on this machine: it takes mail by SMTP, and refuses what it is told to refuse."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from typing import cast


@dataclass
class MailServer:
    """Keeps what it takes. `answers` says by recipient what it answers instead of taking, and
    `taken` is called with each mail before its sender is told."""

    port: int = 0
    got: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    taken: Callable[[EmailMessage], None] = lambda _: None

    def to(self, address: str) -> list[EmailMessage]:
        return [each for each in self.got if each["To"] == address]


@contextmanager
def serving_mail() -> Iterator[MailServer]:
    """A mail server that listens on 127.0.0.1."""
    mail = MailServer()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            mail.connections += 1
            self._say("220 mail.test ESMTP")
            while line := self.rfile.readline():
                if not self._heed(line.decode().strip()):
                    return

        def _heed(self, line: str) -> bool:
            verb, _, rest = line.partition(" ")
            if verb.upper() == "RCPT":
                address = rest.partition("<")[2].partition(">")[0]
                self._say(mail.answers.get(address, "250 yes"))
            elif verb.upper() == "DATA":
                self._say("354 go on")
                self._take()
            else:
                self._say("221 bye" if verb.upper() == "QUIT" else "250 yes")
            return verb.upper() != "QUIT"

        def _take(self) -> None:
            lines = iter(self.rfile.readline, b".\r\n")
            raw = b"".join(each.removeprefix(b".") if each[:2] == b".." else each for each in lines)
            message = email.message_from_bytes(raw, policy=policy.default)
            taken = cast(EmailMessage, message)
            mail.got.append(taken)
            mail.taken(taken)
            self._say("250 taken")

        def _say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    mail.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield mail
    finally:
        server.shutdown()
        server.server_close()
