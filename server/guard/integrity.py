"""Does an update fit what is held: no gap, nothing missing, no delete of what has not come, nobody else's client ids."""

from server.crdt.update import Description
from server.guard.ledger import Ledger
from server.guard.plan import Plan
from server.guard.verdicts import Foreign, NeedsResync, Refused
from server.ids import ClientId, UserId


def check_owners(description: Description, sender: UserId, ledger: Ledger) -> Foreign | tuple[ClientId, ...]:
    """G10: the client ids that are new and become the sender's; Foreign when new structs stand under someone else's."""
    state, owners = ledger.state, ledger.owners
    fresh = [found for found in description.ranges if found.end > state.get(found.client, 0)]
    foreign = tuple(found for found in fresh if owners.get(found.client, sender) != sender)
    if foreign:
        return Foreign(foreign)
    return tuple(found.client for found in fresh if found.client not in owners)


def find_gap(description: Description, ledger: Ledger) -> NeedsResync | None:
    """G11: each client's structs begin at or before the first one that is not held."""
    ends: dict[int, int] = {}
    for client, start, end in description.ranges:
        held = ends.get(client, ledger.state.get(client, 0))
        if start > held:
            return NeedsResync("structs are missing before these", (client, held))
        ends[client] = max(held, end)
    return None


def find_unknown_delete(description: Description, ledger: Ledger) -> NeedsResync | None:
    """G13: only what is held, or comes with the same update, can be deleted."""
    state = ledger.state
    for client, clock, length in description.deletes:
        end = clock + length
        if end > state.get(client, 0) and end > _brought(description, client):
            return NeedsResync("deletes what has not come", (client, end - 1))
    return None


def parts_character(description: Description, ledger: Ledger) -> Refused | None:
    """G12: a character beyond U+FFFF is deleted whole."""
    halves = ledger.halves
    for client, clock, length in description.deletes:
        if (client, clock) in halves or (client, clock + length) in halves:
            return Refused("G12", "deletes half a character")
    return None


def check_plan(planned: Plan, description: Description) -> NeedsResync | Refused | None:
    """G12: neighbours and parents are held or come with the update, in an order that exists, and stand in one place."""
    if planned.torn is not None:
        return Refused("G12", "neighbours in different places, a parent that is no type, or a struct before what it leans on")
    if planned.missing is not None:
        client, clock = planned.missing
        if clock < _brought(description, client):
            return Refused("G12", "structs wait for each other")
        return NeedsResync("leans on what has not come", planned.missing)
    return None


def _brought(description: Description, client: int) -> int:
    return max((found.end for found in description.ranges if found.client == client), default=0)
