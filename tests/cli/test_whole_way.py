"""The main job by command line: import, tag, check, rates, buy, save, void."""

from itertools import islice
from pathlib import Path
from typing import Any

from primetui.domain.order import PRIME_TAG
from tests.cli.program import Console


def shippable(console: Console) -> str:
    """Find a Prime order that nothing is wrong with."""
    return shippables(console, 1)[0]


def shippables(console: Console, wanted: int) -> list[str]:
    """Find so many Prime orders that nothing is wrong with."""
    orders = console.json("orders", "status:awaiting", "prime:yes")["orders"]
    good = (str(order["id"]) for order in orders if console.run("check", order["id"]).code == 0)
    found = list(islice(good, wanted))
    assert wanted == len(found), "the sandbox has too few shippable Prime orders"
    return found


def test_one_prime_order_end_to_end(console: Console, tmp_path: Path) -> None:
    """An order travels from Amazon's wire format to a label on disk, and back by a void."""
    order_id = shippable(console)

    checked = console.json("check", order_id)
    assert [] == [v for v in checked["violations"] if v["severity"] == "blocks"]
    assert [PRIME_TAG] == checked["tags"]

    rates = console.json("rates", order_id)["rates"]
    allowed = [rate for rate in rates if rate["allowed"]]
    assert allowed
    assert allowed == rates[: len(allowed)]
    charges = [float(rate["charge"]["amount"]) for rate in allowed]
    assert sorted(charges) == charges

    bought = console.json(
        "buy", order_id, "--rate", allowed[0]["id"], "--max-charge", "500", "--yes"
    )["purchases"][0]
    assert bought["outcome"] == "bought"
    assert bought["label"]["tracking_id"] == console.truth(order_id)["labels"][0]["tracking"]
    assert bought["label"]["charge"] == allowed[0]["charge"]

    again = console.json("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")
    assert again["purchases"][0]["outcome"] == "already-bought"
    assert console.truth(order_id)["live_labels"] == 1

    saved = tmp_path / "label.pdf"
    console.json("label", order_id, "--save", str(saved))
    assert saved.read_bytes().startswith(b"%PDF")
    assert oct(saved.stat().st_mode & 0o777) == "0o600"

    assert console.json("void", order_id, "--yes")["void"] == "voided"
    assert console.truth(order_id)["live_labels"] == 0
    assert [] == console.json("db", "check")["problems"]


def test_buying_wants_a_yes_and_a_limit(console: Console) -> None:
    """Without --yes nothing is bought; without --max-charge it is not even a command."""
    order_id = shippable(console)

    assert console.run("buy", order_id, "--cheapest", "--max-charge", "9").code == 2
    assert console.run("buy", order_id, "--cheapest", "--yes").code == 2
    over = console.run("buy", order_id, "--cheapest", "--max-charge", "0.01", "--yes", "--json")

    assert over.code == 3
    assert over.data["purchases"][0]["outcome"] == "over-limit"
    assert console.truth(order_id)["live_labels"] == 0


def test_several_orders_each_have_their_outcome(console: Console) -> None:
    """One that cannot be bought does not hide what the others came to."""
    order_id = shippable(console)
    words = ("buy", "no-such-order", order_id, "--cheapest", "--max-charge", "500", "--yes")

    ran = console.run(*words, "--json")

    assert [("no-such-order", "error"), (order_id, "bought")] == [
        (one["order_id"], one["outcome"]) for one in ran.data["purchases"]
    ]
    assert ran.code == 2


def test_check_speaks_of_every_kind_of_trouble(console: Console) -> None:
    """The seeded world shows violations of each family, each with a remedy, and exit code 3."""
    seen: dict[str, Any] = {}
    for order in console.json("orders", "--limit", "100")["orders"]:
        ran = console.run("check", order["id"], "--json")
        blocking = [v for v in ran.data["violations"] if v["severity"] == "blocks"]
        assert ran.code == (3 if blocking else 0)
        seen |= {v["code"]: v for v in ran.data["violations"]}

    assert {"PRM103", "PRM104", "PRM109", "PRM110", "PRM112", "PRM303"} <= set(seen)
    assert all(v["message"] and v["remedy"] for v in seen.values())


def test_orders_can_be_filtered_and_paged(console: Console) -> None:
    """Filters narrow, pages add up, and a wrong word names the nearest known one."""
    every = console.json("orders", "--limit", "1000")
    prime = console.json("orders", "prime:yes", "--limit", "1000")
    first = console.json("orders", "--limit", "10")
    second = console.json("orders", "--limit", "10", "--offset", "10")

    assert every["total"] == len(every["orders"]) > prime["total"] > 0
    assert {"yes"} == {order["prime"] for order in prime["orders"]}
    assert every["orders"][:20] == first["orders"] + second["orders"]
    wrong = console.run("orders", "status:awaitin")
    assert wrong.code == 2
    assert "status:awaiting" in wrong.err


def test_the_audit_log_says_who_did_what(console: Console) -> None:
    """Every step of a purchase is there with its operator, in order and searchable."""
    order_id = shippable(console)
    console.json("buy", order_id, "--cheapest", "--max-charge", "500", "--yes")

    entries = console.json("audit", order_id)["entries"]
    found = console.json("audit", order_id, "--words", "label bought")["entries"]

    assert ["purchase intent", "purchase sent", "label bought"] == [e["action"] for e in entries]
    assert {"tester"} == {e["by"] for e in entries}
    assert [entries[-1]] == found


def test_an_answer_by_hand_wants_an_order_and_a_question(console: Console) -> None:
    """Neither a missing order nor a settled one takes an answer."""
    assert console.run("reconcile", "--not-bought").code == 2
    assert console.run("reconcile", shippable(console), "--bought", "1Z").code == 2
