"""Whose Amazon credentials buy for a Rithum order, and the reasons why nobody's do."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from primetui.domain.branding import BrandingEmail, Challenge
from primetui.domain.clearance import Refusal
from primetui.domain.lending import (
    Because,
    BothActive,
    Idle,
    LenderChanged,
    Lent,
    RithumOrigin,
    lender,
    lender_change,
    newest_amazon,
    store_warnings,
)
from primetui.domain.store import Account, AmazonAccountId, Store, StoreId, StoreKind
from tests.domain.made import store

US, UK = "ATVPDKIKX0DER", "A1F83G8C2ARO7P"
DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PROVEN = BrandingEmail(address="shipping@example.com", verified_at=DAY)
SENT = BrandingEmail(
    address="shipping@example.com", challenge=Challenge(salt="s", digest="d", sent_at=DAY)
)


def amazon(name: str, created_at: datetime = DAY, **changes: Any) -> Store:
    """Make an Amazon store whose branding e-mail is proven."""
    given: dict[str, Any] = {"id": StoreId(name), "name": name, "branding": PROVEN}
    return store(**given | {"created_at": created_at} | changes)


def rithum(**changes: Any) -> Store:
    """Make a Rithum store."""
    given = {"id": StoreId("r"), "name": "R", "kind": StoreKind.RITHUM, "marketplace_id": ""}
    return store(**given | changes)


def sold(account: str = "77", marketplace_id: str = US, site: str = "Amazon US") -> RithumOrigin:
    """Make what a Rithum order tells of its seller."""
    return RithumOrigin(AmazonAccountId(account), marketplace_id, site)


def chosen(**lending: str) -> Account:
    """Make an account whose Amazon accounts (`a77=…`) have a chosen store."""
    return Account(
        lending={AmazonAccountId(name[1:]): StoreId(one) for name, one in lending.items()}
    )


def refused(answer: Lent | Refusal) -> dict[str, dict[str, object]]:
    """Give the codes of a refusal with their facts."""
    assert isinstance(answer, Refusal), answer
    return {x.code: dict(x.facts()) for x in answer.violations}


A, B = amazon("a", DAY), amazon("b", DAY + SECOND)


@pytest.mark.parametrize(
    ("stores", "name", "because"),
    [
        ([A], "a", Because.NEWEST),
        ([A, B], "b", Because.NEWEST),
        ([B, A], "b", Because.NEWEST),
        ([A, amazon("b", DAY + SECOND, active=False)], "b", Because.NEWEST),
        ([amazon("b", DAY), A], "b", Because.NEWEST_BY_ID),
        ([A, amazon("b", DAY), amazon("c", DAY - SECOND)], "b", Because.NEWEST_BY_ID),
        ([A, amazon("b", DAY), amazon("c", DAY + SECOND)], "c", Because.NEWEST),
        ([B, amazon("a", DAY, connected_at=DAY + 9 * SECOND)], "b", Because.NEWEST),
        ([A, amazon("b", DAY - SECOND, secret_renewed_at=DAY + SECOND)], "a", Because.NEWEST),
        ([A, rithum(created_at=DAY + 9 * SECOND)], "a", Because.NEWEST),
        (
            [A, amazon("m", DAY + 9 * SECOND, kind=StoreKind.MANUAL, marketplace_id="")],
            "a",
            Because.NEWEST,
        ),
    ],
)
def test_R11_the_amazon_store_created_last_lends(
    stores: list[Store], name: str, because: Because
) -> None:
    """R11: created, not authorised; active or not; of twins the one with the highest id."""
    answer = lender(sold(), stores, Account())

    assert isinstance(answer, Lent)
    assert (name, because) == (answer.store.id, answer.because)


@pytest.mark.parametrize("stores", [[], [rithum()]])
def test_R11_without_an_amazon_store_nobody_lends(stores: list[Store]) -> None:
    """R11: a Rithum store's own credentials buy nothing of Amazon's."""
    assert {"PRM501": {"why": "none is connected"}} == refused(lender(sold(), stores, Account()))


def test_R11_another_marketplace_is_another_account_and_both_are_named() -> None:
    """R11: the store created last is a British one, the order was sold in the United States."""
    british = amazon("UK shop", DAY + SECOND, marketplace_id=UK)

    found = refused(lender(sold(), [A, british], Account()))

    facts = {
        "sold_by": "Amazon account 77 on Amazon US",
        "lender": "UK shop",
        "lender_is": f"a store of marketplace {UK}",
    }
    assert {"PRM502": facts} == found


def test_R11_a_store_chosen_for_another_account_is_not_this_accounts() -> None:
    """R11: what the merchant said of one Amazon account tells that it is not the other one."""
    found = refused(lender(sold("77"), [A, B], chosen(a88="b", a99="b", a55="a")))

    assert "Amazon account 88, 99" == found["PRM502"]["lender_is"]


@pytest.mark.parametrize("account", ["88", "99"])
def test_R11_a_choice_lets_one_store_lend_to_several_accounts(account: str) -> None:
    """R11: one seller may have an Amazon account on each site."""
    answer = lender(sold(account, UK), [A, B], chosen(a88="a", a99="a"))

    assert Lent(A, Because.CHOSEN) == answer


@pytest.mark.parametrize(
    "origin", [sold(), sold(marketplace_id=UK), sold(marketplace_id=""), sold(site="")]
)
@pytest.mark.parametrize("active", [True, False])
def test_R11_a_choice_wins_over_the_store_created_last(origin: RithumOrigin, active: bool) -> None:  # noqa: FBT001 - a row of a table
    """R11: whatever the sites say, and whether the store is active or not."""
    old = amazon("a", DAY, active=active)

    assert Lent(old, Because.CHOSEN) == lender(origin, [old, B], chosen(a77="a"))


@pytest.mark.parametrize("others", [[A, B], [A, rithum()], []])
def test_R11_a_chosen_store_that_was_removed_lends_no_more(others: list[Store]) -> None:
    """R11: nobody takes its place in silence; a Rithum store under its id does not either."""
    for gone in ("gone", "r"):
        found = refused(lender(sold(), others, chosen(a77=gone)))

        assert {"PRM501": {"why": "the one chosen for Amazon account 77 was removed"}} == found


@pytest.mark.parametrize(
    ("origin", "missing"),
    [
        (sold(account=""), ["Amazon account"]),
        (sold(marketplace_id=""), ["site of Amazon's"]),
        (sold(account="", marketplace_id=""), ["Amazon account", "site of Amazon's"]),
    ],
)
def test_R11_an_order_that_does_not_name_its_seller_is_refused(
    origin: RithumOrigin, missing: list[str]
) -> None:
    """R11: what is not told is not guessed, not even with one store."""
    answer = lender(origin, [A], Account())

    assert isinstance(answer, Refusal)
    assert [("PRM503", word) for word in missing] == [
        (x.code, x.facts()["missing"]) for x in answer.violations
    ]


def test_R11_an_unknown_account_on_another_site_is_both() -> None:
    """R11: all reasons come at once."""
    british = amazon("b", marketplace_id=UK)

    assert {"PRM502", "PRM503"} == set(refused(lender(sold(account=""), [british], Account())))


def test_R11_an_unknown_account_has_no_choice() -> None:
    """R11: a blank is no account that a store could have been chosen for."""
    lending = Account(lending={AmazonAccountId(""): A.id})

    assert {"PRM503"} == set(refused(lender(sold(account=""), [A], lending)))


@pytest.mark.parametrize(
    ("branding", "code"),
    [
        (None, "PRM504"),
        (BrandingEmail(address="a@b.cc"), "PRM505"),
        (SENT, "PRM505"),
        (PROVEN, None),
    ],
)
def test_R12_the_lenders_branding_email_must_be_verified(
    branding: BrandingEmail | None, code: str | None
) -> None:
    """R12: the lending store's own, not some other's; chosen or created last alike."""
    for stores, account in (([A, B], Account()), ([B, A], chosen(a77="b"))):
        changed = [
            one.model_copy(update={"branding": branding}) if one is B else one for one in stores
        ]
        answer = lender(sold(), changed, account)

        if code is None:
            assert isinstance(answer, Lent)
        else:
            assert {code: {"store": "b"}} == refused(answer)


def test_R12_another_stores_email_is_not_asked_for() -> None:
    """R12: an unproven address of a store that lends nothing stops nothing."""
    unproven = amazon("a", branding=None)

    assert isinstance(lender(sold(), [unproven, B], Account()), Lent)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([A, rithum()], [A, B, rithum()], (A, B)),
        ([A, B, rithum()], [A, rithum()], (B, A)),
        ([A, B, rithum()], [B, rithum()], None),
        ([B, rithum()], [A, B, rithum()], None),
        ([A], [A, B], None),
        ([rithum()], [A, rithum()], (None, A)),
        ([A, rithum()], [rithum()], (A, None)),
        ([A], [A, rithum()], None),
        ([B, rithum()], [B, amazon("c", DAY + SECOND), rithum()], (B, "c")),
        ([B, rithum()], [B, amazon("a0", DAY + SECOND), rithum()], None),
    ],
)
def test_R11_a_store_that_changes_who_lends_is_told(
    before: list[Store], after: list[Store], expected: tuple[Any, Any] | None
) -> None:
    """R11: which store lends before and after; without Rithum nobody asks."""
    change = lender_change(before, after)

    if expected is None:
        assert change is None
    else:
        assert isinstance(change, LenderChanged)
        named = tuple(one and one.id for one in (change.before, change.after))
        assert tuple(getattr(one, "id", one) for one in expected) == named


@pytest.mark.parametrize(
    ("stores", "account", "expected"),
    [
        ([A], Account(), []),
        ([A, rithum()], Account(), [BothActive(A, rithum())]),
        ([A, B, rithum()], Account(), [BothActive(A, rithum()), BothActive(B, rithum())]),
        ([A, rithum(active=False)], Account(), []),
        ([amazon("a", active=False), rithum()], Account(), []),
        ([amazon("a", active=False)], Account(), [Idle(amazon("a", active=False))]),
        (
            [amazon("a", active=False), amazon("b", DAY + SECOND, active=False), rithum()],
            Account(),
            [Idle(amazon("a", active=False))],
        ),
        (
            [amazon("a", active=False), amazon("b", DAY + SECOND, active=False), rithum()],
            chosen(a77="a"),
            [],
        ),
        ([rithum(active=False)], Account(), []),
    ],
)
def test_R13_what_looks_like_a_mistake_is_warned_of(
    stores: list[Store], account: Account, expected: list[object]
) -> None:
    """R13: two sources of the same orders, or an inactive store that lends to nobody."""
    assert tuple(expected) == store_warnings(stores, account)


def test_R13_an_inactive_store_lends_all_the_same() -> None:
    """R13: it imports nothing, and its credentials are still the newest."""
    asleep = amazon("b", DAY + SECOND, active=False)

    assert Lent(asleep, Because.NEWEST) == newest_amazon([A, asleep])
