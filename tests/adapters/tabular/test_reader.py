"""A file of orders is read as a table, whatever wrote it, and whatever is wrong with it."""

import codecs
import os
import tempfile
import tracemalloc
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.adapters.tabular.reader import LONGEST_LINE, open_table
from primetui.errors import ConfigError
from primetui.ports.tables import TableFault, TableForm, TableRow

Read = tuple[TableForm, tuple[str, ...], list[TableRow | TableFault]]


def read(path: Path, content: bytes, encoding: str | None = None) -> Read:
    """Write a file and read it as a table."""
    path.write_bytes(content)
    with open_table(path, encoding) as table:
        return table.form, table.header, list(table.rows())


def cells(rows: Iterable[TableRow | TableFault]) -> list[tuple[int, tuple[str, ...]]]:
    """Give the rows with their lines; there must be no fault."""
    found = []
    for row in rows:
        assert isinstance(row, TableRow), row
        found.append((row.line, row.cells))
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Name a file."""
    return tmp_path / "orders.txt"


GERMAN, JAPANESE = "Größe,Café\nMüller,née", "注文番号,商品名\n東京都千代田区,ガラスのコップ"


@pytest.mark.parametrize(
    ("text", "codec", "mark", "name", "guessed"),
    [
        ("a,b\n1,2", "ascii", b"", "UTF-8", False),
        (GERMAN, "utf-8", b"", "UTF-8", False),
        (GERMAN, "utf-8", codecs.BOM_UTF8, "UTF-8", False),
        (JAPANESE, "utf-8", b"", "UTF-8", False),
        (GERMAN, "utf-16-le", codecs.BOM_UTF16_LE, "UTF-16", False),
        (GERMAN, "utf-16-be", codecs.BOM_UTF16_BE, "UTF-16", False),
        (JAPANESE, "utf-16-le", codecs.BOM_UTF16_LE, "UTF-16", False),
        (GERMAN, "utf-16-le", b"", "UTF-16", True),
        (GERMAN, "utf-16-be", b"", "UTF-16", True),
        (GERMAN, "cp1252", b"", "Windows-1252", True),
        ("a,b\n“Don’t” – café,10 €", "cp1252", b"", "Windows-1252", True),
        ("a,b\nSão Paulo,Ångström", "cp1252", b"", "Windows-1252", True),
        (JAPANESE, "cp932", b"", "Shift-JIS", True),
        ("order-id,ship-city\n1,東京都", "cp932", b"", "Shift-JIS", True),
        ("order-id,ship-city\n1,ｶﾞﾗｽ", "cp932", b"", "Shift-JIS", True),
    ],
)
def test_the_encoding_is_found(
    path: Path,
    text: str,
    codec: str,
    mark: bytes,
    name: str,
    guessed: bool,  # noqa: FBT001 - a column of a table
) -> None:
    """By its mark, by what decodes, by how the letters stand; a guess is called one."""
    form, header, rows = read(path, mark + text.encode(codec))

    assert (name, guessed) == (form.encoding, form.guessed)
    first, second = text.split("\n")
    assert tuple(first.split(",")) == header
    assert [(2, tuple(second.split(",")))] == cells(rows)


@pytest.mark.parametrize("named", ["cp1252", "Windows-1252", "latin-1"])
def test_an_encoding_that_is_named_is_taken(path: Path, named: str) -> None:
    """Whatever the file looks like."""
    form, header, _ = read(path, "é,b\n".encode(), named)

    assert ("Ã©", "b") == header
    assert not form.guessed


@pytest.mark.parametrize("named", ["", "x-unknown", "hex", "rot13", "zip", "utf\x00"])
def test_an_encoding_that_is_none_is_refused(path: Path, named: str) -> None:
    """In words, and for a blank the encoding is found."""
    if not named:
        assert "UTF-8" == read(path, b"a,b\n", named)[0].encoding
        return
    with pytest.raises(ConfigError, match="is no encoding"):
        read(path, b"a,b\n", named)


@pytest.mark.parametrize("content", [b"a,b\n\xff", b"\xffa,b\n1,2"])
def test_a_file_that_is_not_in_the_encoding_named_is_told(path: Path, content: bytes) -> None:
    """Instead of letters that were never meant."""
    with pytest.raises(ConfigError, match=r"is not text in UTF-8 after line \d"):
        read(path, content, "utf-8")


def test_a_file_in_no_known_encoding_is_refused(path: Path) -> None:
    """What no encoding of order files makes is not guessed at."""
    with pytest.raises(ConfigError, match="nobody can tell its encoding"):
        read(path, b"a,b\n\x81\x8d \x8f\x90\x9d\xff,\x81")


@pytest.mark.parametrize("delimiter", list("\t,;|"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiter_and_line_ends_are_found(path: Path, delimiter: str, end: str) -> None:
    """By the header; blank lines are no rows and count as lines; the last may have no end."""
    lines = ["", "a|b;x,c".translate({ord("|"): delimiter, ord(";"): "_", ord(","): delimiter})]
    lines += [delimiter.join("123"), "", delimiter.join("456")]

    form, header, rows = read(path, end.join(lines).encode())

    assert delimiter == form.delimiter
    assert 3 == len(header)
    assert [(3, ("1", "2", "3")), (5, ("4", "5", "6"))] == cells(rows)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,b\n"1,5",x', [(2, ("1,5", "x"))]),
        ('a,b\n"say ""hi""",x', [(2, ('say "hi"', "x"))]),
        ('a,b\n"two\nlines",x\n3,4', [(2, ("two\nlines", "x")), (4, ("3", "4"))]),
        ('a,b\n"two\r\nlines",x\r\n3,4', [(2, ("two\r\nlines", "x")), (4, ("3", "4"))]),
        ('a,b\n12" ruler,x', [(2, ('12" ruler', "x"))]),
        ("a,b\n,", []),
        ("a,b\n1,", [(2, ("1", ""))]),
        ("a,b\n1\n1,2,3", [(2, ("1",)), (3, ("1", "2", "3"))]),
        ("a,b\n1\x002,3", [(2, ("1\x002", "3"))]),
        ("a,b\n=1+1,@x", [(2, ("=1+1", "@x"))]),
        ('a\tb\n12" ruler\tx', [(2, ('12" ruler', "x"))]),
        ('a\tb\n"Best" mug\tx', [(2, ('"Best" mug', "x"))]),
        ('a\tb\n"a ""b"""\tx', [(2, ('a "b"', "x"))]),
        ('a\tb\n"\tx', [(2, ('"', "x"))]),
        ('a\tb\n"open\tx\n3\t4', [(2, ('"open', "x")), (3, ("3", "4"))]),
        ("a\n1\n2", [(2, ("1",)), (3, ("2",))]),
    ],
)
def test_rows_come_as_they_are(
    path: Path, text: str, expected: list[tuple[int, tuple[str, ...]]]
) -> None:
    """With the line they begin on; a mark between tabs is just a mark."""
    assert expected == cells(read(path, text.encode())[2])


@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_a_huge_cell_is_a_fault_and_the_rest_is_read(path: Path, delimiter: str) -> None:
    """Ten million letters in one cell cost neither the other rows nor memory."""
    rows = [["a", "b"], ["1", "2"], ["x" * 10_000_000, "2"], ["5", "6"]]
    path.write_text("\n".join(delimiter.join(row) for row in rows), encoding="utf-8")
    del rows
    tracemalloc.start()
    with open_table(path) as table:
        found = list(table.rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert TableRow(2, ("1", "2")) == found[0]
    assert TableFault(3, f"a row of at most {LONGEST_LINE:,} characters") == found[1]
    assert TableRow(4, ("5", "6")) == found[2]
    assert peak < 6_000_000


@pytest.mark.parametrize("length", [LONGEST_LINE - 3, LONGEST_LINE - 2, LONGEST_LINE - 1])
def test_the_longest_row_is_the_last_that_is_read(path: Path, length: int) -> None:
    """A letter less, at it, a letter more: between tabs no other limit holds."""
    found = read(path, f"a\tb\n{'x' * length}\ty\n1\t2\n".encode())[2]

    assert [True, True] == [
        isinstance(found[0], TableRow) == (length + 3 <= LONGEST_LINE),
        TableRow(3, ("1", "2")) == found[1],
    ]


def test_a_quotation_mark_that_never_closes_is_a_fault(path: Path) -> None:
    """What it swallows is bounded, and reading goes on behind it."""
    swallowed = "".join(f"{number},x\n" for number in range(40_000))

    found = read(path, f'a,b\n1,2\n"3,4\n{swallowed}'.encode())[2]

    assert TableRow(2, ("1", "2")) == found[0]
    assert TableFault(3, "a cell whose quotation marks close") == found[1]
    assert all(isinstance(row, TableRow) for row in found[2:])
    assert TableRow(40_003, ("39999", "x")) == found[-1]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  \r\n", codecs.BOM_UTF8])
def test_a_file_without_a_header_is_refused(path: Path, content: bytes) -> None:
    """In words."""
    with pytest.raises(ConfigError, match="has no header"):
        read(path, content)


def test_a_header_that_never_ends_is_refused(path: Path) -> None:
    """Without reading the whole of it."""
    with pytest.raises(ConfigError, match="has no header"):
        read(path, b"x" * (LONGEST_LINE + 1))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, a pipe that would be waited for, nothing at all."""
    os.mkfifo(tmp_path / "pipe")
    for name, words in (("", "is no file"), ("pipe", "is no file"), ("none", "No such file")):
        with pytest.raises(ConfigError, match=words), open_table(tmp_path / name):
            pass


def test_the_header_loses_the_blanks_around_its_names(path: Path) -> None:
    """And its quotation marks."""
    assert ("order id", "b", "") == read(path, b'" order id ", b,\n')[1]


def test_a_row_does_not_show_its_cells() -> None:
    """They name people."""
    assert "TableRow(line 3, 2 cells)" == repr(TableRow(3, ("Ann", "Elm Street")))


@given(st.binary(max_size=400))
def test_no_bytes_make_it_crash(content: bytes) -> None:
    """Whatever a file holds, it is a table or a sentence."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            form, header, rows = read(Path(folder) / "f", content)
        except ConfigError:
            return
        assert header
        assert form.delimiter in "\t,;|"
        assert all(row.line > 1 for row in rows)
