"""Labels of a draft become automatic only where nothing that is shown changes."""

from server.ids import BlockId
from server.text.automatic import with_automatic_labels
from server.text.numbering import labels, load_scheme
from server.text.tree import AUTO, Tree, Unit

SCHEME = load_scheme("cabinet")


def unit(bid: str, kind: str, label: str) -> Unit:
    return Unit(BlockId(bid), kind, label=label)


def test_labels_that_the_scheme_gives_become_automatic() -> None:
    tree = Tree((unit("a", "point", "1."), unit("b", "subpoint", "1)"), unit("c", "subpoint", "2)"), unit("d", "point", "2.")))
    made = with_automatic_labels(tree, SCHEME)
    assert [u.label for u in made.units()] == [AUTO] * 4
    assert labels(made, SCHEME) == labels(tree, SCHEME)


def test_labels_of_an_old_act_stay_as_they_are() -> None:
    tree = Tree((unit("a", "point", "1."), unit("b", "point", "12.10²"), unit("c", "subpoint", "в)"), unit("d", "paragraph", "")))
    made = with_automatic_labels(tree, SCHEME)
    assert [u.label for u in made.units()] == [AUTO, "12.10²", "в)", ""]
    assert labels(made, SCHEME) == labels(tree, SCHEME)
