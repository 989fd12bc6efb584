"""Stores and account are changed by what is typed: what does not fit changes nothing."""

from datetime import timedelta
from typing import Any

import pytest

from primetui.domain.store import Account, Store
from primetui.errors import ConfigError
from primetui.usecases.manage_stores import StoreChanges, edit_store, find_store, set_account
from tests.shop import Shop

BAD_NAMES = [
    ("", "blank"),
    (" \t\n", "blank"),
    ("a\x1b[31m", "cannot be shown"),
    ("a\nb", "cannot be shown"),
    ("a\u202eb", "cannot be shown"),
    ("a" * 81, "81 characters"),
]


def kept(shop: Shop) -> tuple[Account, tuple[Store, ...]]:
    """Read everything these verbs may change."""
    return shop.desk.repository.account(), shop.desk.repository.stores()


@pytest.mark.parametrize(("name", "words"), BAD_NAMES)
def test_a_name_nobody_can_read_or_type_is_refused_by_an_edit(
    shop: Shop, name: str, words: str
) -> None:
    """The field is named, every store can still be read, and nothing was changed."""
    before = kept(shop)

    with pytest.raises(ConfigError, match=f"^name: .*{words}"):
        edit_store(shop.desk, before[1][0].id, StoreChanges(name=name, active=False))

    assert before == kept(shop)


@pytest.mark.parametrize(("name", "words"), BAD_NAMES)
def test_a_name_nobody_can_read_or_type_is_refused_for_a_new_store(
    empty_shop: Shop, name: str, words: str
) -> None:
    """Nothing is asked of the marketplace, and no secret is kept."""
    with pytest.raises(ConfigError, match=f"^name: .*{words}"):
        empty_shop.connect(name=name)

    assert () == empty_shop.desk.repository.stores()
    assert 0 == empty_shop.calls("getMarketplaceParticipations")


@pytest.mark.parametrize("change", [str, str.upper, "  {}  ".format])
def test_a_name_that_leads_to_another_store_is_refused(shop: Shop, change: Any) -> None:
    """Whatever its case and the blanks around it; its own name a store may write anew."""
    first, second = shop.desk.repository.stores()

    for taken in (second.name, second.id):
        with pytest.raises(ConfigError, match=r"^name: there is a store named"):
            edit_store(shop.desk, first.id, StoreChanges(name=change(taken)))
    own = edit_store(shop.desk, first.id, StoreChanges(name=change(first.name)))

    assert change(first.name).strip() == own.name
    assert own == find_store(shop.desk, first.name)


def test_the_longest_name_is_kept_without_the_blanks_around_it(shop: Shop) -> None:
    """Eighty letters of any script are a name."""
    first = shop.desk.repository.stores()[0]

    edited = edit_store(shop.desk, first.id, StoreChanges(name=f" {'é' * 80} "))

    assert "é" * 80 == edited.name
    assert edited in shop.desk.repository.stores()


def test_connecting_a_store_again_leads_to_renewing_its_credentials(shop: Shop) -> None:
    """The command is there to be copied; it is not offered for another marketplace's store."""
    first, second = shop.desk.repository.stores()
    command = f"primetui stores edit '{first.name}' --credentials FILE"

    with pytest.raises(ConfigError) as same:
        shop.connect()
    with pytest.raises(ConfigError) as other:
        shop.connect(name=first.name, marketplace_id=second.marketplace_id)

    assert command in str(same.value)
    assert command not in str(other.value)


def test_a_delay_below_zero_is_named(shop: Shop) -> None:
    """What a type cannot hold is refused by its field's name."""
    first = shop.desk.repository.stores()[0]

    with pytest.raises(ConfigError, match=r"^notify_after: "):
        edit_store(shop.desk, first.id, StoreChanges(notify_after=timedelta(seconds=-1)))

    assert first == shop.desk.repository.store(first.id)


@pytest.mark.parametrize(
    ("typed", "country"), [("US", "US"), ("gb", "GB"), ("UK", "GB"), (" uk ", "GB"), ("de", "DE")]
)
def test_R4_the_country_is_kept_as_its_two_letters(shop: Shop, typed: str, country: str) -> None:
    """R4: it decides which carriers may be connected, so the United Kingdom has one spelling."""
    assert country == set_account(shop.desk, typed, "Europe/London").country
    assert country == shop.desk.repository.account().country


@pytest.mark.parametrize(
    ("country", "zone", "field"),
    [
        ("x<>", "Europe/London", "country"),
        ("", "Europe/London", "country"),
        ("U", "Europe/London", "country"),
        ("USA", "Europe/London", "country"),
        ("ÜS", "Europe/London", "country"),
        ("ß", "Europe/London", "country"),
        ("U\n", "Europe/London", "country"),
        ("US", "Europe/Nowhere", "time_zone"),
    ],
)
def test_an_account_that_is_nowhere_is_refused(
    shop: Shop, country: str, zone: str, field: str
) -> None:
    """The field is named, and the account stays as it was."""
    before = kept(shop)

    with pytest.raises(ConfigError, match=f"^{field}: "):
        set_account(shop.desk, country, zone)

    assert before == kept(shop)
