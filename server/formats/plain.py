"""Plain text files: read, also hard-wrapped ones, and written."""

from collections.abc import Iterator

from server.crdt.content import Run
from server.formats.blocks import Paragraph, RawBlock
from server.formats.labels import Place, find
from server.formats.render import Rendering, plain_text
from server.formats.source import Imported, text_of
from server.formats.structure import recognise
from server.ids import NewId, new_id
from server.text.numbering import Scheme
from server.text.tree import Table, Tree, Unit

WRAPPED_AT = 100
"""A file whose lines are nearly all shorter than this was wrapped by hand or by an old program."""


def read(data: bytes, make_id: NewId = new_id) -> Imported:
    """A text file as a tree. Raises UnsupportedType and TooLarge."""
    text, notices = text_of(data)
    blocks: list[RawBlock] = list(_paragraphs(text))
    return recognise(blocks, notices, make_id)


def write(tree: Tree, scheme: Scheme) -> bytes:
    """The tree as text in UTF-8: an empty line between blocks, a tab between the cells of a row."""
    rendering = Rendering(tree, scheme)
    blocks = (_unit(block, rendering) if isinstance(block, Unit) else _table(block, rendering) for block in tree.blocks)
    return ("\n\n".join(block for block in blocks if block) + "\n").encode()


def _unit(unit: Unit, rendering: Rendering) -> str:
    return plain_text(rendering.line(unit)).strip("\n")


def _table(table: Table, rendering: Rendering) -> str:
    rows = ("\t".join(plain_text(rendering.runs(cell.runs), " ").replace("\t", " ") for cell in row.cells) for row in table.rows)
    return "\n".join(row for row in rows if row.strip())


def _paragraphs(text: str) -> Iterator[Paragraph]:
    lines = text.split("\n")
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    wrapped = bool(lengths) and lengths[len(lengths) * 95 // 100] <= WRAPPED_AT and lengths[-1] <= 2 * WRAPPED_AT
    width = lengths[len(lengths) * 95 // 100] if lengths else 0
    gathered: list[str] = []
    start = 0
    for number, line in enumerate([*lines, ""], 1):
        if gathered and (not wrapped or not line.strip() or _begins(line, gathered[-1], width)):
            yield Paragraph((Run(" ".join(part.strip() for part in gathered)),), start)
            gathered = []
        if line.strip():
            start = start if gathered else number
            gathered.append(line)


def _begins(line: str, before: str, width: int) -> bool:
    """Whether a line of a wrapped text opens a paragraph: it is indented, has a label, or the line before was short."""
    indent, indent_before = len(line) - len(line.lstrip()), len(before) - len(before.lstrip())
    if indent >= indent_before + 2 or "\t" in line.strip():
        return True
    return len(before.strip()) < 0.6 * width or find(line.strip(), Place()) is not None
