"""Plan a batch: rate many orders, and say what would be bought and what not, before anything is."""

from collections.abc import Callable, Iterable

from primetui.domain.batch import Batch, BatchId, Broken, Chosen, Entry, EntryState, Limits, Why
from primetui.domain.shipment import OrderId
from primetui.domain.violations import Severity, Violation
from primetui.errors import ConfigError, PortError, Throttled
from primetui.ports import Desk, Writes
from primetui.usecases.batch_control import Activity, Control, Progress
from primetui.usecases.get_rates import NoRates, Quote, Quotes, get_rates
from primetui.usecases.open_record import entry as audit_entry
from primetui.usecases.purchase_label import Purchased, Unresolved, bought_before


def plan_batch(desk: Desk, order_ids: Iterable[OrderId], limits: Limits, control: Control) -> Batch:
    """Rate each order, choose the cheapest allowed, and keep the plan; buys nothing.

    An order that cannot be bought for is in the plan with its reasons. Whatever `control`
    raises cancels the plan, of which nothing is kept.
    """
    wanted = tuple(dict.fromkeys(order_ids))
    if not wanted:
        raise ConfigError("A batch needs at least one order.")
    batch = Batch(
        id=BatchId(desk.names.new()),
        made_at=desk.clock.now(),
        made_by=desk.operator,
        limits=limits,
        entries=tuple(Entry(order_id=order_id) for order_id in wanted),
    )
    rated = rate_entries(desk, batch, batch.entries, control).within_limits()

    def write(tx: Writes) -> None:
        tx.put_batch(rated)
        tx.log(audit_entry(desk, "batch planned", detail=_tally(rated)))

    desk.repository.transact(write)
    return rated


def find_batch(desk: Desk, words: str) -> Batch:
    """Find a batch by its id or by how that begins; ConfigError when it names none or several."""
    exact = desk.repository.batch(BatchId(words))
    if exact is not None:
        return exact
    found = [batch for batch in desk.repository.batches() if batch.id.startswith(words)]
    if not words or len(found) != 1:
        how_many = "No batch" if not found else "More than one batch"
        raise ConfigError(f"{how_many} has an id that begins with {words!r}: see batch list.")
    return found[0]


def rate_entries(desk: Desk, batch: Batch, chosen: Iterable[Entry], control: Control) -> Batch:
    """Rate some of a batch's entries, telling of each."""
    for entry in tuple(chosen):
        control.tell(progress(batch, entry, Activity.RATING))
        batch = batch.put(rate_entry(desk, batch, entry, control))
    return batch


def rate_entry(desk: Desk, batch: Batch, entry: Entry, control: Control) -> Entry:
    """Choose the cheapest allowed rate for an order, or say why there is none.

    An entry that was rated before stays as it is when its wait for the provider is given up.
    """
    earlier = bought_before(desk.repository, entry.order_id)
    if earlier is not None:
        return _had_before(entry, earlier)
    try:
        result = _ask(desk, batch, entry, control)
    except (PortError, ConfigError) as error:
        return _unrated(entry, error)
    if isinstance(result, NoRates) or not result.allowed:
        return _refused(entry, result)
    return _queued(entry, result.allowed[0])


def progress(batch: Batch, entry: Entry, activity: Activity, wait_seconds: float = 0.0) -> Progress:
    """Say how far a batch is."""
    number = batch.entries.index(batch.entry(entry.order_id)) + 1
    return Progress(activity, entry.order_id, number, len(batch.entries), wait_seconds)


def violated(entry: Entry, found: Iterable[Violation]) -> Entry:
    """Refuse an entry for what stops its purchase."""
    blocking = tuple(Broken.of(x) for x in found if x.severity is Severity.BLOCKS)
    return entry.refused(Why.VIOLATIONS, broken=blocking)


def keep(desk: Desk, batch_id: BatchId, change: Callable[[Writes, Batch], Batch]) -> Batch:
    """Change a kept batch in one transaction; the caller holds its lease."""

    def write(tx: Writes) -> Batch:
        batch = tx.batch(batch_id)
        if batch is None:
            raise ConfigError("That batch is not here any more.")
        changed = change(tx, batch)
        tx.put_batch(changed)
        return changed

    return desk.repository.transact(write)


def _ask(desk: Desk, batch: Batch, entry: Entry, control: Control) -> Quotes | NoRates:
    """Fetch rates, waiting as long as the provider asks; Throttled when that is given up."""
    while True:
        try:
            return get_rates(desk, entry.order_id)
        except Throttled as error:
            if not hold(batch, entry, control, error.retry_after_seconds):
                raise


def hold(batch: Batch, entry: Entry, control: Control, seconds: float) -> bool:
    """Wait as the provider asks; tell whether to go on."""
    control.tell(progress(batch, entry, Activity.WAITING, seconds))
    control.wait(seconds)
    return control.go_on()


def _had_before(entry: Entry, earlier: Purchased | Unresolved) -> Entry:
    """Leave an order alone that has a label, or a purchase whose outcome is not known."""
    if isinstance(earlier, Unresolved):
        return entry.refused(Why.OTHER, note=earlier.reason)
    label = earlier.label
    return entry.step(EntryState.SKIPPED, label_id=label.id, tracking_id=label.tracking_id)


def _unrated(entry: Entry, error: PortError | ConfigError) -> Entry:
    """Say why no rates came."""
    if isinstance(error, ConfigError):
        return entry.refused(Why.OTHER, note=str(error))
    if isinstance(error, Throttled) and entry.chosen is not None:
        return entry
    return entry.step(EntryState.NOT_BOUGHT, note=f"No rates could be fetched. {error}")


def _refused(entry: Entry, result: Quotes | NoRates) -> Entry:
    """Say why no rate may be bought: what is wrong with the order, else with the cheapest."""
    if isinstance(result, NoRates):
        return violated(entry, result.violations)
    found = tuple(x for x in result.order_violations if x.severity is Severity.BLOCKS)
    if not found and result.quotes:
        found = result.quotes[0].blocking
    if not found:
        return entry.refused(Why.OTHER, note="No service is offered for it.")
    return violated(entry, found)


def _queued(entry: Entry, quote: Quote) -> Entry:
    rate = quote.rate
    chosen = Chosen(
        rate_id=rate.id,
        carrier=rate.carrier,
        service=rate.service,
        arrives_by=rate.promise.arrives_by,
        charge=quote.charge,
    )
    # A hand that queues it again starts the count of stale rates anew.
    again = entry.rated_again if entry.state is EntryState.QUEUED else 0
    return entry.step(EntryState.QUEUED, chosen=chosen, rated_again=again)


def _tally(batch: Batch) -> str:
    counts = ", ".join(f"{number} {state}" for state, number in batch.counts.items())
    return f"{batch.id}: {counts}"
