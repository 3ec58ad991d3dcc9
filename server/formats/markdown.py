"""Markdown files: read (`structure.py` recognises the act) and written."""

from server.formats.markdown_blocks import read_blocks
from server.formats.markdown_write import write_markdown
from server.formats.render import Rendering
from server.formats.source import Imported, text_of
from server.formats.structure import recognise
from server.ids import NewId, new_id
from server.text.numbering import Scheme
from server.text.tree import Tree


def read(data: bytes, make_id: NewId = new_id) -> Imported:
    """A Markdown file as a tree. Raises UnsupportedType and TooLarge."""
    text, notices = text_of(data)
    return recognise(read_blocks(text, notices), notices, make_id)


def write(tree: Tree, scheme: Scheme) -> bytes:
    """The tree as Markdown in UTF-8, with final labels."""
    return write_markdown(Rendering(tree, scheme)).encode()
