"""Whatever is typed, it is read or refused in words: never anything else."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from primetui.cli import reading
from primetui.domain.measures import Dimensions, Weight
from primetui.domain.shipment import Confirmation
from primetui.errors import ConfigError
from tests.cli.program import Console

EAST, WEST = ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Etc/GMT+12")

READERS: tuple[Callable[[str], object], ...] = (
    lambda text: reading.read_limit(text, "USD"),
    lambda text: reading.read_word(Confirmation, text, "confirmation"),
    lambda text: reading.read_address([text]),
    lambda text: reading.read_address([f"city={text}"]),
    lambda text: reading.read_package(text, None, None),
    lambda text: reading.read_package(None, text, None),
    lambda text: reading.read_day(text, EAST).astimezone(UTC),
    lambda text: reading.read_day(text, WEST).astimezone(UTC),
    lambda text: reading.read_moment(text).astimezone(EAST),
    reading.read_span,
    reading.read_tracking,
    Weight.read,
    Dimensions.read,
)

typed = st.text() | st.from_regex(
    r"[0-9]{1,12}(\.[0-9]{1,5})? ?(kg|g|m|h|d|USD|x1x1cm|)|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(T[0-9]{2}:[0-9]{2}([+-][0-9]{2}:[0-9]{2}|Z))?",
    fullmatch=True,
)


@given(typed)
@example("0001-01-01")
@example("9999-12-31")
@example("0001-01-01T00:00+14:00")
@example("9999-12-31T23:59-12:00")
@example("0kg")
@example("٣kg")
@example("9" * 5000)
@example("\x00")
@example("")
def test_R22_what_was_typed_is_read_or_refused_in_words(text: str) -> None:
    """No reader lets anything but a ConfigError out, and none gives a moment no clock can hold."""
    for read in READERS:
        with suppress(ConfigError):
            read(text)


HUGE = "99999999999999999999"

NUMBERS = [
    (("orders", "--limit"), "1000000", ("1000001", "-1", HUGE, "9" * 5000, "1.5", "ten", "")),
    (("orders", "--offset"), "1000000", ("1000001", "-1", HUGE, "")),
    (("sandbox", "--fault", "x", "--port"), "65535", ("65536", "70000", "-1", HUGE)),
    (("sandbox", "--fault", "x", "--orders"), "1000000", ("1000001", "-1", HUGE)),
    (("sandbox", "--fault", "x", "--seed"), "4294967295", ("4294967296", "-1", HUGE)),
    (("demo", "--orders"), "1000000", ("0", "1000001", "-1", HUGE)),
    (("demo", "--seed"), "4294967295", ("4294967296", "-1", HUGE)),
]


@pytest.mark.parametrize(("words", "most", "wrong"), NUMBERS, ids=lambda x: str(x)[:40])
def test_a_number_out_of_bounds_is_refused_with_its_bounds(
    console_of_nothing: Console, words: tuple[str, ...], most: str, wrong: tuple[str, ...]
) -> None:
    """The largest is read, one more is not: exit code 2 and the bounds in the sentence."""
    assert "not a whole number" not in console_of_nothing.run(*words, most).err
    for number in wrong:
        ran = console_of_nothing.run(*words, number)
        assert 2 == ran.code, number
        assert f"to {most}" in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("reconcile", "O", "--bought", ""),
        ("reconcile", "O", "--bought", "  "),
        ("reconcile", ""),
        ("confirm", ""),
        ("import", "--store", ""),
        ("audit", ""),
        ("label", "O", "--save", ""),
        ("label", "O", "--format", ""),
        ("buy", "O", "--cheapest", "--max-charge", "9", "--yes", "--notify-after", ""),
        ("buy", "O", "", "--cheapest", "--max-charge", "9", "--yes"),
        ("stores", "edit", "S", "--name", ""),
    ],
    ids=str,
)
@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_a_blank_word_never_widens_what_is_done(
    console_of_nothing: Console, words: tuple[str, ...], as_json: tuple[str, ...]
) -> None:
    """A variable that a script forgot to set is a usage mistake, not "all of them"."""
    ran = console_of_nothing.run(*words, *as_json)

    assert 2 == ran.code
    assert "is blank" in ran.err


def test_a_blank_search_finds_everything(console_of_nothing: Console) -> None:
    """There is nothing to widen."""
    assert 0 == console_of_nothing.run("orders", "").code
    assert 0 == console_of_nothing.run("audit", "--words", "").code


@pytest.mark.parametrize(
    "words",
    [
        ("check", "\udcff"),
        ("orders", "\udcff"),
        ("audit", "--words", "\udcff"),
        ("label", "add", "O", "--carrier", "\udcff"),
    ],
    ids=ascii,
)
def test_bytes_that_are_no_text_are_refused(
    console_of_nothing: Console, words: tuple[str, ...]
) -> None:
    """What cannot be kept as UTF-8 is named before anything is done with it."""
    ran = console_of_nothing.run(*words)

    assert 2 == ran.code
    assert "UTF-8" in ran.err
    ran.err.encode()


@pytest.mark.parametrize(
    "word", ['"', "'", "*", "%", "_", "(", "NEAR", "a AND", "\x00", "-", "x" * 20_000, ":", "tag:"]
)
def test_any_search_is_only_a_search(console_of_nothing: Console, word: str) -> None:
    """Words that mean something to a database mean nothing here."""
    ran = console_of_nothing.run("orders", "--", word)

    assert 0 == ran.code, ran.err


@pytest.mark.parametrize("operator", ["", "\udcff"], ids=ascii)
def test_an_operator_has_a_name(tmp_path: Path, operator: str) -> None:
    """The journal must say who it was."""
    assert 2 == Console(tmp_path / "home", operator=operator).run("orders").code
