"""Can somebody have seen a struct's two neighbours side by side? Where nobody can, editors and the server would put it in different places.

Yjs and yrs arrange structs by their neighbours. That comes out the same everywhere, in whatever order updates arrive, as long as
nothing that a neighbour itself leans on stands between the two. It is enough to look at what the left neighbour stands before, and
the right one behind: their own neighbours were looked at when they came.
"""

from collections import deque
from typing import TYPE_CHECKING

from server.crdt.structs import Id, Item
from server.guard.order import Order, news_of
from server.guard.places import GONE, Place, Track
from server.guard.plan import Plan

if TYPE_CHECKING:
    from server.guard.ledger import Ledger


class TooFar(Exception):
    """More of the document would have to be searched than one update may ask for."""


def find_crossed(planned: Plan, ledger: "Ledger", most_steps: int) -> Item | None:
    """The first struct whose neighbours nobody can have seen side by side. Raises TooFar."""
    sides = _Sides(planned, ledger, most_steps)
    for number, (item, place) in enumerate(planned.placed):
        if place is not GONE and place.key is None and not sides.fits(item, place, number):
            return item
    return None


class _Sides:
    """Looks at the structs of one plan, in its order."""

    def __init__(self, planned: Plan, ledger: "Ledger", most_steps: int) -> None:
        self.planned = planned
        self.ledger = ledger
        self.steps_left = most_steps
        self.orders: dict[Place, Order] = {}
        self.news: dict[Place, deque[tuple[int, Item]]] | None = None

    def fits(self, item: Item, place: Place, number: int) -> bool:
        """Whether the struct, the plan's `number`, may stand between its neighbours."""
        left, right = news_of(item, self._start(item))[3:]
        before = None if left is None else self._track(left).right_of(left[1])
        behind = None if right is None else self._track(right).origin_of(*right)
        if left is None or right is None:
            return before is None and behind is None
        if behind == left or before == right:
            return True
        order = self._order(place, number)
        looked = order.steps
        fits = (
            order.precedes(left, right)
            and (behind is None or order.precedes(behind, left))
            and (before is None or order.precedes(right, before))
        )
        self._spend(order.steps - looked)
        return fits

    def _start(self, item: Item) -> int:
        """The first clock of the struct that is not held."""
        return max(item.clock, self.ledger.state.get(item.client, 0))

    def _track(self, identity: Id) -> Track:
        """The track that knows a struct, which is held or planned."""
        client, clock = identity
        held = self.ledger.tracks.get(client)
        return held if held is not None and clock < held.end else self.planned.tracks[client]

    def _order(self, place: Place, number: int) -> Order:
        """How `place` looks before the plan's struct `number`."""
        news = self._news_before(place, number)
        order = self.orders.get(place)
        if order is None:
            if not news:
                return self.ledger.order_of(place)
            order = self.orders[place] = Order.of(place, self.ledger.tracks)
            self._spend(len(order))
        looked = order.steps
        for item in news:
            order.add(news_of(item, self._start(item)))
        self._spend(order.steps - looked + len(news))
        return order

    def _news_before(self, place: Place, number: int) -> list[Item]:
        """What the plan puts into `place` before its struct `number`, as far as it was not given before."""
        if self.news is None:
            self.news = {}
            for at, (item, within) in enumerate(self.planned.placed):
                self.news.setdefault(within, deque()).append((at, item))
        waiting, found = self.news[place], []
        while waiting[0][0] < number:
            found.append(waiting.popleft()[1])
        return found

    def _spend(self, steps: int) -> None:
        self.steps_left -= steps
        if self.steps_left < 0:
            raise TooFar
