"""Numbers found in a file become automatic where the scheme gives the same ones: for drafts, whose units still come and go."""

from dataclasses import replace

from server.ids import BlockId
from server.text.numbering import Scheme, labels
from server.text.tree import AUTO, Block, Tree, Unit


def with_automatic_labels(tree: Tree, scheme: Scheme) -> Tree:
    """The same tree with `auto` wherever that shows exactly the label a unit had; every other label stays explicit."""
    wanted = labels(tree, scheme)
    explicit: set[BlockId] = set()
    while True:
        candidate = Tree(tuple(_automatic(block, scheme, explicit) for block in tree.blocks))
        shown = labels(candidate, scheme)
        wrong = {unit.bid for unit in candidate.units() if shown[unit.bid] != wanted[unit.bid]}
        if not wrong - explicit:
            return candidate
        explicit |= wrong


def _automatic(block: Block, scheme: Scheme, explicit: set[BlockId]) -> Block:
    if isinstance(block, Unit) and block.label and block.kind in scheme.kinds and block.bid not in explicit:
        return replace(block, label=AUTO)
    return block
