"""PRM5xx: why Buy Shipping has no credentials for a Rithum order."""

from dataclasses import dataclass
from typing import final

from primetui.domain.violations.base import Violation


@final
@dataclass(frozen=True)
class NoAmazonStore(Violation):
    """Rithum sells no labels of Amazon's: an Amazon store must lend its credentials.

    Any Amazon store will do that holds the account the order was sold by, an inactive one too.
    """

    code = "PRM501"
    rule = "R11"
    message = "No Amazon store can lend its credentials to this Rithum order: {why}."
    remedy = "Connect the Amazon store it was sold by: primetui stores add. It may be inactive."
    why: str


@final
@dataclass(frozen=True)
class OtherAmazonAccount(Violation):
    """Amazon sells a label only to the account that sold the order.

    Without a choice of yours the Amazon store created last lends its credentials. With those of
    another account Amazon would not find the order.
    """

    code = "PRM502"
    rule = "R11"
    message = (
        "The order was sold by {sold_by}; the store that would lend its credentials, {lender}, "
        "is {lender_is}."
    )
    remedy = (
        "Connect the Amazon store it was sold by, or say which one that is: "
        "primetui stores lend STORE --account ACCOUNT."
    )
    sold_by: str
    lender: str
    lender_is: str


@final
@dataclass(frozen=True)
class AmazonAccountUnknown(Violation):
    """A Rithum order that does not name its Amazon account might be anybody's."""

    code = "PRM503"
    rule = "R11"
    message = "Rithum does not say which {missing} the order was sold by."
    remedy = "Import it again; if it stays so, ship it with another carrier or in Seller Central."
    missing: str


@final
@dataclass(frozen=True)
class BrandingEmailMissing(Violation):
    """Amazon asks for the sender's e-mail address with each label for a Rithum order."""

    code = "PRM504"
    rule = "R12"
    message = "The Amazon store {store} has no branding e-mail."
    remedy = (
        "Set it, send the confirmation message, read its code, type it: "
        "primetui stores verify-email STORE --email ADDRESS --send, then --code -."
    )
    store: str


@final
@dataclass(frozen=True)
class BrandingEmailUnverified(Violation):
    """The sender's address goes to Amazon only after a code has proven that it is yours."""

    code = "PRM505"
    rule = "R12"
    message = "The branding e-mail of the Amazon store {store} is not verified."
    remedy = (
        "Send the confirmation message and type its code: "
        "primetui stores verify-email STORE --send, then --code -."
    )
    store: str


@final
@dataclass(frozen=True)
class OfferedToAnotherStore(Violation):
    """A rate is good for the account it was offered to, and for no other.

    Which store lends may change between the offer and the purchase.
    """

    code = "PRM506"
    rule = "R11"
    message = "The rate was offered to another store than {store}, whose credentials buy now."
    remedy = "Fetch its rates again and choose."
    store: str


@final
@dataclass(frozen=True)
class NoLabelSource(Violation):
    """Buy Shipping sells for orders placed on Amazon; what was sold elsewhere needs a carrier.

    Amazon Shipping carries other shops' parcels too, once it is connected.
    """

    code = "PRM507"
    rule = "R20"
    message = "Nobody who sells labels for orders from outside Amazon is connected."
    remedy = (
        "Buy the label elsewhere and record it: primetui label add. Or connect Amazon Shipping "
        "(US and UK): primetui stores edit STORE --connect amazon-shipping."
    )
