"""Split, combine, manifest, return label and ship-to by command line: done, or exit code 3."""

import io
import sys
from typing import Any

import pytest

from tests.cli.program import Console
from tests.cli.test_whole_way import shippable
from tests.wire import WIRE

HOME: dict[str, Any] = {
    "buyer": "Ada Buyer",
    "line1": "9 Elm Street",
    "town": ["Boston", "MA", "02108"],
}


def added(console: Console, *programs: str) -> str:
    """Add an order of one buyer, in good time, and import it."""
    story = HOME | {"store": "US", "programs": list(programs), "status": "UNSHIPPED"}
    story |= {"quantities": [2, 1], "ship_by": "+1d", "deliver_by": "+4d"}
    answer = WIRE.post(f"{console.url}/_sandbox/orders", json={"add": [story]})
    order_id = str(answer.json()["added"][0])
    body = {"readdress": {order_id: {"line2": "Flat 1"}}}
    WIRE.post(f"{console.url}/_sandbox/orders", json=body).raise_for_status()
    console.json("import")
    return order_id


def codes(found: list[dict[str, object]]) -> list[object]:
    """Name violations."""
    return [one["code"] for one in found]


def test_R7_a_prime_order_is_refused_and_named_in_a_batch_too(console: Console) -> None:
    """R7: exit code 3 with reason and remedy; the ordinary one of the batch is done all the same."""
    prime, ordinary = added(console, "PRIME"), added(console)
    item = console.json("split", ordinary, "--box", f"{_item(console, ordinary)}=1")["orders"][0]
    assert ["done", 2] == [item["outcome"], len(item["packages"])]

    ran = console.run("split", prime, "--box", f"{_item(console, prime)}=1")
    assert 3 == ran.code
    assert "PRM310" in ran.out
    assert "Seller Central" in ran.out
    batch = console.run("join", prime, ordinary, "--json")

    assert 2 == batch.code  # the Prime one is not split: there is nothing to join
    assert {prime: "error", ordinary: "done"} == {
        one["order_id"]: one["outcome"] for one in batch.data["orders"]
    }
    mixed = console.run("combine", prime, ordinary, "--json")
    assert 3 == mixed.code
    assert [(prime, ["PRM311"])] == [
        (one["order_id"], codes(one["violations"])) for one in mixed.data["refused"]
    ]


def _item(console: Console, order_id: str) -> str:
    """Name the first item of an order, from what a wrong name is answered with."""
    ran = console.run("split", order_id, "--box", "NO-SUCH-THING=1")
    if ran.code == 3:
        return "anything"
    return ran.err.split("It has ")[1].split("(")[1].split(")")[0]


def test_R7_orders_of_one_buyer_are_combined_suggested_and_taken_apart(console: Console) -> None:
    """R7: nothing is suggested of what nobody read; the box names its orders until the undo."""
    first, second = added(console), added(console)
    assert [] == console.json("combine", "--suggest")["suggestions"]

    done = console.json("combine", first, second)["orders"]

    assert {first: [second], second: [first]} == {
        one["order_id"]: one["combined_with"] for one in done
    }
    ran = console.run("buy", first, "--cheapest", "--max-charge", "500", "--yes")
    assert (3, True) == (ran.code, "PRM312" in ran.out)
    assert f"in one box with {second}" in console.run("check", first).out
    console.json("uncombine", second)
    (group,) = console.json("combine", "--suggest")["suggestions"]
    assert {first, second} == set(group)


def test_R9_buy_shipping_makes_no_manifest_and_no_return_label(console: Console) -> None:
    """R9: exit code 3, no file, Seller Central as the way."""
    order_id = shippable(console)
    console.json("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")

    for verb in (("manifest", order_id), ("return-label", order_id)):
        ran = console.run(*verb)
        assert 3 == ran.code
        assert "Seller Central" in ran.out
    assert 2 == console.run("manifest", "--day", "2020-01-01").code
    assert 2 == console.run("manifest", order_id, "--day", "2020-01-01").code


def test_R8_a_typed_address_warns_and_is_shown_as_a_place(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R8 R23: exit code 0 with the warning; neither name nor street is printed again."""
    order_id = added(console, "PRIME")
    monkeypatch.setattr(sys, "stdin", io.StringIO("line1=77 Nowhere Lane\nname=Zed\ncity=Salem\n"))

    ran = console.run("ship-to", order_id, "-")

    assert 0 == ran.code
    assert "PRM319" in ran.err
    assert "Salem; it will not change the label" in ran.out
    assert "Salem" in console.run("check", order_id).out
    told = ran.out + ran.err + console.run("audit").out + console.run("check", order_id).out
    assert "Nowhere" not in told
    assert "Salem" == console.json("check", order_id)["typed_ship_to"]
    console.json("ship-to", order_id, "--undo")
    assert None is console.json("check", order_id)["typed_ship_to"]
    assert 2 == console.run("ship-to", order_id).code


def test_what_is_typed_wrong_is_said(console: Console) -> None:
    """Exit code 2: no such order, no such item, an order alone, both of two ways."""
    order_id = added(console)

    for words in (
        ("split", "000-0", "--box", "1=1"),
        ("split", order_id, "--box", "\x1b[31m=1"),
        ("join", order_id),
        ("combine", order_id),
        ("combine", order_id, "--suggest"),
        ("combine",),
        ("uncombine", order_id),
        ("return-label", order_id),
        ("edit", order_id, "--package", "2", "--weight", "1kg"),
        ("edit", order_id, "--package", "1"),
        ("ship-to", order_id, "planet=Mars"),
    ):
        ran = console.run(*words)
        assert (2, False) == (ran.code, "\x1b" in ran.err), words
