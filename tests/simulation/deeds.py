"""What operators do in the simulation, each a function of a desk."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from primetui.domain.label import Purchase
from primetui.domain.shipment import DocumentFormat, OrderId
from primetui.errors import ConfigError
from primetui.ports import Desk
from primetui.usecases.answer_purchase import answer_purchase
from primetui.usecases.edit_shipment import Changes, edit_shipment
from primetui.usecases.get_rates import Quotes, get_rates
from primetui.usecases.import_orders import import_orders, refresh_order
from primetui.usecases.open_record import live_label
from primetui.usecases.purchase_label import purchase_label
from primetui.usecases.reconcile_purchases import reconcile_purchases
from primetui.usecases.void_label import fetch_papers, settle_voids, void_label
from tests.shop import PLENTY
from tests.simulation.town import Town

Deed = Callable[[Desk], object]
ZPL = Changes(document_format=DocumentFormat.ZPL)
"""Text is drawn a hundred times faster than a picture."""


class Deeds:
    """Everything a key can do to an order of a town."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.known_rates: dict[OrderId, list[str]] = {}
        """Every rate ever shown, so that an old one can be pressed."""

    def named(self, name: str, order_id: OrderId) -> Deed:
        """Find a deed by its name."""
        kinds: Mapping[str, Callable[[Desk, OrderId], object]] = {
            "rates": self._rates,
            "buy": self._buy,
            "buy old": self._buy_old,
            "void": void_label,
            "reconcile": lambda desk, _id: (*reconcile_purchases(desk), *settle_voids(desk)),
            "import": lambda desk, _id: import_orders(desk),
            "refresh": refresh_order,
            "papers": self._papers,
            "answer": self._answer,
        }
        return lambda desk: kinds[name](desk, order_id)

    def _rates(self, desk: Desk, order_id: OrderId) -> object:
        record = desk.repository.order(order_id)
        if record is not None and record.shipment.document_format is DocumentFormat.PDF:
            edit_shipment(desk, order_id, ZPL)
        quotes = get_rates(desk, order_id)
        if isinstance(quotes, Quotes):
            shown = [quote.rate.id for quote in quotes.allowed[:2]]
            self.known_rates.setdefault(order_id, []).extend(shown)
        return quotes

    def _buy(self, desk: Desk, order_id: OrderId) -> object:
        """Press buy on the cheapest rate, fetched just now."""
        quotes = self._rates(desk, order_id)
        if not isinstance(quotes, Quotes) or not quotes.allowed:
            return self._buy_old(desk, order_id)
        return self._press(desk, order_id, quotes.allowed[0].rate.id)

    def _buy_old(self, desk: Desk, order_id: OrderId) -> object:
        """Press buy on a rate that was shown some time ago."""
        shown = self.known_rates.get(order_id, [])
        return self._press(desk, order_id, shown[-2] if len(shown) > 1 else "never shown")

    def _press(self, desk: Desk, order_id: OrderId, rate_id: str) -> object:
        return purchase_label(desk, order_id, rate_id, max_charge=PLENTY["USD"])

    def _papers(self, desk: Desk, order_id: OrderId) -> object:
        label = live_label(desk.repository.labels(order_id))
        if label is None:
            raise ConfigError("no label")
        return fetch_papers(desk, label, DocumentFormat.ZPL)

    def _answer(self, desk: Desk, order_id: OrderId) -> object:
        """Answer honestly: look in Seller Central, and wait out the grace before saying no."""
        pending = [p for p in self._town.eyes.purchases(order_id) if p.is_pending]
        seen = self._unknown_label(order_id)
        if not pending or (seen is None and self._too_early(pending[-1])):
            raise ConfigError("nothing to answer yet")
        return answer_purchase(desk, order_id, tracking_id=seen)

    def _unknown_label(self, order_id: OrderId) -> str | None:
        ours = {label.tracking_id for label in self._town.eyes.labels(order_id)}
        sold = self._town.sandbox.truth()[order_id]["labels"]
        return next((x["tracking"] for x in sold if x["tracking"] not in ours), None)

    def _too_early(self, purchase: Purchase) -> bool:
        last = max(step.at for step in purchase.steps)
        return self._town.clock.now() < last + timedelta(minutes=15)
