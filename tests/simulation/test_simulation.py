"""Buy once, whatever happens: the whole desk under a storm (R6, R10, R18, R21)."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.postgres import cluster
from tests.simulation.machine import Buying, BuyingOnPostgres, BuyingOverHttp


def profile(examples: int, steps: int) -> settings:
    """Run so many towns for so many steps each, the same ones in every run."""
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        phases=(Phase.generate,),  # run_long.py --shrink looks for the shortest way
        suppress_health_check=list(HealthCheck),
    )


def test_R21_no_label_is_bought_twice_lost_or_invented() -> None:
    """Presses, deaths, faults, time, voids and cancellations in any order: journal and truth agree."""
    run_state_machine_as_test(Buying, settings=profile(60, 35))


def test_R21_nor_over_sockets() -> None:
    """The same with a server of its own and every byte through the kernel."""
    run_state_machine_as_test(BuyingOverHttp, settings=profile(6, 20))


def test_R21_nor_with_the_documents_on_postgres() -> None:
    """The same on the other store: its transactions, leases and lost sessions are as good."""
    cluster()
    run_state_machine_as_test(BuyingOnPostgres, settings=profile(8, 25))
