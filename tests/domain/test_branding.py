"""A branding e-mail is proven by the code that came to it, and by nothing else."""

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.domain.branding import (
    CODE_LENGTH,
    LETTERS,
    BrandingEmail,
    CodeAnswer,
    EmailState,
    answered,
    challenge,
    code_from,
    confirmation_message,
    typed_email,
)
from primetui.errors import ConfigError

SENT_AT = datetime(2026, 11, 23, 15, tzinfo=UTC)
DAY, SECOND = timedelta(hours=24), timedelta(seconds=1)
CODE = "2A3B4C5D"


def waiting(attempts: int = 0) -> BrandingEmail:
    """Make an address whose code was sent."""
    sent = challenge(CODE, "salt", now=SENT_AT).changed(attempts=attempts)
    return BrandingEmail(address="shipping@example.com", challenge=sent)


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), f" {CODE}\n", "2a3b 4c5d", "2A3B-4C5D"])
def test_R12_the_code_verifies(typed: str) -> None:
    """R12: in whatever case and groups a person copies it; nothing of it is kept."""
    email, answer = answered(waiting(), typed, now=SENT_AT + SECOND)

    assert CodeAnswer.RIGHT is answer
    assert (SENT_AT + SECOND, None) == (email.verified_at, email.challenge)
    assert EmailState.VERIFIED is email.state


@pytest.mark.parametrize(
    "typed", ["", "2A3B4C5E", CODE[:-1], CODE + "2", "ÄÖ", "\udcff", "A" * 9999]
)
def test_R12_a_wrong_code_is_counted(typed: str) -> None:
    """R12: whatever was typed, the address stays unproven."""
    email, answer = answered(waiting(), typed, now=SENT_AT)

    assert CodeAnswer.WRONG is answer
    assert email.challenge is not None
    assert (None, 1) == (email.verified_at, email.challenge.attempts)


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), CodeAnswer.RIGHT),
        (DAY - SECOND, CodeAnswer.RIGHT),
        (DAY, CodeAnswer.RIGHT),
        (DAY + SECOND, CodeAnswer.EXPIRED),
        (365 * DAY, CodeAnswer.EXPIRED),
        (-SECOND, CodeAnswer.RIGHT),
    ],
)
def test_R12_a_code_lives_for_a_day(age: timedelta, expected: CodeAnswer) -> None:
    """R12: a second before the end and at it the code is taken, a second after it is not."""
    email, answer = answered(waiting(), CODE, now=SENT_AT + age)

    assert expected is answer
    assert (expected is CodeAnswer.RIGHT) == (email.state is EmailState.VERIFIED)


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [(4, CodeAnswer.RIGHT), (5, CodeAnswer.TOO_MANY), (6, CodeAnswer.TOO_MANY)],
)
def test_R12_five_wrong_codes_are_all(attempts: int, expected: CodeAnswer) -> None:
    """R12: after the fifth not even the right one is taken, and none is counted any more."""
    email, answer = answered(waiting(attempts), CODE, now=SENT_AT)

    assert expected is answer
    if expected is CodeAnswer.TOO_MANY:
        assert waiting(attempts) == email


def test_R12_nothing_is_verified_that_nobody_sent() -> None:
    """R12: an address without a code waits for one; a proven one stays as it is."""
    bare = BrandingEmail(address="a@example.com")
    proven = bare.changed(verified_at=SENT_AT)

    assert (bare, CodeAnswer.NOT_SENT) == answered(bare, "", now=SENT_AT)
    assert (proven, CodeAnswer.ALREADY) == answered(proven, CODE, now=SENT_AT)


@given(st.text(min_size=1))
def test_R12_a_code_has_letters_nobody_confuses(name: str) -> None:
    """R12: eight of them, and the same name makes the same code."""
    code = code_from(name)

    assert CODE_LENGTH == len(code)
    assert set(code) <= set(LETTERS)
    assert code == code_from(name)


def test_R12_codes_use_every_letter_in_every_place() -> None:
    """R12: none is likelier for where it stands."""
    codes = [code_from(str(number)) for number in range(2000)]

    assert [set(LETTERS)] * CODE_LENGTH == [{code[place] for code in codes} for place in range(8)]
    assert len(codes) == len(set(codes))


def test_R12_the_kept_hash_hides_the_code() -> None:
    """R12: neither the document nor a repr holds it, and a salt makes twins differ."""
    one, other = (challenge(CODE, salt, now=SENT_AT) for salt in ("a", "b"))

    assert one.digest != other.digest
    assert CODE not in one.model_dump_json().upper()
    assert "shipping@" not in repr(waiting())
    assert one.digest not in repr(waiting())
    assert CODE not in repr(confirmation_message("a@example.com", CODE))


GOOD = [
    "a@b.cc",
    " shipping@example.com ",
    "first.last+tag@mail.example.co.uk",
    f"{'a' * 64}@example.com",
    "o'neil@xn--bcher-kva.example",
]
BAD = [
    "",
    "a",
    "a@b",
    "@example.com",
    "a@",
    "a@@example.com",
    "a@example.com, b@example.com",
    "a@example.com\nBcc: b@example.com",
    "a@example.com\r\nSubject: x",
    "a\x00@example.com",
    "a b@example.com",
    '"a b"@example.com',
    "<a@example.com>",
    "Ann <a@example.com>",
    ".a@example.com",
    "a..b@example.com",
    "a@-example.com",
    "a@example..com",
    "ä@example.com",
    "a@bücher.example",
    f"{'a' * 65}@example.com",
    f"a@{'b' * 63}.{'c' * 63}.{'d' * 63}.{'e' * 63}.com",
]


@pytest.mark.parametrize("typed", GOOD)
def test_R12_an_address_is_kept_without_the_blanks_around_it(typed: str) -> None:
    """R12: what any mail server takes."""
    assert typed.strip() == typed_email(typed)


@pytest.mark.parametrize("typed", BAD)
def test_R12_what_is_no_single_address_is_refused(typed: str) -> None:
    """R12: no line break, no second receiver, nothing that only some servers take."""
    with pytest.raises(ConfigError, match=r"^e-mail: "):
        typed_email(typed)


@pytest.mark.parametrize("typed", GOOD)
def test_R12_the_message_is_plain_and_brings_one_code(typed: str) -> None:
    """R12: one code, no link, and its address fits into a header as it is."""
    message = confirmation_message(typed_email(typed), CODE)
    mail = EmailMessage()
    mail["To"] = message.to

    assert 1 == message.text.count(CODE)
    assert message.text.isascii()
    for link in ("http", "www.", "<", "://"):
        assert link not in message.text
    assert [message.to] == [a.addr_spec for a in mail["To"].addresses]
