"""A branding e-mail is set, sent a code through a real mail server, and verified by it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from primetui.adapters.machine.mail import SmtpMailer
from primetui.domain.branding import BrandingEmail, CodeAnswer, EmailState
from primetui.domain.store import Store, StoreKind
from primetui.errors import ConfigError, NoAnswer, PrimeTUIError, Rejected
from primetui.ports import Desk
from primetui.usecases.manage_stores import add_manual_store
from primetui.usecases.verify_email import send_confirmation, set_email, verify_code
from tests.mail_server import Mailbox, mail_server, scripted_server, smtp_to
from tests.shop import Shop

ADDRESS = "shipping@example.com"


@dataclass
class Post:
    """A shop whose desk can send messages, and the mailbox they come to."""

    shop: Shop
    desk: Desk
    box: Mailbox

    def stores(self) -> tuple[Store, ...]:
        """Read the stores."""
        return self.desk.repository.stores()

    def waiting(self, address: str = ADDRESS) -> Store:
        """Set an address and send a code to it."""
        store = set_email(self.desk, self.stores()[0].id, address)
        self.shop.clock.advance(minutes=2)
        return send_confirmation(self.desk, store.id)

    def states(self) -> list[EmailState | None]:
        """Tell how far each store's address is."""
        return [store.branding.state if store.branding else None for store in self.stores()]


@pytest.fixture
def post(shop: Shop, tmp_path: Path) -> Iterator[Post]:
    """Open a shop beside a mail server."""
    with mail_server() as box:
        yield Post(shop, with_mail(shop, box.port, tmp_path), box)


def with_mail(shop: Shop, port: int, folder: Path, **changes: Any) -> Desk:
    """Give a shop's desk a mail server."""
    smtp = smtp_to(port, folder / "none", **changes)
    return replace(shop.desk, mailer=SmtpMailer(smtp, shop.clock))


@contextmanager
def nothing_changes(post: Post) -> Iterator[None]:
    """Expect all stores to stay as they are."""
    before = post.stores()
    yield
    assert before == post.stores()


def test_R12_the_code_from_the_mailbox_verifies(post: Post) -> None:
    """R12: set, sent, typed; who did what is in the audit log, without address or code."""
    store = post.waiting()
    assert EmailState.SENT is (store.branding and store.branding.state)
    code = post.box.last_code()

    kept, answer = verify_code(post.desk, store.id, code)

    assert CodeAnswer.RIGHT is answer
    assert [EmailState.VERIFIED, None] == post.states()
    assert kept.branding is not None
    assert post.shop.clock.now() == kept.branding.verified_at
    assert [ADDRESS] == post.box.receivers
    log = [entry for entry in post.desk.repository.audit() if entry.order_id is None]
    assert ["branding e-mail set", "confirmation message sent", "branding e-mail verified"] == [
        entry.action for entry in log if "e-mail" in entry.action or "message" in entry.action
    ]
    assert not any(ADDRESS in entry.detail or code in entry.detail for entry in log)


def test_R12_only_the_last_code_is_taken(post: Post) -> None:
    """R12: another message brings another code, and five more attempts."""
    store = post.waiting()
    first = post.box.last_code()
    for _ in range(5):
        assert CodeAnswer.WRONG is verify_code(post.desk, store.id, "WRONG")[1]
    assert CodeAnswer.TOO_MANY is verify_code(post.desk, store.id, first)[1]

    post.shop.clock.advance(minutes=1)
    send_confirmation(post.desk, store.id)

    assert first != post.box.last_code()
    assert CodeAnswer.WRONG is verify_code(post.desk, store.id, first)[1]
    assert CodeAnswer.RIGHT is verify_code(post.desk, store.id, post.box.last_code())[1]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(86399, CodeAnswer.RIGHT), (86400, CodeAnswer.RIGHT), (86401, CodeAnswer.EXPIRED)],
)
def test_R12_a_code_is_taken_for_a_day(post: Post, seconds: int, expected: CodeAnswer) -> None:
    """R12: a second before its end, at it, a second after."""
    store = post.waiting()
    post.shop.clock.advance(seconds=seconds)

    assert expected is verify_code(post.desk, store.id, post.box.last_code())[1]


@pytest.mark.parametrize(
    ("address", "state"),
    [
        (ADDRESS, EmailState.VERIFIED),
        (f" {ADDRESS.upper()} ", EmailState.VERIFIED),
        ("other@example.com", EmailState.UNVERIFIED),
    ],
)
def test_R12_another_address_is_unverified(post: Post, address: str, state: EmailState) -> None:
    """R12: the same one written again is no change."""
    store = post.waiting()
    verify_code(post.desk, store.id, post.box.last_code())

    set_email(post.desk, store.id, address)

    assert [state, None] == post.states()


def test_R12_a_code_for_the_address_before_is_worth_nothing(post: Post) -> None:
    """R12: not even when the old address comes back."""
    store = post.waiting()
    code = post.box.last_code()
    set_email(post.desk, store.id, "other@example.com")

    assert CodeAnswer.NOT_SENT is verify_code(post.desk, store.id, code)[1]
    set_email(post.desk, store.id, ADDRESS)
    assert CodeAnswer.NOT_SENT is verify_code(post.desk, store.id, code)[1]


def test_R12_an_address_is_verified_for_the_account(post: Post) -> None:
    """R12: for the store that has it already, and for one that takes it later."""
    first, second = post.stores()
    set_email(post.desk, second.id, ADDRESS.title())
    store = post.waiting()

    verify_code(post.desk, store.id, post.box.last_code())
    assert [EmailState.VERIFIED] * 2 == post.states()

    set_email(post.desk, second.id, "other@example.com")
    assert [EmailState.VERIFIED, EmailState.UNVERIFIED] == post.states()
    set_email(post.desk, second.id, ADDRESS)
    assert [EmailState.VERIFIED] * 2 == post.states()
    assert first.id == store.id


@pytest.mark.parametrize("address", ["", "nobody", "a@b.cc\nBcc: x@y.zz", "Ann <a@b.cc>"])
def test_R12_what_is_no_address_changes_nothing(post: Post, address: str) -> None:
    """R12: the field is named."""
    with nothing_changes(post), pytest.raises(ConfigError, match=r"^e-mail: "):
        set_email(post.desk, post.stores()[0].id, address)


def test_R12_messages_are_a_minute_apart(post: Post) -> None:
    """R12: a key held down fills no mailbox."""
    store = post.waiting()

    for seconds in (0, 59):
        post.shop.clock.advance(seconds=seconds)
        with pytest.raises(ConfigError, match="less than a minute ago"):
            send_confirmation(post.desk, store.id)
    post.shop.clock.advance(seconds=1)
    send_confirmation(post.desk, store.id)

    assert 2 == len(post.box.messages)


def test_R12_a_message_that_was_refused_leaves_the_earlier_code(post: Post) -> None:
    """R12: the server's no is told, and nothing is written down."""
    store = post.waiting()
    code = post.box.last_code()
    post.box.refuses["RCPT"] = "550 no such mailbox"
    post.shop.clock.advance(minutes=1)

    with nothing_changes(post), pytest.raises(Rejected, match="no such mailbox"):
        send_confirmation(post.desk, store.id)

    assert CodeAnswer.RIGHT is verify_code(post.desk, store.id, code)[1]


def test_R12_a_message_that_may_have_arrived_is_waited_for(shop: Shop, tmp_path: Path) -> None:
    """R12: its code must be taken, so it is written down; that it is unknown is told."""
    store = set_email(shop.desk, shop.desk.repository.stores()[0].id, ADDRESS)
    talk = ["220 hello", "250 mail.example", "250 OK", "250 OK", "354 go on"]
    with scripted_server(*talk) as port, pytest.raises(NoAnswer):
        send_confirmation(with_mail(shop, port, tmp_path), store.id)

    kept = shop.desk.repository.stores()[0].branding
    assert EmailState.SENT is (kept and kept.state)


def test_R12_what_cannot_be_sent_says_why(post: Post) -> None:
    """R12: no address, verified already, no server, no Amazon store."""
    first, second = post.stores()
    manual = add_manual_store(post.desk, "By hand")
    post.waiting()
    verify_code(post.desk, first.id, post.box.last_code())

    def send(desk: Desk, store: Store) -> str:
        with nothing_changes(post), pytest.raises(ConfigError) as caught:
            send_confirmation(desk, store.id)
        return str(caught.value)

    assert "is verified already" in send(post.desk, first)
    assert "has no branding e-mail" in send(post.desk, second)
    assert "is not an Amazon store" in send(post.desk, manual)
    set_email(post.desk, second.id, "other@example.com")
    assert "No mail server is set" in send(post.shop.desk, second)
    assert 1 == len(post.box.messages)


@pytest.mark.parametrize("act", [set_email, verify_code])
def test_R12_only_an_amazon_store_has_one(shop: Shop, act: Callable[..., object]) -> None:
    """R12: no other lends anything to a Rithum order."""
    rithum = shop.desk.repository.stores()[0].changed(kind=StoreKind.RITHUM)
    shop.desk.repository.transact(lambda tx: tx.put_store(rithum))

    with pytest.raises(ConfigError, match="is not an Amazon store"):
        act(shop.desk, rithum.id, ADDRESS)


class Meanwhile:
    """Sends a message, and lets something happen while it is on its way."""

    def __init__(self, desk: Desk, happens: Any) -> None:
        self._desk = desk
        self._happens = happens

    def send(self, message: Any) -> None:
        """Send it."""
        self._desk.mailer.send(message)
        self._happens()


def test_R12_an_address_changed_while_the_message_was_on_its_way_stays_changed(post: Post) -> None:
    """R12: the code belongs to the address before."""
    store = set_email(post.desk, post.stores()[0].id, ADDRESS)
    change = Meanwhile(post.desk, lambda: set_email(post.desk, store.id, "other@example.com"))

    with pytest.raises(ConfigError, match="changed meanwhile"):
        send_confirmation(replace(post.desk, mailer=change), store.id)

    assert BrandingEmail(address="other@example.com") == post.stores()[0].branding


def test_R12_an_address_verified_while_the_message_was_on_its_way_stays_so(post: Post) -> None:
    """R12: by an earlier code that another operator typed."""
    store = post.waiting()
    code = post.box.last_code()
    post.shop.clock.advance(minutes=1)
    typed = Meanwhile(post.desk, lambda: verify_code(post.desk, store.id, code))

    send_confirmation(replace(post.desk, mailer=typed), store.id)

    assert [EmailState.VERIFIED, None] == post.states()


def test_R12_a_store_removed_meanwhile_is_told(post: Post) -> None:
    """R12: nothing is set, sent or taken for it."""
    store = post.waiting()
    post.desk.repository.transact(lambda tx: tx.remove_store(store.id))

    for act in (
        lambda: set_email(post.desk, store.id, ADDRESS),
        lambda: send_confirmation(post.desk, store.id),
        lambda: verify_code(post.desk, store.id, "x"),
    ):
        with pytest.raises(PrimeTUIError, match="was removed meanwhile"):
            act()
    assert 1 == len(post.box.messages)
