"""Settings of the mail server: what follows from what, and what is refused in words."""

from pathlib import Path

import pytest

from primetui.config import Security, load
from primetui.errors import ConfigError

FULL = """
[smtp]
host = "mail.example.com"
user = "shipping@example.com"
"""


def written(home: Path, text: str) -> str:
    """Write the settings of a home."""
    home.mkdir()
    (home / "settings.toml").write_text(text, encoding="utf-8")
    return str(home)


def test_R12_without_a_mail_server_none_is_set(tmp_path: Path) -> None:
    """R12: nothing else needs one."""
    assert load(str(tmp_path), environment={}).smtp is None


def test_R12_a_host_and_a_user_are_enough(tmp_path: Path) -> None:
    """R12: STARTTLS on its usual port, sent as the user, the password beside the settings."""
    smtp = load(written(tmp_path / "h", FULL), environment={}).smtp

    assert smtp is not None
    assert (Security.STARTTLS, 587) == (smtp.security, smtp.port)
    assert "shipping@example.com" == smtp.sender
    assert tmp_path / "h" / "smtp.password" == smtp.password_file


@pytest.mark.parametrize(
    ("more", "security", "port"),
    [
        ('security = "tls"', Security.TLS, 465),
        ('security = "tls"\nport = 2465', Security.TLS, 2465),
        ("port = 25", Security.STARTTLS, 25),
    ],
)
def test_R12_the_port_follows_from_the_security(
    tmp_path: Path, more: str, security: Security, port: int
) -> None:
    """R12: unless one is given."""
    smtp = load(written(tmp_path / "h", FULL + more), environment={}).smtp

    assert smtp is not None
    assert (security, port) == (smtp.security, smtp.port)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_R12_a_server_on_this_machine_may_go_without_tls(tmp_path: Path, host: str) -> None:
    """R12: nobody listens on that line."""
    text = f'[smtp]\nhost = "{host}"\nsecurity = "none"\nsender = "a@example.com"\n'
    smtp = load(written(tmp_path / "h", text), environment={}).smtp

    assert smtp is not None
    assert (Security.NONE, 25) == (smtp.security, smtp.port)


@pytest.mark.parametrize(
    ("given", "named", "expected"),
    [
        ("", "", "smtp.password"),
        ('password_file = "mine"', "", "mine"),
        ('password_file = "/etc/mine"', "", "/etc/mine"),
        ('password_file = "mine"', "/run/secret", "/run/secret"),
        ("", "/run/secret", "/run/secret"),
    ],
)
def test_R12_the_password_is_in_a_file_of_its_own(
    tmp_path: Path, given: str, named: str, expected: str
) -> None:
    """R12: the environment names one before the settings do; never the password itself."""
    home = written(tmp_path / "h", FULL + given)
    smtp = load(home, environment={"PRIMETUI_SMTP_PASSWORD_FILE": named}).smtp

    assert smtp is not None
    assert Path(home) / expected == smtp.password_file


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("smtp = 1", "smtp"),
        ("[smtp]\nuser = 'a@example.com'", "smtp.host: Field required"),
        ("[smtp]\nhost = ''\nuser = 'a@example.com'", "smtp.host"),
        ("[smtp]\nhost = 'h'", r"smtp: .*sender \(or user\): e-mail"),
        ("[smtp]\nhost = 'h'\nuser = 'ann'", r"smtp: .*sender \(or user\)"),
        (FULL + "sender = 'a@b.cc\\nBcc: x@y.zz'", "not TOML|sender"),
        (FULL + 'sender = "a@b.cc\\nBcc: x@y.zz"', r"smtp: .*sender"),
        (FULL + "security = 'none'", "for a server on this machine alone"),
        (FULL + "security = 'ssl'", "smtp.security"),
        (FULL + "security = ['tls']", "smtp.security"),
        (FULL + "port = 70000", "smtp.port"),
        (FULL + "port = -1", "smtp.port"),
        (FULL + "timeout_seconds = 0", "smtp.timeout_seconds"),
        (FULL + "password = 'secret'", "smtp.password: Extra"),
        ("[smtp]\nhost = 'h'\nuser = 'bücher@example.com'", "user: it holds a letter"),
    ],
)
def test_R12_settings_that_do_not_fit_are_named(tmp_path: Path, text: str, words: str) -> None:
    """R12: by file and key, without a traceback and without quoting a password."""
    with pytest.raises(ConfigError, match=words) as caught:
        load(written(tmp_path / "h", text), environment={})

    assert "settings.toml" in str(caught.value)
    assert "secret" not in str(caught.value)
