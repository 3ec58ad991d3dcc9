"""Letters typed one after another, joined into one struct: what Yjs does with them anyway, before they are merged, applied and sent."""

from collections.abc import Iterable

from server.crdt.lib0 import varuint
from server.crdt.structs import STRING, Item
from server.crdt.update import Description


class _Run:
    """Neighbouring letters of one client; `end` is the clock behind them."""

    __slots__ = ("end", "first", "right", "texts", "update")

    def __init__(self, update: bytes, item: Item) -> None:
        self.update = update
        self.first = item
        self.right = item.right
        self.end = item.clock + item.length
        self.texts = [item.value]

    def whole(self) -> bytes:
        """The run as one update: the first letter's with all letters in it."""
        if len(self.texts) == 1:
            return self.update
        own = self.texts[0].encode()
        head = self.update[: self.first.end - len(own) - len(varuint(len(own)))]
        text = "".join(self.texts).encode()
        return head + varuint(len(text)) + text + b"\x00"


def join_typed(updates: Iterable[tuple[bytes, Description]]) -> list[bytes]:
    """Fewer updates that bring the same. Their order is another one; whoever merges them does not mind.

    A letter joins the one before it by Yjs's own rule (`Item.mergeWith`): the same client, the next clock, behind that letter, with
    the same right neighbour. Letters outside the BMP stay by themselves, so that nobody counts halves.
    """
    joined: list[bytes] = []
    runs: dict[int, _Run] = {}
    for update, description in updates:
        item = _letter(description)
        if item is None:
            joined.append(update)
            continue
        client, clock = item.client, item.clock
        run = runs.get(client)
        if run is not None and run.end == clock and item.origin == (client, clock - 1) and item.right == run.right:
            run.texts.append(item.value)
            run.end = clock + item.length
            continue
        if run is not None:
            joined.append(run.whole())
        runs[client] = _Run(update, item)
    joined += [run.whole() for run in runs.values()]
    return joined


def _letter(description: Description) -> Item | None:
    """The one string of an update that brings nothing else and stands behind something."""
    if len(description.items) != 1 or description.deletes:
        return None
    item = description.items[0]
    return item if item.content == STRING and item.origin is not None and item.length == len(item.value) else None
