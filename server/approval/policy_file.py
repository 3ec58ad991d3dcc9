"""Reads a policy and its calendar; a mistake names file, line and rule (F1 to F14 of docs/spec/approval.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ValidationError

from server.acts.model import act_schema
from server.approval import located
from server.approval.calendar import Calendar, CalendarFile, moved_mistake
from server.approval.located import FileMistake, Located
from server.approval.policy import Policy, Procedure, Transition, Verb
from server.compare.model import Kind
from server.errors import ConfigurationError
from server.resources import SCHEMA_DIR

DEFAULT = "cabinet.json"

_NEEDED_OUTCOMES = ("AGREED", "AGREED_WITH_REMARKS", "REFUSED", "SILENT", "NOT_COMPETENT")
_NEEDED_RESULTS = ("accepted", "partly", "declined", "")
_COLUMNS = {
    "protocol": {"number", "provision", "remark", "answer", "result"},
    "disagreements": {"number", "provision", "remark", "answer", "result"},
    "comparative": {"number", "old", "new", "explanation"},
    "positions": {"number", "body", "position", "revision", "date", "remarks"},
}


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy with its calendar."""

    policy: Policy
    calendar: Calendar


@cache
def default_rules() -> Rules:
    """The Cabinet's."""
    return load(SCHEMA_DIR / "policies" / DEFAULT)


def load(file: Path) -> Rules:
    """Raises ConfigurationError that names the file, the line and the rule."""
    policy = _load_policy(file)
    try:
        zone = ZoneInfo(policy.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise ConfigurationError(f"{file.name}: rule F13: there is no time zone {policy.time_zone!r} on this machine") from None
    return Rules(policy, _load_calendar(file.parent / policy.calendar, zone, policy.day_ends))


def _load_policy(file: Path) -> Policy:
    text = _read(file)
    try:
        return check_policy(text)
    except FileMistake as mistake:
        raise ConfigurationError(f"{file.name}, {mistake}") from None


def _load_calendar(file: Path, zone: ZoneInfo, day_ends: str) -> Calendar:
    text = _read(file)
    try:
        found = Located(text)
        try:
            data = CalendarFile.model_validate(found.value)
        except ValidationError as error:
            raise _shape(found, error) from None
        for number, mistake in moved_mistake(data):
            raise FileMistake(found.line_of(("moved", number)), "F14", mistake)
    except FileMistake as mistake:
        raise ConfigurationError(f"{file.name}, {mistake}") from None
    return Calendar(data, zone, day_ends)


def check_policy(text: str) -> Policy:
    """The policy in a text. Raises FileMistake for the first mistake."""
    found = Located(text)
    try:
        policy = Policy.model_validate(found.value)
    except ValidationError as error:
        raise _shape(found, error) from None
    for path, rule, reason in _mistakes(policy):
        raise FileMistake(found.line_of(path), rule, reason)
    return policy


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file.name}: the policy file cannot be read: {error}") from None


def _shape(found: Located, error: ValidationError) -> FileMistake:
    first = error.errors(include_url=False)[0]
    path = tuple(first["loc"])
    where = " → ".join(str(step) for step in path)
    return FileMistake(found.line_of(path), "F2", f"{where}: {first['msg']}")


Mistake = tuple[located.Path, str, str]


def _mistakes(policy: Policy) -> Iterator[Mistake]:
    yield from _of_names(policy)
    yield from _of_rounds(policy)
    for name, procedure in policy.procedures.items():
        yield from _of_table(policy, name, procedure)
    yield from _of_ways(policy)
    yield from _of_papers(policy)


def _of_names(policy: Policy) -> Iterator[Mistake]:
    if policy.start not in policy.states:
        yield ("start",), "F3", f'there is no state "{policy.start}"'
    for outcome in _NEEDED_OUTCOMES:
        if outcome not in policy.outcomes:
            yield ("outcomes",), "F8", f"the outcome {outcome} has no label"
    for result in _NEEDED_RESULTS:
        if result not in policy.results:
            yield ("results",), "F8", f'the result "{result}" has no label'
    named = [kind for group in ("none", "look", "stale") for kind in getattr(policy.staleness, group)]
    for kind in Kind:
        if kind is not Kind.SAME and named.count(kind.value) != 1:
            yield ("staleness",), "F11", f'the kind of change "{kind.value}" must stand in exactly one of none, look, stale'


def _of_rounds(policy: Policy) -> Iterator[Mistake]:
    for name, rule in policy.rounds.items():
        for number, given in enumerate(rule.classes):
            if given not in policy.deadlines:
                yield ("rounds", name, "classes", number), "F9", f'there is no deadline class "{given}"'
        if rule.usual not in rule.classes:
            yield ("rounds", name, "usual"), "F9", f'the usual class "{rule.usual}" is not one of the classes'
        for number, outcome in enumerate(rule.outcomes):
            if outcome not in policy.outcomes or outcome == "SILENT":
                yield ("rounds", name, "outcomes", number), "F10", f'nobody can state the outcome "{outcome}"'
    for needed in ("approval", "legal"):
        if needed not in policy.rounds:
            yield ("rounds",), "F9", f'there is no kind of round "{needed}"'


def _of_table(policy: Policy, name: str, procedure: Procedure) -> Iterator[Mistake]:
    seen: set[tuple[str, Verb]] = set()
    for number, line in enumerate(procedure.transitions):
        path: located.Path = ("procedures", name, "transitions", number)
        for place, state in enumerate(line.sources):
            if state not in policy.states:
                yield (*path, "from", place), "F3", f'there is no state "{state}"'
            elif policy.states[state].final:
                yield (*path, "from", place), "F5", f'nothing leads out of the final state "{state}"'
            if (state, line.verb) in seen:
                yield (*path, "from", place), "F6", f'"{line.verb}" in the state "{state}" stands in the table twice'
            seen.add((state, line.verb))
        if line.target not in policy.states:
            yield (*path, "to"), "F3", f'there is no state "{line.target}"'
        elif _breaks_seal(policy, line):
            yield (*path, "to"), "F7", f'"{line.verb}" would lead out of the seal, or into it without "seal"'
        if line.procedure and line.procedure not in policy.procedures:
            yield (*path, "procedure"), "F3", f'there is no procedure "{line.procedure}"'


def _breaks_seal(policy: Policy, line: Transition) -> bool:
    """Into sealed states leads `seal` alone, and out of them nothing."""
    sealed = policy.states[line.target].sealed
    return any(state in policy.states and policy.states[state].sealed != sealed for state in line.sources) and not (
        sealed and line.verb is Verb.SEAL
    )


def _of_ways(policy: Policy) -> Iterator[Mistake]:
    reached, waiting = {policy.start}, [policy.start]
    while waiting:
        state = waiting.pop()
        for procedure in policy.procedures.values():
            fresh = {line.target for line in procedure.leaving(state)} - reached
            reached |= fresh
            waiting += sorted(fresh)
    for name, state_rule in policy.states.items():
        if name not in reached:
            yield ("states", name), "F4", f'no way leads to the state "{name}"'
        if not state_rule.final and not any(list(procedure.leaving(name)) for procedure in policy.procedures.values()):
            yield ("states", name), "F5", f'the state "{name}" is not final, but nothing leads out of it'


def _of_papers(policy: Policy) -> Iterator[Mistake]:
    kinds, parts = act_schema()["act_kinds"], act_schema()["parts"]
    for kind, needed in policy.papers.items():
        if kind not in kinds:
            yield ("papers", kind), "F12", f'there is no kind of act "{kind}"'
        for number, part in enumerate(needed):
            if part not in parts:
                yield ("papers", kind, number), "F12", f'an act has no part "{part}"'
    for name, shown in _COLUMNS.items():
        table = policy.tables.get(name)  # type: ignore[call-overload]  # the keys are those of the literal
        if table is None:
            yield ("tables",), "F12", f'the paper "{name}" is missing'
            continue
        for number, column in enumerate(table.columns):
            if column.shows not in shown:
                yield ("tables", name, "columns", number), "F12", f'the paper "{name}" has nothing to show as "{column.shows}"'
