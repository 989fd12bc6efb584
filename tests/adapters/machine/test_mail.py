"""Messages reach a real mail server as the settings say, or it is said why not."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme

from primetui.adapters.machine.mail import SmtpMailer
from primetui.config import Security
from primetui.domain.branding import Message, confirmation_message
from primetui.errors import (
    ConfigError,
    NoAnswer,
    PrimeTUIError,
    Rejected,
    Unauthorized,
    Unreachable,
)
from tests.mail_server import SECRET, SENDER, mail_server, scripted_server, secret_file, smtp_to
from tests.shop import MONDAY, Clock

MESSAGE = confirmation_message("ann@example.org", "2A3B4C5D")
GREETING = "220 mail.example ready"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Write the right password."""
    return secret_file(tmp_path / "smtp.password")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Make this process trust an authority of its own."""
    made = trustme.CA()
    made.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return made


def certified(authority: trustme.CA, name: str = "127.0.0.1") -> ssl.SSLContext:
    """Make what a server shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


def send(port: int, secret: Path, message: Message = MESSAGE, **changes: Any) -> None:
    """Send a message to a server of a test."""
    SmtpMailer(smtp_to(port, secret, **changes), Clock()).send(message)


@contextmanager
def refused(kind: type[PrimeTUIError], words: str) -> Iterator[None]:
    """Expect an error that says so and gives no secret away."""
    with pytest.raises(kind, match=words) as caught:
        yield
    assert SECRET not in str(caught.value)
    assert MESSAGE.to not in str(caught.value)


def test_R12_a_message_arrives_as_it_was_written(secret: Path) -> None:
    """R12: one receiver, plain text, the sender of the settings, the time of our clock."""
    with mail_server() as box:
        send(box.port, secret)

    (mail,) = box.messages
    assert [MESSAGE.to] == box.receivers
    assert (SENDER, MESSAGE.to, MESSAGE.subject) == (mail["From"], mail["To"], mail["Subject"])
    assert "text/plain" == mail.get_content_type()
    assert not mail.is_multipart()
    assert MESSAGE.text.split() == str(mail.get_payload()).split()
    assert MONDAY.strftime("%a, %d %b %Y %H:%M:%S +0000") == mail["Date"]
    assert mail["Message-ID"].endswith("@example.com>")
    assert [] == box.logins


@pytest.mark.parametrize("at_once", [True, False])
def test_R12_the_login_goes_over_tls(authority: trustme.CA, secret: Path, at_once: bool) -> None:  # noqa: FBT001 - a row of a table
    """R12: STARTTLS and TLS from the first byte, the certificate checked, the password read."""
    security = Security.TLS if at_once else Security.STARTTLS
    with mail_server(certified(authority), at_once=at_once, auth_require_tls=not at_once) as box:
        send(box.port, secret, security=security, user="ann")

    assert [(b"ann", SECRET.encode())] == box.logins
    assert [MESSAGE.to] == box.receivers


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize("fault", ["a stranger's", "another name's"])
def test_R12_a_certificate_that_is_not_its_own_stops_everything(
    authority: trustme.CA, secret: Path, security: Security, fault: str
) -> None:
    """R12: neither the password nor the message goes to whoever answers in its place."""
    theirs = trustme.CA() if fault == "a stranger's" else authority
    name = "127.0.0.1" if fault == "a stranger's" else "mail.example"
    at_once = security is Security.TLS
    server = mail_server(certified(theirs, name), at_once=at_once, auth_require_tls=False)
    with server as box, refused(Unreachable, "certificate is not accepted"):
        send(box.port, secret, security=security, user="ann")

    assert ([], []) == (box.logins, box.messages)


def test_R12_a_server_without_tls_gets_nothing(secret: Path) -> None:
    """R12: STARTTLS that is not offered is not done without."""
    with mail_server(auth_require_tls=False) as box, refused(Rejected, "offers no STARTTLS"):
        send(box.port, secret, security=Security.STARTTLS, user="ann")

    assert ([], []) == (box.logins, box.messages)


def test_R12_a_refused_login_sends_nothing(tmp_path: Path) -> None:
    """R12: the file and the setting to look at are named, the password is not."""
    wrong = secret_file(tmp_path / "smtp.password", "battery-staple\n")
    words = r"refuses the login \(535\).*smtp\.password"
    with mail_server(auth_require_tls=False) as box, refused(Unauthorized, words):
        send(box.port, wrong, user="ann")

    assert [(b"ann", b"battery-staple")] == box.logins[:1]
    assert [] == box.messages


def test_R12_a_server_that_offers_no_login_gets_nothing(secret: Path) -> None:
    """R12: a user is set, and this server only takes logins over TLS."""
    with mail_server() as box, refused(Unauthorized, "offers no login we know"):
        send(box.port, secret, user="ann")

    assert [] == box.messages


@pytest.mark.parametrize(
    ("step", "answer", "words"),
    [
        ("MAIL", "550 who are you", "does not take the sender: 550 who are you"),
        ("RCPT", "550 no such mailbox", "does not take the receiver: 550 no such mailbox"),
        ("RCPT", "451 try later", "does not take the receiver: 451 try later"),
        ("DATA", "554 spam", "does not take the message: 554 spam"),
        ("RCPT", "550 \x1b[31mred", "does not take the receiver: 550"),
        ("RCPT", "550 " + "x" * 400, "does not take the receiver: 550 x{200}$"),
    ],
)
def test_R12_a_no_is_told_in_the_servers_words(
    secret: Path, step: str, answer: str, words: str
) -> None:
    """R12: whatever step it comes at, nothing arrived."""
    with mail_server() as box:
        box.refuses[step] = answer
        with refused(Rejected, words):
            send(box.port, secret)

    assert [] == box.messages


def test_R12_a_server_that_is_not_there_is_named(secret: Path) -> None:
    """R12: nothing was sent, and a person can see where to look."""
    with scripted_server(GREETING) as port:
        pass
    with refused(Unreachable, "127.0.0.1 cannot be used: Connection refused"):
        send(port, secret)


@pytest.mark.parametrize(
    ("answers", "drip", "words"),
    [
        (["hang"], 0.0, "does not answer|hung up"),
        ([GREETING, "hang"], 0.0, "does not answer|hung up"),
        ([GREETING + " " * 200], 0.05, "hung up"),
        ([], 0.0, "hung up"),
        ([GREETING], 0.0, "hung up"),
        ([GREETING, "250 mail.example", "250 OK"], 0.0, "hung up"),
    ],
)
def test_R12_a_server_that_hangs_holds_us_for_no_longer_than_set(
    secret: Path, answers: list[str], drip: float, words: str
) -> None:
    """R12: silent, gone, or a letter at a time: it ends in time, and nothing was sent."""
    began = time.monotonic()
    with scripted_server(*answers, drip=drip) as port:
        with refused(Unreachable, words):
            send(port, secret, timeout_seconds=0.5)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize("end", [[], ["hang"]])
def test_R12_an_answer_lost_after_the_message_leaves_it_unknown(
    secret: Path, end: list[str]
) -> None:
    """R12: the message may have arrived, so that its code must be taken."""
    talk = [GREETING, "250 mail.example", "250 OK", "250 OK", "354 go on"]
    with scripted_server(*talk, *end) as port, refused(NoAnswer, "did not say whether"):
        send(port, secret, timeout_seconds=0.5)


@pytest.mark.parametrize("answer", ["554 not today", "421 busy", "not a number", "220"])
def test_R12_a_greeting_that_is_no_welcome_is_refused(secret: Path, answer: str) -> None:
    """R12: or one that breaks off; a server that talks nonsense gets nothing."""
    with scripted_server(answer) as port, refused(PrimeTUIError, "The mail server 127.0.0.1"):
        send(port, secret, timeout_seconds=1.0)


@pytest.mark.parametrize(
    ("text", "mode", "words"),
    [
        (SECRET, 0o640, "can be read by others"),
        (SECRET, 0o604, "can be read by others"),
        ("", 0o600, "is empty"),
        ("\n", 0o600, "is empty"),
        ("pässword\n", 0o600, "holds a letter"),
        (None, 0o600, "cannot be read: No such file"),
    ],
)
def test_R12_a_password_nobody_can_use_is_told_before_any_call(
    tmp_path: Path, text: str | None, mode: int, words: str
) -> None:
    """R12: one that others could read is not used either."""
    path = tmp_path / "smtp.password"
    if text is not None:
        secret_file(path, text, mode)
    with mail_server(auth_require_tls=False) as box, refused(ConfigError, words):
        send(box.port, path, user="ann")

    assert [] == box.logins


def test_R12_no_line_break_gets_into_a_header(secret: Path) -> None:
    """R12: an address that never went through our reading is refused by the library."""
    hostile = Message("a@example.org\r\nBcc: b@example.org", "x", "y")
    with mail_server() as box, pytest.raises(ValueError, match="linefeed"):
        send(box.port, secret, hostile)

    assert [] == box.messages
