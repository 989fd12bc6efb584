"""The rules PrimeTUI keeps, each with why it is, what to do, and the modules that keep it.

`primetui explain` prints them; tests hold that each has its tests and that its modules name it.
"""

from dataclasses import dataclass
from difflib import get_close_matches

from primetui.domain.violations import CATALOGUE, Violation
from primetui.errors import ConfigError


@dataclass(frozen=True)
class Rule:
    """One rule: what it says, why it is, and what to do where it stands in the way."""

    number: int
    name: str
    says: str
    why: str
    remedy: str
    modules: tuple[str, ...]
    """Where it is kept, as paths inside the package without their ending."""

    @property
    def code(self) -> str:
        """Give the number as tests and code write it: R5."""
        return f"R{self.number}"

    @property
    def violations(self) -> tuple[type[Violation], ...]:
        """List the violations that say it is broken."""
        return tuple(kind for kind in CATALOGUE if kind.rule == self.code)


RULES: tuple[Rule, ...] = (
    Rule(
        1,
        "Cut-over",
        "A Prime order of an Amazon store that was first connected before 2023-11-03 lands in "
        "Pending Fulfillment; of one connected on that day or later, in Awaiting Shipment.",
        "Since that day Amazon lets any carrier deliver Prime orders; stores from before keep the "
        "old way until their merchant decides. The day is the account's own, and an unknown one "
        "counts as before.",
        "Nothing for a store of today. For an older one switch the setting on (R3) or connect a "
        "carrier of Amazon's (R4).",
        ("domain/landing", "domain/store", "usecases/import_orders"),
    ),
    Rule(
        2,
        "View only",
        "An order in Pending Fulfillment can be looked at and found, and nothing else: no rates, "
        "label, edit, split, combination or recorded label, in batches neither.",
        "Whoever ships it is somebody else, so anything done here would be done twice.",
        "Switch the store's setting on (R3) or connect a carrier of Amazon's (R4): later orders "
        "land in Awaiting Shipment. Ship this one in Seller Central.",
        ("domain/violations/order", "usecases/get_rates", "usecases/edit_shipment"),
    ),
    Rule(
        3,
        "Import Amazon Prime Orders into Awaiting Shipment",
        "The setting decides where Prime orders land that are imported from then on; a stored "
        "order never moves because of it, and each remembers why it landed where it did.",
        "What has landed may be in somebody's hands already.",
        "primetui stores edit STORE --import-prime-awaiting; in the console, the stores' screen.",
        ("domain/landing", "domain/store", "usecases/manage_stores"),
    ),
    Rule(
        4,
        "Or a carrier of Amazon's",
        "In a US or UK account, connecting Amazon Buy Shipping or Amazon Shipping does what the "
        "setting does. Elsewhere neither can be connected, and each at most once.",
        "Amazon offers its carriers to these two countries' accounts; the account's home counts, "
        "not the order's marketplace.",
        "primetui stores edit STORE --connect amazon-buy-shipping. Elsewhere use the setting (R3).",
        ("domain/landing", "domain/store", "usecases/manage_stores"),
    ),
    Rule(
        5,
        "Any carrier, if in time",
        "A Prime order may go with any service of any carrier that promises to arrive by its "
        "deliver-by and leaves by its ship-by. Later, or unknown, is refused.",
        "The Prime promise is about the day, not about the carrier. Equality passes; a date "
        "without a time is the end of that day at the destination.",
        "Choose a service that is in time: they come first, cheapest first.",
        ("domain/promise", "domain/violations/rate", "usecases/get_rates"),
    ),
    Rule(
        6,
        "Amazon's own refusal",
        "Where Amazon says that a service will not do, there is no label, cost, tracking number or "
        "notice; its words are shown beside ours.",
        "Amazon holds the merchant to the promise; that our check passed overrules nothing.",
        "Choose a faster service, or fetch the rates again.",
        ("domain/constraints", "domain/violations/rate", "usecases/purchase_label"),
    ),
    Rule(
        7,
        "No split, no combination",
        "A Prime order ships whole and alone: it is neither split nor combined, by key, rule, "
        "batch or import. The marketplace's own flag decides, never the tag.",
        "Amazon promised it in one parcel by one day; a removed tag must not open the way.",
        "Ship it as it is. A split or a combination from before it was known as Prime is undone "
        "first: primetui join, primetui uncombine.",
        ("domain/packing", "usecases/split_order", "usecases/combine_orders"),
    ),
    Rule(
        8,
        "Ship-to is Amazon's",
        "A ship-to typed here warns and reaches no label of Amazon's; Amazon's own address is read "
        "again before a purchase.",
        "Amazon prints the address it has, so what is typed here would only deceive.",
        "Have the buyer change it at Amazon, then fetch the rates again.",
        ("domain/order", "domain/violations/shipment", "usecases/edit_ship_to"),
    ),
    Rule(
        9,
        "Limits of Buy Shipping",
        "Through Buy Shipping there is no manifest, no return label and no second package; a "
        "manifest over mixed labels leaves those out and says how many.",
        "Amazon offers these to people in Seller Central, not to programs.",
        "Make them in Seller Central.",
        ("domain/constraints", "usecases/make_manifest", "usecases/return_label"),
    ),
    Rule(
        10,
        "Notices",
        "Amazon knows of its own label at once: no delay, no notice of ours. Any other label is "
        "told exactly once, now or delayed as set, until it took; then it is read back.",
        "The buyer follows the parcel by it, and Amazon measures the Prime promise by it.",
        "primetui confirm --list shows what waits and why; primetui confirm tells what is due.",
        ("domain/notice", "usecases/confirm_shipments", "usecases/record_label"),
    ),
    Rule(
        11,
        "Whose credentials for Rithum's orders",
        "Buy Shipping for a Rithum order uses the Amazon store created last, an inactive one too, "
        "unless a store is chosen for its account. Another account's order is refused before any "
        "call, and both are named.",
        "Amazon sells a label only to the account that sold the order.",
        "Connect the store the order was sold by, or primetui stores lend STORE --account ACCOUNT.",
        ("domain/lending", "usecases/label_sources", "usecases/manage_stores"),
    ),
    Rule(
        12,
        "Branding e-mail",
        "Before Buy Shipping sells for a Rithum order, the lending store's branding e-mail must be "
        "set and verified by a code; another address is unverified again.",
        "Amazon asks for the sender's address with each such label, and it must be yours.",
        "primetui stores verify-email STORE --email ADDRESS --send, then --code -.",
        ("domain/branding", "domain/lending", "usecases/verify_email"),
    ),
    Rule(
        13,
        "Inactive store",
        "An inactive store imports nothing and lends its credentials all the same. Two active "
        "stores that bring the same orders are warned of.",
        "Orders that come through Rithum must not come from Amazon as well.",
        "primetui stores edit STORE --no-active for the Amazon store; --active where Rithum is "
        "not used.",
        ("domain/lending", "usecases/import_orders"),
    ),
    Rule(
        14,
        "One order, once",
        "The same Amazon order from Amazon, Rithum or a file is one order with several sources, "
        "whichever comes first, and never has two labels.",
        "Two rows for one order would be two parcels.",
        "Nothing: the order's page lists its sources.",
        ("domain/sources", "domain/order", "usecases/import_file"),
    ),
    Rule(
        15,
        "Tag by itself",
        "A Prime order imported from an Amazon store is tagged Amazon Prime Order at once; one of "
        "Rithum's only by a rule, which is offered ready-made.",
        "Rithum passes on a requested service, not a flag; which words mean Prime is the "
        "merchant's to say.",
        "primetui rules add --rithum-prime, then primetui rules reprocess for orders of before.",
        ("domain/order", "domain/rules/ready_made", "usecases/import_orders"),
    ),
    Rule(
        16,
        "When rules run",
        "Automation rules run in order when an order first enters Awaiting Shipment or On Hold. "
        "Reprocess Automation Rules runs them on stored Awaiting Shipment orders after a preview; "
        "what a hand changed is kept.",
        "A rule that ran again at every import would undo what people decided.",
        "primetui rules reprocess --dry-run shows; --yes does just that.",
        ("usecases/run_rules", "usecases/reprocess_rules", "usecases/import_orders"),
    ),
    Rule(
        17,
        "Broken rules",
        "A rule that cannot be understood is refused when it is saved; one that breaks later is "
        "skipped alone and named.",
        "One broken rule must not stop the others, nor do half of what it says.",
        "primetui rules list names it and why; edit or remove it.",
        ("domain/rules/check", "usecases/run_rules", "usecases/manage_rules"),
    ),
    Rule(
        18,
        "Fresh look",
        "Right before a purchase the order is read again: status, wish to cancel, address, "
        "packages. Where that fails, nothing is bought.",
        "A label for a cancelled order, or to an old address, is money lost.",
        "Fetch the rates again and choose; on a failure try again later.",
        ("domain/violations/order", "usecases/purchase_label", "usecases/label_sources"),
    ),
    Rule(
        19,
        "Rithum's life of an order",
        "An order is committed here and only then acknowledged to Rithum. A label is told to it "
        "once, in silence where Amazon knows already; a carrier it does not know waits for a "
        "mapping.",
        "An acknowledged order is not offered again: acknowledged first, it could be lost.",
        "primetui confirm --list names what wants a mapping; primetui stores map STORE gives it.",
        ("domain/notice", "usecases/map_carrier_class", "usecases/import_orders"),
    ),
    Rule(
        20,
        "Amazon Shipping is not Buy Shipping",
        "They are two sources of labels: a refusal for lateness holds for both, the limits on "
        "papers, packages and notices for Buy Shipping alone.",
        "Buy Shipping sells many carriers' labels for Amazon's orders; Amazon Shipping is one "
        "carrier, for any shop's parcels.",
        "primetui stores edit STORE --connect amazon-shipping (US and UK).",
        ("domain/rate", "domain/store", "usecases/label_sources"),
    ),
    Rule(
        21,
        "Buy once",
        "An order has at most one live label, whatever is pressed, killed, unplugged or timed out. "
        "The intent is on disk before the call; an unknown outcome blocks a second purchase.",
        "A second label costs money and sends a second parcel.",
        "primetui reconcile settles what is unknown, or takes what you saw with your own eyes.",
        ("domain/label", "usecases/purchase_label", "usecases/reconcile_purchases"),
    ),
    Rule(
        22,
        "Fail closed",
        "An unknown program, word, date or demand crashes no import and loses no order; it blocks "
        "buying, in words.",
        "What nobody here understands may be a demand that would be broken.",
        "Update PrimeTUI; until then ship the order in Seller Central.",
        ("domain/order", "domain/violations/order", "domain/order_file"),
    ),
    Rule(
        23,
        "Amazon's policy",
        "Each merchant brings an app of their own. Who the buyer is lies encrypted, is written to "
        "no log and is erased 30 days after delivery, labels with it; the order goes after 18 "
        "months, the audit log names nobody.",
        "Amazon's data protection policy demands it, and so does respect for the buyers.",
        "primetui doctor says what an installation lacks; primetui forget --due erases what is due.",
        ("domain/retention", "usecases/forget_buyers", "usecases/purge_orders"),
    ),
)
"""Every rule, in the order of their numbers."""


def explained(word: str) -> Rule | type[Violation]:
    """Find a rule by its number, or a violation by its code; ConfigError names the nearest."""
    wanted = word.strip().upper()
    known: dict[str, Rule | type[Violation]] = {rule.code: rule for rule in RULES}
    known |= {kind.code: kind for kind in CATALOGUE}
    if wanted in known:
        return known[wanted]
    near = get_close_matches(wanted, known, n=1)
    hint = f"Do you mean {near[0]}?" if near else "Rules are R1 to R23, codes such as PRM201."
    raise ConfigError(f"{word!r} is neither a rule nor a violation code. {hint}")
