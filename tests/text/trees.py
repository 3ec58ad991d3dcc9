"""Random trees for property tests: every kind, labels, marks, tables, Cyrillic, emoji, bidi and combining characters."""

from collections.abc import Callable
from itertools import count

from hypothesis import strategies as st

from server.crdt.content import Run
from server.ids import BlockId
from server.text.convert import merge_runs
from server.text.numbering import ranks
from server.text.tree import AUTO, Block, Cell, Row, Table, Tree, Unit

WORDS = st.one_of(
    st.sampled_from(
        [
            "Стаття",
            "підпункт",
            "є",
            "її",
            "1)",
            "а)",
            "№ 5",
            "–",
            "- ",
            "* ",
            "# ",
            "|",
            "\\",
            "`код`",
            "<b>",
            "&amp;",
            "{",
            "}",
            "**",
            "_",
            "~~",
            "[а](б)",
        ]
    ),
    st.sampled_from(["e\u0301", "и\u0306", "🇺🇦", "👩‍👩‍👧‍👦", "\u202eabc\u202c", "مرحبا", "שלום", "𝕏", "\u00ad", "\u200d", "￼"]),
    st.text("абвгґїє xyz123.,;:!?'\"’“”«»()[]<>*_~`#+-=|\\/{}^&@$%", max_size=8),
)
TEXT = st.lists(WORDS, min_size=1, max_size=5).map(" ".join).map(lambda text: " ".join(text.replace("￼", "").split())).filter(bool)
LINK: dict[str, dict[str, str | int]] = {"link": {"href": "https://zakon.rada.gov.ua/go/254к"}}
SWITCHES: list[dict[str, dict[str, str | int]]] = [{name: {}} for name in ("strong", "em", "underline", "strike", "sup", "sub")]
MARKS: st.SearchStrategy[dict[str, dict[str, str | int]]] = st.sampled_from([{}, {}, {}, *SWITCHES, {"strong": {}, "em": {}}, LINK])
LABELS = st.sampled_from(["", "", AUTO, "1.", "9-1", "12.10²", "в)", "–", "Стаття 111 - 2", "Розділ IV", "§ 28⁵"])


def runs(
    text: st.SearchStrategy[str] = TEXT, marks: st.SearchStrategy[dict[str, dict[str, str | int]]] = MARKS
) -> st.SearchStrategy[tuple[Run, ...]]:
    """Merged runs, as the CRDT and every reader give them."""
    return st.lists(st.builds(Run, text, marks), max_size=4).map(merge_runs)


@st.composite
def trees(draw: st.DrawFn, labels: st.SearchStrategy[str] = LABELS, text: st.SearchStrategy[tuple[Run, ...]] | None = None) -> Tree:
    """A tree with unique ids of up to eight blocks."""
    numbers = count(1)
    content = text if text is not None else runs()

    def bid() -> BlockId:
        return BlockId(f"б{next(numbers)}")

    return Tree(tuple(draw(_blocks(draw, bid, labels, content)) for _ in range(draw(st.integers(0, 8)))))


def _blocks(
    draw: st.DrawFn, bid: Callable[[], BlockId], labels: st.SearchStrategy[str], content: st.SearchStrategy[tuple[Run, ...]]
) -> st.SearchStrategy[Block]:
    places = st.sampled_from(["", "", "д1"])
    if draw(st.integers(0, 4)):
        return st.builds(Unit, st.just(bid()), st.sampled_from(sorted(ranks())), content, labels, st.integers(1, 3), places, places)
    width, height = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    spans = st.sampled_from([1, 1, 2])
    rows = tuple(
        Row(bid(), tuple(Cell(bid(), draw(content), draw(spans), draw(spans), draw(st.booleans())) for _ in range(width)))
        for _ in range(height)
    )
    return st.builds(Table, st.just(bid()), st.just(rows), places, places)
