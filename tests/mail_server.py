"""Mail servers for tests: a real one in a thread of its own, and one that follows a script."""

import asyncio
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from primetui.config import Security, Smtp
from primetui.domain.branding import LETTERS

SENDER = "shipping@example.com"
SECRET = "correct-horse"  # the login of a server that lives for one test


@dataclass
class Mailbox:
    """What a mail server took, and what it refuses."""

    port: int = 0
    messages: list[Message] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    """Answers instead of yes, by step: MAIL, RCPT, DATA."""

    async def handle_MAIL(
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Answer the sender's address."""
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.refuses.get("MAIL", "250 OK")

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Answer a receiver's address."""
        envelope.rcpt_tos.append(address)
        return self.refuses.get("RCPT", "250 OK")

    async def handle_DATA(self, _server: Any, session: Any, envelope: Any) -> str:
        """Take a message, unless it is refused."""
        if "DATA" in self.refuses:
            return self.refuses["DATA"]
        self.messages.append(message_from_bytes(envelope.content))
        self.receivers.extend(envelope.rcpt_tos)
        self.encrypted.append(session.ssl is not None)
        return "250 OK"

    def authenticate(self, *given: Any) -> AuthResult:
        """Let in who knows the secret."""
        login = given[-1]
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == SECRET.encode(), handled=False)

    def last_code(self) -> str:
        """Read the code of the last message."""
        text = str(self.messages[-1].get_payload())
        found = re.search(rf"code: ([{LETTERS}]+)\s", text)
        assert found, text
        return found[1]


class AnyPort(Controller):
    """A mail server on whatever port is free."""

    def _trigger_server(self) -> None:
        """Learn the port before the server is tried for the first time."""
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


@contextmanager
def mail_server(
    tls: ssl.SSLContext | None = None, *, at_once: bool = False, **options: Any
) -> Iterator[Mailbox]:
    """Run a mail server on loopback; with `tls` it offers STARTTLS, or speaks TLS at once."""
    box = Mailbox()
    if tls is not None and not at_once:
        options |= {"tls_context": tls}
    controller = AnyPort(
        box, hostname="127.0.0.1", port=0, ssl_context=tls if at_once else None,
        authenticator=box.authenticate, **options,
    )  # fmt: skip
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()


@contextmanager
def scripted_server(*answers: str, drip: float = 0.0) -> Iterator[int]:
    """Run a server that gives one answer a line it hears, and hangs up or hangs at the end.

    Its first answer is the greeting; an answer `hang` says nothing more and waits. With `drip`
    it pauses that many seconds before each letter.
    """
    ended = threading.Event()

    def serve(listening: socket.socket) -> None:
        with suppress(OSError):
            line, _ = listening.accept()
            with line, line.makefile("rb") as heard:
                for answer in answers:
                    if answer == "hang":
                        ended.wait(20)
                        return
                    for piece in (
                        [answer.encode()] if not drip else list(map(bytes, zip(answer.encode())))
                    ):
                        time.sleep(drip)  # noqa: TID251 - the slowness is what is tested
                        line.sendall(piece)
                    line.sendall(b"\r\n")
                    heard.readline()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve, args=[listening])
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            with suppress(OSError):  # nobody came: let it end
                socket.create_connection(listening.getsockname()).close()
            thread.join(5)


def smtp_to(port: int, secret: Path, **changes: Any) -> Smtp:
    """Make the settings that lead to a server of a test."""
    given = {"host": "127.0.0.1", "port": port, "security": Security.NONE, "sender": SENDER}
    return Smtp(**{**given, "password_file": secret, "timeout_seconds": 5.0, **changes})


def secret_file(path: Path, text: str = SECRET + "\n", mode: int = 0o600) -> Path:
    """Write the password where only its owner reads it."""
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path
