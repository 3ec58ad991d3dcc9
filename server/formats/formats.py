"""Which format a file is in, by the ending of its name; and the one way in and out for the rest of the program."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from server.errors import UnsupportedType
from server.formats import html, json, markdown, plain
from server.formats.source import Imported
from server.ids import NewId, new_id
from server.text.numbering import Scheme
from server.text.tree import Tree

Reader = Callable[[bytes, NewId], Imported]

READERS: dict[str, Reader] = {"md": markdown.read, "markdown": markdown.read, "txt": plain.read, "text": plain.read, "json": json.read}
"""By file ending, without the dot."""

MEDIA_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}
"""The formats that are written, by the name used in `export?format=`."""


@dataclass(frozen=True, slots=True)
class Export:
    """A written file."""

    content: bytes
    media_type: str
    ending: str


def ending_of(name: str) -> str:
    """The ending of a file name in lower case, without the dot."""
    return PurePath(name).suffix.lower().removeprefix(".")


def read(name: str, data: bytes, make_id: NewId = new_id) -> Imported:
    """A file as a tree, by the ending of its name. Raises UnsupportedType (also when the content is something else) and TooLarge."""
    ending = ending_of(name)
    reader = READERS.get(ending)
    if reader is None:
        shown = f"«.{ending}»" if ending else "без закінчення"
        raise UnsupportedType(
            f"Файли {shown} не читаються. Можна завантажити: {', '.join(f'.{known}' for known in ('md', 'txt', 'json'))}."
        )
    return reader(data, make_id)


def write(name: str, tree: Tree, scheme: Scheme, title: str = "", kind: str = "other") -> Export:
    """A tree in a format (`md`, `txt`, `html`, `json`). Raises UnsupportedType."""
    match name:
        case "md":
            content = markdown.write(tree, scheme)
        case "txt":
            content = plain.write(tree, scheme)
        case "html":
            content = html.write(tree, scheme, title)
        case "json":
            content = json.write(tree, scheme, title, kind)
        case _:
            raise UnsupportedType(f"Формат «{name}» не пишеться. Є: {', '.join(MEDIA_TYPES)}.")
    return Export(content, MEDIA_TYPES[name], name)
