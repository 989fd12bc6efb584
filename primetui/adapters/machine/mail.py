"""Messages through the merchant's own mail server: over TLS, or not at all."""

import os
import smtplib
import socket
import ssl
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP as LINES_OF_SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Final

from primetui.config import Security, Smtp
from primetui.domain.branding import Message
from primetui.errors import ConfigError, NoAnswer, Rejected, Unauthorized, Unreachable
from primetui.ports import Clock

_GREETS_AS: Final = "[127.0.0.1]"
"""Who we say we are: asking for this machine's full name may take a resolver half a minute."""
_LONGEST_REPLY: Final = 200


class SmtpMailer:
    """Hands messages to the mail server of the settings."""

    def __init__(self, smtp: Smtp, clock: Clock) -> None:
        self._smtp = smtp
        self._clock = clock
        self._name = f"The mail server {smtp.host}"

    def send(self, message: Message) -> None:
        """Hand a message over, once.

        Raises ConfigError for a password that cannot be read, NotDone when the server certainly
        did not take it, Unsure when it may have.
        """
        mail = self._written(message)
        password = _password(self._smtp.password_file) if self._smtp.user else ""
        with self._connected() as server:
            self._log_in(server, password)
            self._ask(server.mail(self._smtp.sender), "does not take the sender")
            self._ask(server.rcpt(message.to), "does not take the receiver")
            self._deliver(server, mail)

    def _written(self, message: Message) -> EmailMessage:
        """Write the message as it goes over the line; the library refuses a line break in it."""
        mail = EmailMessage(policy=LINES_OF_SMTP)
        mail["From"] = self._smtp.sender
        mail["To"] = message.to
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(self._clock.now())
        mail["Message-ID"] = make_msgid(domain=self._smtp.sender.rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.text)
        return mail

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """Connect as safely as the settings say, for no longer than they say."""
        server = self._unconnected()
        watch = threading.Timer(self._smtp.timeout_seconds, _hang_up, [server])
        watch.daemon = True
        watch.start()
        try:
            self._greet(server)
            yield server
            with suppress(OSError):
                server.quit()
        except smtplib.SMTPServerDisconnected:
            raise Unreachable(f"{self._name} hung up; nothing was sent.") from None
        except OSError as error:
            raise Unreachable(
                f"{self._name} cannot be used: {_reason(error)}. Nothing was sent."
            ) from None
        finally:
            watch.cancel()
            server.close()

    def _unconnected(self) -> smtplib.SMTP:
        patience = self._smtp.timeout_seconds
        if self._smtp.security is Security.TLS:
            return smtplib.SMTP_SSL(
                local_hostname=_GREETS_AS, timeout=patience, context=ssl.create_default_context()
            )
        return smtplib.SMTP(local_hostname=_GREETS_AS, timeout=patience)

    def _greet(self, server: smtplib.SMTP) -> None:
        # smtplib checks a certificate against the host it was made for, which it takes from its
        # constructor alone; given there, it would connect before anybody watches the time.
        server._host = self._smtp.host  # type: ignore[attr-defined]  # noqa: SLF001 - see above
        self._ask(server.connect(self._smtp.host, self._smtp.port), "turns us away")
        self._ask(server.ehlo(), "does not answer our greeting")
        if self._smtp.security is not Security.STARTTLS:
            return
        try:
            self._ask(server.starttls(context=ssl.create_default_context()), "starts no TLS")
        except smtplib.SMTPNotSupportedError:
            raise Rejected(
                f"{self._name} offers no STARTTLS, so nothing was sent: look at port and security "
                "of [smtp] in settings.toml."
            ) from None
        self._ask(server.ehlo(), "does not answer our greeting")

    def _log_in(self, server: smtplib.SMTP, password: str) -> None:
        if not self._smtp.user:
            return
        try:
            server.login(self._smtp.user, password)
        except smtplib.SMTPAuthenticationError as error:
            raise Unauthorized(
                f"{self._name} refuses the login ({error.smtp_code}): look at user of [smtp] in "
                f"settings.toml and at the password in {self._smtp.password_file}."
            ) from None
        except smtplib.SMTPException:
            raise Unauthorized(
                f"{self._name} offers no login we know: look at port and security of [smtp] in "
                "settings.toml."
            ) from None

    def _deliver(self, server: smtplib.SMTP, mail: EmailMessage) -> None:
        """Send the message itself: from here on a lost answer leaves it unknown."""
        answer: tuple[int, bytes | str]
        try:
            answer = server.data(mail.as_bytes())
        except smtplib.SMTPDataError as error:
            answer = (error.smtp_code, error.smtp_error)
        except OSError:  # smtplib's own errors are of this kind, a server that hung up is too
            raise NoAnswer(
                f"{self._name} did not say whether it took the message: look into the mailbox."
            ) from None
        self._ask(answer, "does not take the message")

    def _ask(self, answer: tuple[int, bytes | str], words: str) -> None:
        """Go on after a yes; a no is told with the server's own words."""
        code, reply = answer
        if not 200 <= code < 300:  # noqa: PLR2004 - the replies of SMTP that mean yes
            text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
            said = " ".join(text.split())[:_LONGEST_REPLY]
            raise Rejected(f"{self._name} {words}: {code} {said}", str(code))


def _hang_up(server: smtplib.SMTP) -> None:
    """Break the connection of a server that answers too slowly, byte by byte perhaps."""
    line = server.sock
    if line is not None:
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)


def _reason(error: OSError) -> str:
    """Say why a connection failed; an error of TLS in the library's words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted ({error.verify_message})"
    if isinstance(error, TimeoutError):
        return "it does not answer"
    return error.strerror or type(error).__name__


def _password(path: Path) -> str:
    """Read the password from a file that nobody else can read."""
    try:
        with path.open(encoding="utf-8") as file:
            if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                raise ConfigError(f"{path} can be read by others. Run: chmod 600 {path}")
            password = file.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise ConfigError(f"{path}, the mail server's password, cannot be read: {why}.") from None
    if not password:
        raise ConfigError(f"{path} is empty: write the mail server's password into it.")
    if not password.isascii():
        raise ConfigError(f"{path}: the password holds a letter that no login of SMTP takes.")
    return password
