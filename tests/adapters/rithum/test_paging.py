"""Walking through lists whose links cannot be trusted."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from primetui.adapters.answers import Call
from primetui.adapters.rithum.paging import Query, walk
from primetui.errors import Unreachable

CALL = Call("the list of orders", "GET", "/v1/Orders", reads=True)
QUESTION: Query = (("$filter", "ID ge 1"), ("exported", "false"))
HOST = "https://elsewhere.example/v1/Orders"


class Lists:
    """A list of numbered entries, served as Rithum does, with its quirks."""

    def __init__(self, entries: list[Any], *, wraps: bool, repeats: bool, size: int = 3) -> None:
        self.entries = entries
        self.wraps, self.repeats, self.size = wraps, repeats, size
        self.asked: list[dict[str, str]] = []

    def ask(self, query: Query) -> tuple[Call, Mapping[str, object]]:
        """Answer one page."""
        self.asked.append(dict(query))
        assert len(self.asked) < 200, "it goes on for ever"
        skip = int(dict(query).get("$skip", "0"))
        if self.wraps and skip >= len(self.entries):
            skip = 0
        end = skip + self.size
        body: dict[str, object] = {"value": self.entries[skip:end]}
        link = f"{HOST}?access_token=secret&exported=false&$filter=ID%20ge%201"
        if self.repeats:
            again = f"&$skip={dict(query)['$skip']}" if "$skip" in dict(query) else ""
            body["@odata.nextLink"] = link + again
        elif end < len(self.entries):
            body["@odata.nextLink"] = f"{link}&$skip={end}"
        return CALL, body


@given(count=st.integers(0, 20), wraps=st.booleans(), repeats=st.booleans(), size=st.integers(1, 7))
def test_every_entry_comes_once_whatever_the_quirks(
    *, count: int, wraps: bool, repeats: bool, size: int
) -> None:
    """Links that repeat and pages that wrap neither lose an entry nor bring one twice."""
    entries = [{"ID": number} for number in range(1, count + 1)]
    lists = Lists(entries, wraps=wraps, repeats=repeats, size=size)

    walked = [entry for page in walk(lists.ask, QUESTION) for entry in page]

    assert entries == walked


def test_a_link_gives_neither_its_token_nor_its_host() -> None:
    """What it asks for is asked again, and nothing else of it is used."""
    lists = Lists([{"ID": n} for n in range(5)], wraps=True, repeats=False)

    list(walk(lists.ask, QUESTION))

    assert [dict(QUESTION), {**dict(QUESTION), "$skip": "3"}] == lists.asked


def test_entries_without_a_number_are_told_apart_by_what_they_hold() -> None:
    """One bad entry is seen once, and a page of nothing else does not go on for ever."""
    entries = [{"ID": None, "n": n} for n in range(4)]
    lists = Lists(entries, wraps=True, repeats=True)

    assert entries == [entry for page in walk(lists.ask, QUESTION) for entry in page]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"value": None},
        {"value": {"ID": 1}},
        {"value": [{"ID": 1}], "@odata.nextLink": 7},
        {"value": [{"ID": 1}], "@odata.nextLink": "http://[::1"},
        {"value": [{"ID": 1}], "@odata.nextLink": f"{HOST}?access_token=secret"},
    ],
)
def test_an_answer_that_is_no_list_ends_the_walk_in_words(body: dict[str, Any]) -> None:
    """It must not pass for the last page: orders would be missed in silence."""
    with pytest.raises(Unreachable, match="cannot be read") as caught:
        list(walk(lambda _query: (CALL, body), QUESTION))

    assert "secret" not in str(caught.value)
