"""Files as the sides of a comparison, and a comparison as a file."""

import hashlib
import itertools
from collections.abc import Callable
from pathlib import Path

from server.acts.model import scheme_of
from server.compare import redline, report, table
from server.compare.model import Comparison, Side, side_of
from server.formats import formats
from server.ids import NewId
from server.text.numbering import load_scheme

COMPARISONS: dict[str, Callable[[Comparison], bytes]] = {"json": report.write, "html": redline.write, "table-html": table.write}
"""What a comparison can be written as, by the name that `--format` and `format=` take."""


def read_both(old: Path, new: Path) -> tuple[Side, Side]:
    """Two files as sides. Raises OSError, UnsupportedType, TooLarge."""
    return read_side(old), read_side(new)


def read_side(file: Path) -> Side:
    """A file as one side, numbered by the scheme of its kind of act. Raises OSError, UnsupportedType, TooLarge."""
    return side_from_bytes(file.name, file.read_bytes())


def _ids_for(data: bytes) -> NewId:
    """The same ids for the same bytes: who asks for a comparison in two forms finds the rows of one in the other."""
    prefix, numbers = hashlib.sha256(data).hexdigest()[:24], itertools.count()
    return lambda: f"{prefix}{next(numbers):08x}"


def side_from_bytes(name: str, data: bytes) -> Side:
    """A file's bytes as one side, its format told by the name. Raises UnsupportedType, TooLarge."""
    imported = formats.read(name, data, _ids_for(data))
    return side_of(imported.tree, load_scheme(scheme_of(imported.kind)), imported.title, name)
