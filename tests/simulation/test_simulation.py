"""Whatever happens between any two steps: one text, nothing promised is lost, nobody writes without the right.

`ZLAHODA_SIMULATION_SEEDS=100000 pytest tests/simulation` runs longer; a failing seed becomes a test of its own below.
"""

import os

import pytest

from tests.simulation.sim import Simulation

SEEDS = int(os.environ.get("ZLAHODA_SIMULATION_SEEDS", "2000"))  # noqa: TID251 - a longer run by command
CHUNK = 100


@pytest.mark.parametrize("start", range(0, SEEDS, CHUNK))
def test_P1_P3_P6_hold_whatever_happens(start: int) -> None:
    for seed in range(start, min(start + CHUNK, SEEDS)):
        try:
            Simulation(seed).run()
        except Exception as error:
            raise AssertionError(f"seed {seed}: {error}") from error


@pytest.mark.parametrize("seed", [13, 46])
def test_P5_an_author_is_known_when_a_batch_is_taken_again_before_the_ledger_is_built(seed: int) -> None:
    Simulation(seed).run()
