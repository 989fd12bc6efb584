"""The simulation: keys pressed, lines cut, processes killed, time passing — and what must hold."""

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from primetui.domain.shipment import OrderId
from primetui.usecases.open_record import live_label
from primetui.usecases.purchase_label import NotBought, Purchased
from tests.repositories import POSTGRES, TINYDB
from tests.simulation.deeds import Deeds
from tests.simulation.town import Town
from tests.simulation.truth import check, settle

MEMORY = Path("/dev/shm")  # noqa: S108 - a home on a memory disk: its syncs cost nothing
READS = ("searchOrders", "getOrder", "getRates", "getShipmentDocuments")
MONEY = ("purchaseShipment", "cancelShipment")
EVERYTHING = (*READS, *MONEY, *MONEY, "getAccessToken")
CHANGES = ("readdress", "readdress", "request_cancellation", "cancel")
WHO = st.integers(0, 1)
WHICH = st.integers(0, 2)
MOST_ORDERS = 9
TOUCH = st.integers(0, 130)
NAMES = ("buy", "buy old", "reconcile", "reconcile", "void", "rates", "import", "answer", "papers")
NAME = st.sampled_from(NAMES)
SPANS = st.sampled_from([1, 30, 61, 120, 300, 479, 600, 840, 900, 960, 3600, 4 * 3600])

LIES = ("lost_before_effect", "lost_after_effect", "truncated", "garbled", "wrong_types")
EITHER = ("reset", "error_500", "error_503", "html")
PLAIN = ("throttle", "expired_token", "clock_skew")
REFUSED = ("expired_offer", "duplicate_shipment")


def faults(operations: tuple[str, ...], *, slow: bool) -> st.SearchStrategy[dict[str, Any]]:
    """Choose a fault; a refusal in words (4xx) that did happen is the one lie Amazon is spared."""
    operation = st.sampled_from(operations)
    plain = PLAIN + REFUSED if operations == ("purchaseShipment",) else PLAIN
    hidden = st.sampled_from([0, 0, 60, 500])
    shape = st.one_of(
        st.fixed_dictionaries({"kind": st.sampled_from(LIES), "listing_delay_seconds": hidden}),
        st.fixed_dictionaries(
            {
                "kind": st.sampled_from(EITHER),
                "after_effect": st.booleans(),
                "listing_delay_seconds": hidden,
            }
        ),
        st.fixed_dictionaries({"kind": st.sampled_from(plain)}),
        st.fixed_dictionaries({"kind": st.just("late_listing"), "delay_seconds": st.just(600)}),
    )
    if slow:
        shape |= st.fixed_dictionaries(
            {
                "kind": st.just("slow"),
                "delay_seconds": st.sampled_from([20, 61, 300]),
                "after_effect": st.booleans(),
            }
        )
    turns = st.fixed_dictionaries({"times": st.integers(1, 3)})
    return st.builds(
        lambda name, kind, turn: {"operation": name} | kind | turn, operation, shape, turns
    )


class Buying(RuleBasedStateMachine):
    """Two operators buy, void and reconcile while everything goes wrong around them."""

    over_http = False
    store = TINYDB
    steps = 0
    """Rules run by all machines of this process."""
    seen: ClassVar[Counter[str]] = Counter()
    """What every deed came to, by its name."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.town: Town | None = None
        self._checked = (0, 0)

    @initialize(twice=st.sampled_from([True, True, False]), orders=st.integers(1, 2))
    def open(self, *, twice: bool, orders: int) -> None:
        """Open the town with one or two orders; mostly Amazon itself would sell a second label."""
        self._open = Town(self._folder / "home", http=self.over_http, twice=twice, store=self.store)
        self.town = self._open
        self.deeds = Deeds(self._open)
        for _ in range(orders):
            self._open.arrive()
        self._open.later(300)
        self._do(0, "import", self._order(0))

    @rule(who=WHO, name=NAME, which=WHICH)
    def act(self, who: int, name: str, which: int) -> None:
        """An operator does something."""
        self._alone(who, name, self._order(which))

    @rule(who=WHO, which=WHICH)
    def buy(self, who: int, which: int) -> None:
        """An operator buys, the usual thing."""
        self._alone(who, "buy", self._order(which))

    @rule(who=WHO, name=NAME, which=WHICH, touch=TOUCH)
    def die(self, who: int, name: str, which: int, touch: int) -> None:
        """An operator's process dies in the middle of something."""
        self._open.fuses[who].crash_at(touch)
        self._alone(who, name, self._order(which))

    @rule(who=WHO, name=NAME, other=NAME, which=WHICH, touch=TOUCH)
    def meanwhile(self, who: int, name: str, other: str, which: int, touch: int) -> None:
        """In the middle of what one operator does, the other does something to the same order."""
        self._open.fuses[who].interrupt_at(
            touch, lambda: self._do(1 - who, other, self._order(which))
        )
        self._do(who, name, self._order(which))

    @rule(data=st.data())
    def go_wrong(self, data: st.DataObject) -> None:
        """Something is about to go wrong on the line."""
        fault = data.draw(faults(EVERYTHING, slow=not self.over_http))
        self._open.sandbox.tell("faults", [fault])

    @rule(data=st.data(), who=WHO, which=WHICH)
    def unlucky(self, data: st.DataObject, who: int, which: int) -> None:
        """The very call that costs money goes wrong."""
        self._spoil("purchaseShipment", data)
        self._alone(who, "buy", self._order(which))

    @rule(data=st.data(), who=WHO)
    def unlucky_void(self, data: st.DataObject, who: int) -> None:
        """The very call that gives a label back goes wrong."""
        labels = {order: live_label(self._open.eyes.labels(order)) for order in self._open.orders}
        bought = [order for order, label in labels.items() if label is not None]
        self._spoil("cancelShipment", data)
        if bought:
            self._alone(who, "void", bought[-1])

    @rule()
    def calm(self) -> None:
        """The line is good again."""
        self._open.sandbox.tell("faults", [])

    @rule(seconds=SPANS)
    def later(self, seconds: int) -> None:
        """Time passes."""
        self._open.later(seconds)

    @rule(what=st.sampled_from(CHANGES), which=WHICH)
    def at_amazon(self, what: str, which: int) -> None:
        """The buyer or Amazon changes the order."""
        order_id = self._order(which)
        body = {order_id: {"city": "Elsewhere"}} if what == "readdress" else [order_id]
        self._open.sandbox.tell("orders", {what: body})

    @precondition(lambda self: len(self._open.orders) < MOST_ORDERS)
    @rule()
    def arrive(self) -> None:
        """Another order comes in."""
        self._open.arrive()
        self._open.later(300)
        self._do(0, "import", self._order(0))

    @invariant()
    def holds(self) -> None:
        """Journal and truth agree as far as they must at every moment."""
        type(self).steps += 1
        if self.town is not None:
            moved = (self.town.eyes.revision(), self.town.sandbox.served())
            if moved != self._checked:
                check(self.town)
                self._checked = (moved[0], self.town.sandbox.served())

    def teardown(self) -> None:
        """Let everything calm down: then journal and truth are one."""
        try:
            if self.town is not None:
                settle(self.town)
        finally:
            if self.town is not None:
                self.town.close()
            shutil.rmtree(self._folder, ignore_errors=True)

    def _spoil(self, operation: str, data: st.DataObject) -> None:
        fault = data.draw(faults((operation,), slow=not self.over_http))
        self._open.sandbox.tell("faults", [fault])

    def _order(self, which: int) -> OrderId:
        """Choose among the latest: earlier ones are mostly done with."""
        latest = self._open.orders[-3:]
        return latest[which % len(latest)]

    def _do(self, who: int, name: str, order_id: OrderId) -> object:
        """Do it and count what it came to."""
        answer = self._open.do(who, self.deeds.named(name, order_id))
        parts = answer if isinstance(answer, tuple) else (answer,)
        for part in parts:
            self.seen[f"{name}: {type(part).__name__}"] += 1
        return answer

    def _alone(self, who: int, name: str, order_id: OrderId) -> None:
        """Do it with nobody else around: a pending purchase blocks buying, and says so."""
        pending = any(p.is_pending for p in self._open.eyes.purchases(order_id))
        before = self._open.purchase_requests
        answer = self._do(who, name, order_id)
        if pending and name.startswith("buy"):
            assert before == self._open.purchase_requests, "bought while a purchase was pending"
            assert not isinstance(answer, NotBought | Purchased), "not known, and said otherwise"


class BuyingOverHttp(Buying):
    """The same over sockets, as merchants' machines do it."""

    over_http = True


class BuyingOnPostgres(Buying):
    """The same with the documents on a server, as several warehouses have them."""

    store = POSTGRES
