"""May this update enter this document? The one question, answered from the bytes and the ledger alone (D2, D3).

The rules are numbered in docs/spec/guard.md; a refusal carries its number.
"""

from collections.abc import Collection
from typing import Any

from server.access.roles import Scope
from server.crdt.lib0 import DecodeError
from server.crdt.schema import load_schema
from server.crdt.structs import ANY, STRING, TYPE, XML_ELEMENT
from server.crdt.update import Description, describe
from server.guard.integrity import check_owners, check_plan, find_gap, find_unknown_delete, parts_character
from server.guard.ledger import Ledger
from server.guard.limits import DEFAULT_LIMITS, Limits
from server.guard.names import Names
from server.guard.places import TEXT
from server.guard.plan import Plan, plan
from server.guard.scopes import check_scope, says_nothing
from server.guard.sides import TooFar, find_crossed
from server.guard.verdicts import Accepted, Foreign, NeedsResync, Refused, Verdict
from server.ids import UserId

__all__ = ["DEFAULT_LIMITS", "Accepted", "Foreign", "Limits", "NeedsResync", "Refused", "Verdict", "decisions_of", "judge", "judge_bytes"]


_NAMES = Names(load_schema())


def judge_bytes(  # noqa: PLR0913 - what the question consists of
    update: bytes,
    sender: UserId,
    scope: Scope,
    ledger: Ledger,
    limits: Limits = DEFAULT_LIMITS,
    claims: Collection[str] = (),
) -> Verdict:
    """`judge` for bytes as received. What a reader or reviewer sends is not read at all; the empty update is fine from everyone."""
    if says_nothing(update):
        return Accepted(_NOTHING)
    refused = check_scope(scope)
    if refused is not None:
        return refused
    if len(update) > limits.update_bytes:
        return Refused("G3", f"an update of {len(update)} bytes")
    try:
        description = describe(update)
    except DecodeError as error:
        return Refused("G2", str(error))
    return judge(description, sender, scope, ledger, limits, claims)


def judge(  # noqa: PLR0913 - what the question consists of
    description: Description,
    sender: UserId,
    scope: Scope,
    ledger: Ledger,
    limits: Limits = DEFAULT_LIMITS,
    claims: Collection[str] = (),
) -> Verdict:
    """The verdict on one update of `sender`. Changes nothing: after Accepted, `ledger.commit` takes it.

    `claims` are the suggestions whose decision the sender has claimed at the server (G14), with the only value each may get.
    """
    if description.is_empty:
        return Accepted(description)
    if scope is not Scope.WRITE:
        return check_scope(scope) or Accepted(description)
    if _is_typing(description, sender, ledger, limits) or _is_erasing(description, ledger, limits):
        return Accepted(description)
    refused = _check_size(description, ledger, limits)
    if refused is not None:
        return refused
    owners = check_owners(description, sender, ledger)
    if isinstance(owners, Foreign):
        return owners
    problem = _check_deletes(description, ledger, claims) or _check_items(description, ledger, limits, claims)
    return problem or Accepted(description, tuple((client, sender) for client in owners))


def decisions_of(description: Description, ledger: Ledger) -> tuple[tuple[str, Any], ...]:  # Any: the claimed value
    """The entries of `resolutions` that a judged update brings, before the ledger takes it."""
    root = "#" + load_schema().decisions
    placed = plan(description, ledger).placed
    return tuple((place.key, item.value[0]) for item, place in placed if place.type.kind == root and place.key and item.content == ANY)


_NOTHING = describe(b"\x00\x00")


def _is_typing(description: Description, sender: UserId, ledger: Ledger, limits: Limits) -> bool:
    """The common keystroke: one string of a bound client, right behind its last one, in a text. Every rule holds for it."""
    if len(description.items) != 1 or description.deletes:
        return False
    client, clock, length, content, origin, right = description.items[0][:6]
    track = ledger.tracks.get(client)
    if track is None or content != STRING or track.end != clock or origin != (client, clock - 1) or ledger.owners.get(client) != sender:
        return False
    place = track.places[-1]
    if place.type.kind != TEXT or place.key is not None:
        return False
    if right != track.rights[-1] or right in ledger.halves:
        return False
    return length <= limits.run_units and ledger.size_bytes + description.size <= limits.document_bytes


def _is_erasing(description: Description, ledger: Ledger, limits: Limits) -> bool:
    """The other common keystroke: one range deleted of what is held, where no decisions or parted characters are to be minded."""
    if description.items or len(description.deletes) != 1 or ledger.decisions or ledger.halves:
        return False
    client, clock, length = description.deletes[0]
    fits = description.size <= limits.update_bytes and ledger.size_bytes + description.size <= limits.document_bytes
    return fits and clock + length <= ledger.state.get(client, 0)


def _check_size(description: Description, ledger: Ledger, limits: Limits) -> Refused | None:
    """G3."""
    count = len(description.items) + len(description.deletes)
    if description.size > limits.update_bytes or count > limits.structs:
        return Refused("G3", f"an update of {description.size} bytes, {count} structs")
    if ledger.size_bytes + description.size > limits.document_bytes:
        return Refused("G3", "the document is full")
    return None


def _check_deletes(description: Description, ledger: Ledger, claims: Collection[str]) -> Verdict | None:
    missing = find_unknown_delete(description, ledger)
    if missing is not None:
        return missing
    if ledger.halves and (refused := parts_character(description, ledger)):
        return refused
    if ledger.decisions:
        for deleted in description.deletes:
            if any(decision not in claims for decision in ledger.decided_in(deleted)):
                return Refused("G14", "takes back a decision without a claim")
    return None


def _check_items(description: Description, ledger: Ledger, limits: Limits, claims: Collection[str]) -> Verdict | None:
    gap = find_gap(description, ledger)
    if gap is not None:
        return gap
    planned = plan(description, ledger)
    return check_plan(planned, description) or _check_order(planned, ledger, limits) or _check_names(planned, ledger, limits, claims)


def _check_order(planned: Plan, ledger: Ledger, limits: Limits) -> Refused | None:
    """G15."""
    try:
        crossed = find_crossed(planned, ledger, limits.search_steps)
    except TooFar:
        return Refused("G3", "its places are too far to seek")
    return None if crossed is None else Refused("G15", f"client {crossed.client} clock {crossed.clock} between neighbours that never met")


def _check_names(planned: Plan, ledger: Ledger, limits: Limits, claims: Collection[str]) -> Refused | None:
    """G3 to G9 and G14, item by item."""
    made = sum(1 for item, _ in planned.placed if item.content == TYPE and item.value.number == XML_ELEMENT)
    if made and ledger.blocks + made > limits.blocks:
        return Refused("G3", "too many blocks in the document")
    for item, place in planned.placed:
        if item.content == STRING and item.length > limits.run_units:
            return Refused("G3", "too long a text")
        refused = _NAMES.check(item, place, claims)
        if refused is not None:
            return refused
    return None
