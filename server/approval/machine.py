"""May an act move now? The table of the policy answers, from facts the service has found. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from server.approval.policy import Need, Policy, Transition, Verb, Who


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a person is told, in both languages."""

    uk: str
    en: str


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an act stands: its state, and the procedure it is under."""

    state: str
    procedure: str


@dataclass(frozen=True, slots=True)
class Moved:
    """It may: where it stands afterwards, and by which line of the table."""

    stand: Stand
    line: Transition


@dataclass(frozen=True, slots=True)
class Stays:
    """It may not, and why. `rule`: `sealed`, `final`, `state`, `who`, or the need that is not met."""

    rule: str
    why: Sentence


def step(policy: Policy, stand: Stand, verb: Verb, who: Collection[Who], unmet: Mapping[Need, Sentence]) -> Moved | Stays:
    """The act after the verb, or why it stays. `unmet` holds the needs that are not met now; only those that the line names count."""
    state = policy.states[stand.state]
    line = policy.procedures[stand.procedure].find(stand.state, verb)
    if line is None:
        return _not_here(policy, stand, verb)
    if not set(who) & set(line.by):
        return Stays("who", Sentence("Цей крок робить хтось інший.", "This step is somebody else's."))
    for need in line.needs:
        if need in unmet:
            return Stays(need.value, unmet[need])
    if state.sealed and not policy.states[line.target].sealed:
        return Stays("sealed", SEALED)  # the file is checked for this at start-up (F7); nothing depends on that alone
    return Moved(Stand(line.target, line.procedure or stand.procedure), line)


def steps(policy: Policy, stand: Stand, who: Collection[Who]) -> list[Transition]:
    """The lines that these people may use in this state, met or not: what the page offers."""
    return [line for line in policy.procedures[stand.procedure].leaving(stand.state) if set(who) & set(line.by)]


SEALED = Sentence(
    "Акт підписано й опечатано: він більше не змінюється, навіть кома.",
    "The act is signed and sealed: it no longer changes, not even a comma.",
)


def _not_here(policy: Policy, stand: Stand, verb: Verb) -> Stays:
    state = policy.states[stand.state]
    if state.sealed:
        return Stays("sealed", SEALED)
    if state.final:
        return Stays("final", Sentence(f"Роботу над актом завершено: «{state.uk}».", f'Work on the act has ended: "{state.en}".'))
    return Stays(
        "state",
        Sentence(
            f"У стані «{state.uk}» цей крок не передбачено ({verb.value}).",
            f'In the state "{state.en}" there is no such step ({verb.value}).',
        ),
    )
