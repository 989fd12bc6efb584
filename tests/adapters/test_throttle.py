import threading

import pytest

from primetui.adapters.throttle import Limit, Pace, Throttle
from primetui.errors import Throttled
from tests.adapters.amazon.made import FakePace

LIMITS = {"read": Limit(per_second=0.5, burst=2, patience_seconds=10)}


@pytest.fixture
def time() -> FakePace:
    """Give time that passes at once."""
    return FakePace()


@pytest.fixture
def throttle(time: FakePace) -> Throttle:
    """Give a throttle for two reads at once and one more every two seconds."""
    return Throttle("Amazon", LIMITS, time.pace())


def test_a_burst_goes_through_and_the_next_waits_its_turn(
    throttle: Throttle, time: FakePace
) -> None:
    """As many calls as the burst go at once; after that each waits for the rate."""
    for _ in range(4):
        throttle.wait("read")

    assert [2.0, 2.0] == time.pauses


@pytest.mark.parametrize("burst", [1, 2, 3])
def test_slack_shifts_calls_and_costs_nothing_of_the_rate(time: FakePace, burst: int) -> None:
    """The first call at the edge waits a little longer; from then on they go at the full rate."""
    limits = {"read": Limit(per_second=0.5, burst=burst, patience_seconds=10)}
    throttle = Throttle("Amazon", limits, time.pace(), slack_seconds=0.25)

    for _ in range(burst + 3):
        throttle.wait("read")

    assert [0.25, 2.0, 2.0, 2.0] == time.pauses


def test_time_that_passed_is_counted_up_to_the_burst(throttle: Throttle, time: FakePace) -> None:
    """An idle hour allows a burst again, and no more than that."""
    for _ in range(2):
        throttle.wait("read")
    time.seconds += 3600

    for _ in range(3):
        throttle.wait("read")

    assert [2.0] == time.pauses


def test_too_long_a_wait_is_said_and_takes_nothing(throttle: Throttle, time: FakePace) -> None:
    """Beyond its patience a call is refused with the seconds to wait, and uses up no turn."""
    throttle.wait("read")
    throttle.refused("read", "11")

    for _ in range(3):
        with pytest.raises(Throttled) as refused:
            throttle.wait("read")
        assert 11.0 == refused.value.retry_after_seconds
    assert [] == time.pauses

    time.seconds += 11
    throttle.wait("read")
    assert [] == time.pauses


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("0.25", 4.0),
        ("2.0", 0.5),
        ("0", 2.0),
        ("-1", 2.0),
        ("nan", 2.0),
        ("inf", 2.0),
        ("fast", 2.0),
        ("", 2.0),
        (None, 2.0),
        ("99999", 2.0),
    ],
)
def test_the_limit_in_an_answer_beats_the_table(
    throttle: Throttle, time: FakePace, header: str | None, pause: float
) -> None:
    """A stated limit is believed if it makes sense."""
    throttle.learn("read", header)
    for _ in range(3):
        throttle.wait("read")

    assert [pause] == time.pauses


@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("7", 7.0), ("0", 0.0), (None, 2.0), ("soon", 2.0), ("-3", 2.0)],
)
def test_a_refusal_is_honoured_for_every_caller(
    throttle: Throttle, time: FakePace, retry_after: str | None, seconds: float
) -> None:
    """After a 429 nobody calls before the server's wish, or one turn at our rate, is over."""
    error = throttle.refused("read", retry_after)
    throttle.wait("read")

    assert seconds == error.retry_after_seconds
    assert ([seconds] if seconds else []) == time.pauses


def test_what_has_no_limit_is_never_held_up(throttle: Throttle, time: FakePace) -> None:
    """An operation without a documented limit passes; a refusal of it still says how long."""
    for _ in range(1000):
        throttle.wait("other")

    assert [] == time.pauses
    assert 5.0 == throttle.refused("other", "5").retry_after_seconds
    assert 1.0 == throttle.refused("other", None).retry_after_seconds


def test_threads_never_share_a_turn() -> None:
    """Of many threads, no two are promised the same moment."""
    pauses: list[float] = []
    lock = threading.Lock()

    def pause(seconds: float) -> None:
        with lock:
            pauses.append(seconds)

    limits = {"read": Limit(per_second=1.0, burst=1, patience_seconds=1000)}
    throttle = Throttle("Amazon", limits, Pace(monotonic=lambda: 0.0, pause=pause))
    threads = [threading.Thread(target=throttle.wait, args=("read",)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [float(n) for n in range(1, 20)] == sorted(pauses)


def test_the_message_names_service_operation_and_seconds(throttle: Throttle) -> None:
    """A person reads whom to wait for and how long."""
    assert "Amazon asks for a pause before the next read: try again in 7 s." == str(
        throttle.refused("read", "6.2")
    )


def test_an_absurd_pause_does_not_block_an_operation_for_ever() -> None:
    """A Retry-After of ten years is waited for an hour, not until the program is started anew."""
    throttle = Throttle("Amazon", {"getOrder": Limit(per_second=0.5, burst=30)})

    said = throttle.refused("getOrder", "315360000")

    assert 3600.0 == said.retry_after_seconds
