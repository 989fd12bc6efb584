"""Rates: ask the provider, judge every offer, allowed and cheapest first (R5, R6)."""

from dataclasses import dataclass

from primetui.domain import violations as v
from primetui.domain.clearance import Refusal
from primetui.domain.constraints import Candidate, unsold_by, violations
from primetui.domain.money import Money
from primetui.domain.order import OrderRecord
from primetui.domain.rate import IneligibleService, LabelSource, Offers, Rate, order_of_choice
from primetui.domain.shipment import Confirmation, OrderId, Shipment
from primetui.domain.violations import Severity, StrictForPrime, Violation
from primetui.errors import NotFound
from primetui.ports import Desk
from primetui.usecases.import_orders import look_through, refresh_order
from primetui.usecases.label_sources import Outlet, outlet_of, unknown_to_lender
from primetui.usecases.open_record import Opened, open_record

STILL_WORTH_ASKING = (
    v.ShipByPassed,
    v.LabelTooEarly,
    v.CancellationRequested,
    v.ConfirmationRequired,
    v.DeliverByMissing,
    v.ShipByMissing,
)
"""What stops a purchase but not a look at the rates; anything else stops the call too (R2)."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A rate with everything that is wrong with it."""

    rate: Rate
    charge: Money
    """With the confirmation it would be bought with."""
    violations: tuple[Violation, ...]

    @property
    def allowed(self) -> bool:
        """Nothing stops its purchase."""
        return all(x.severity is not Severity.BLOCKS for x in self.violations)

    @property
    def risks_lateness(self) -> bool:
        """It may be bought, since the order is not Prime, but would not be in time."""
        return any(isinstance(x, StrictForPrime) for x in self.violations)

    @property
    def blocking(self) -> tuple[Violation, ...]:
        """What stops its purchase."""
        return tuple(x for x in self.violations if x.severity is Severity.BLOCKS)


@dataclass(frozen=True, slots=True)
class Quotes:
    """All offers for one order, allowed first, each group by charge."""

    order_id: OrderId
    offers: Offers
    quotes: tuple[Quote, ...]
    order_violations: tuple[Violation, ...]
    """What is wrong with the order whatever the rate."""

    @property
    def allowed(self) -> tuple[Quote, ...]:
        """Those that can be bought: in time first, then cheapest."""
        return tuple(q for q in self.quotes if q.allowed)

    @property
    def ineligible(self) -> tuple[IneligibleService, ...]:
        """Services that the provider named only to refuse them."""
        return self.offers.ineligible


@dataclass(frozen=True, slots=True)
class NoRates:
    """The order is in no state to be rated; nothing was asked of anybody."""

    violations: tuple[Violation, ...]


def get_rates(desk: Desk, order_id: OrderId) -> Quotes | NoRates:
    """Fetch and keep the offers for an order; raises a PortError when the provider fails."""
    opened = open_record(desk, order_id)
    found = _order_violations(desk, opened)
    if _stops(found):
        return NoRates(found)
    outlet = outlet_of(desk.repository, opened.record)
    if isinstance(outlet, Refusal):
        return NoRates(outlet.violations)
    unsold = tuple(unsold_by(outlet.source, opened.shipment))
    if unsold:
        return NoRates(unsold)
    if outlet.lent:
        unknown = _look_closer(desk, opened.record, outlet)
        if unknown:
            return NoRates(unknown)
        opened = open_record(desk, order_id)
        found = _order_violations(desk, opened)
        if _stops(found):
            return NoRates(found)
    provider = desk.provider(outlet.store, outlet.source, "")
    offers = outlet.stamp(provider.rates(opened.record.order, opened.shipment))
    desk.repository.transact(lambda tx: tx.put_offers(offers))
    return judge(desk, opened, offers)


def judge(desk: Desk, opened: Opened, offers: Offers) -> Quotes:
    """Judge offers as the gate would now; a preview, since the purchase asks the gate again."""
    quotes = [_quote(desk, opened, rate) for rate in offers.rates]
    wanted = wanted_confirmation(opened.shipment)
    quotes.sort(key=lambda q: (not q.allowed, q.risks_lateness, *order_of_choice(q.rate, wanted)))
    return Quotes(
        order_id=opened.record.order.id,
        offers=offers,
        quotes=tuple(quotes),
        order_violations=_order_violations(desk, opened),
    )


def wanted_confirmation(shipment: Shipment) -> Confirmation:
    """Say which confirmation a draft asks for; nothing chosen is none."""
    return shipment.confirmation or Confirmation.NONE


def _look_closer(desk: Desk, record: OrderRecord, outlet: Outlet) -> tuple[Violation, ...]:
    """Learn what a seller that is not the order's own store must know: Amazon's facts, or where to.

    An order that Amazon does not know there was sold by another account (R11).
    """
    if outlet.source is not LabelSource.BUY_SHIPPING:
        refresh_order(desk, record.order.id, with_address=True)
        return ()
    try:
        look_through(desk, record.order.id, outlet.store)
    except NotFound:
        return unknown_to_lender(record, outlet.store)
    return ()


def _stops(found: tuple[Violation, ...]) -> bool:
    """Tell whether what is wrong with an order rules out even a look at its rates."""
    return any(
        x.severity is Severity.BLOCKS and not isinstance(x, STILL_WORTH_ASKING) for x in found
    )


def _quote(desk: Desk, opened: Opened, rate: Rate) -> Quote:
    candidate = Candidate(opened.record.order, opened.shipment, rate, desk.clock.now())
    charge = rate.charge_with(wanted_confirmation(opened.shipment))
    return Quote(rate=rate, charge=charge, violations=violations(candidate))


def _order_violations(desk: Desk, opened: Opened) -> tuple[Violation, ...]:
    return violations(Candidate(opened.record.order, opened.shipment, None, desk.clock.now()))
