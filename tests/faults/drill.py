"""One drill: a crew at work, a fault, its end, and what must hold afterwards."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.crew import Crew, Member, everybody
from tests.faults.stage import Stage
from tests.server_process import wait_for

Heal = Callable[[], None]
"""Ends a fault: the part is back, as a supervisor or an operator would bring it back."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`begin` hurts something and returns what heals it. `destroys`: memory of a part is gone, so that clients are held off until the
    disk has been compared with what they were told: otherwise they would bring back what was lost."""

    title: str
    begin: Callable[["Scene"], Heal]
    destroys: bool = False
    hold_s: float = 1.0
    """How long it lasts in a short run."""
    long_hold_s: float = 5.0
    """How long it lasts in a soak."""
    members: Callable[[int], list[Member]] = everybody
    is_invisible: bool = False
    """Nobody may notice: no refusal, no notice that saving has stopped."""
    log_may_say: tuple[str, ...] = ()
    """What of the level `error` the fault rightly makes the nodes log."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a fault may touch."""

    stage: Stage
    crew: Crew
    chance: random.Random


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one drill; `recovered_s` is from the end of the fault until everyone's newest edit was acknowledged."""

    title: str
    acknowledged: int
    lost: int
    recovered_s: float


def run_drill(stage: Stage, fault: Fault, seed: int, *, hold_s: float | None = None) -> Outcome:
    """Raises AssertionError for whatever does not hold, with the seed."""
    chance = random.Random(seed)
    try:
        return _run(stage, fault, chance, fault.hold_s if hold_s is None else hold_s)
    except AssertionError as error:
        raise AssertionError(f"{fault.title}, seed {seed}: {error}") from error


def _run(stage: Stage, fault: Fault, chance: random.Random, hold_s: float) -> Outcome:
    stage.new_errors()
    with Crew(stage, fault.members(len(stage.doors)), chance) as crew:
        before = crew.count_promised()
        wait_for("the crew to be at work", lambda: crew.count_promised() > before + chance.randrange(5, 25), timeout_s=60)
        heal = fault.begin(Scene(stage, crew, chance))
        if fault.destroys:
            stage.cut_clients()
        promised = crew.promised()
        until = time.monotonic() + hold_s
        wait_for("the fault to have lasted", lambda: time.monotonic() >= until, timeout_s=hold_s + 60)
        began = time.monotonic()
        heal()
        stage.start_nodes()
        lost = crew.lost(promised)
        stage.heal_clients()
        crew.wait_for_saved_anew()
        recovered_s = time.monotonic() - began
        lost |= crew.lost(crew.promised())
        seen = crew.visible_errors() if fault.is_invisible else []
        crew.finish()
        acknowledged = crew.count_promised()
    assert not lost, f"told to be saved and gone: {sorted(lost)}"
    assert not seen, f"people saw: {seen}"
    errors = [line for line in stage.new_errors() if not any(said in line for said in fault.log_may_say)]
    assert not errors, "\n".join(errors[:10])
    assert "Everything is as it was written." in stage.nodes[0].run_command("verify")
    return Outcome(fault.title, acknowledged, len(lost), recovered_s)
