"""A short round of faults against a real cluster of two nodes; `make soak` is the long one. Rules: P1, P7, P8, P10."""

import random
import sys
from collections.abc import Iterator

import pytest

from tests.faults import catalogue
from tests.faults.catalogue import FAULTS, ON_SQLITE
from tests.faults.drill import Fault, run_drill
from tests.faults.stage import Stage, cluster_stage, single_stage

pytestmark = [pytest.mark.services, pytest.mark.slow]

SHORT = (
    catalogue.kill_a_node,
    catalogue.kill_all_nodes,
    catalogue.kill_redis,
    catalogue.kill_postgres,
    catalogue.freeze_a_node,
    catalogue.flush_redis,
    catalogue.cut_from_redis,
    catalogue.cut_from_postgres,
    catalogue.hostile_client,
    catalogue.rolling_restart,
    catalogue.upgrade_process_by_process,
)
"""What fits into a few minutes; the rest is for `make soak`."""


def named(fault: Fault) -> str:
    return fault.begin.__name__


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with cluster_stage(tmp_path_factory.mktemp("cluster")) as stage:
        yield stage


@pytest.fixture(scope="module")
def single(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with single_stage(tmp_path_factory.mktemp("single")) as stage:
        yield stage


def drill(stage: Stage, fault: Fault) -> None:
    seed = random.randrange(1_000_000)
    sys.stdout.write(f"seed {seed}\n")  # shown by pytest when it fails
    outcome = run_drill(stage, fault, seed)
    assert outcome.acknowledged > 0


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.begin in SHORT], ids=named)
def test_P1_P7_what_was_acknowledged_outlives_a_fault_of_the_cluster(cluster: Stage, fault: Fault) -> None:
    drill(cluster, fault)


@pytest.mark.parametrize("fault", ON_SQLITE, ids=named)
def test_P1_what_was_acknowledged_outlives_a_fault_of_one_process(single: Stage, fault: Fault) -> None:
    drill(single, fault)
