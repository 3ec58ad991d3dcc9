"""The file of a backup: a ZIP with one JSON Lines member per table and `backup.json`, which says what must be in it.

A row is a JSON array in the order of the table's columns; bytes are base64 and their columns are named in `backup.json`.
Nothing in it belongs to SQLite or PostgreSQL, so that a pilot can move from one to the other, and any later reader needs
no more than a ZIP and a JSON parser.
"""

import base64
import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any, Self

from server.errors import InvalidInput

FORMAT = 1
MANIFEST = "backup.json"
_MANIFEST_BYTES = 1 << 20
_LINE_BYTES = 1 << 30
_UNREADABLE = (KeyError, zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError)
"""What zipfile raises for a damaged member; RuntimeError when a flipped bit says that it is encrypted or packed in another way."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Member:
    """One table of a backup. `sha256` is over the uncompressed lines, hexadecimal."""

    table: str
    columns: Sequence[str]
    binary: Sequence[str]
    rows: int
    sha256: str

    @property
    def path(self) -> str:
        """Its place in the ZIP."""
        return f"tables/{self.table}.jsonl"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: the schema revision of its tables, when it was taken (milliseconds UTC), and the tables."""

    revision: str
    taken_at: int
    members: Sequence[Member]


class Writer:
    """Writes a backup, table by table; a context that closes the ZIP, but not the file."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self._members: list[Member] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, table: str, columns: Sequence[str], binary: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write the rows of one table; each holds the values of `columns` in that order."""
        count, digest = 0, hashlib.sha256()
        places = {columns.index(name) for name in binary}
        with self._zip.open(f"tables/{table}.jsonl", "w", force_zip64=True) as member:
            for row in rows:
                values = [_encode(value) if place in places else value for place, value in enumerate(row)]
                line = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                member.write(line)
                digest.update(line)
                count += 1
        self._members.append(Member(table, list(columns), list(binary), count, digest.hexdigest()))

    def finish(self, revision: str, taken_at: int) -> Manifest:
        """Write the manifest, last: a file that was cut short has none."""
        manifest = Manifest(revision, taken_at, self._members)
        self._zip.writestr(MANIFEST, json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1))
        return manifest


class Reader:
    """Reads a backup. Everything raises InvalidInput, with what is wrong and where."""

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except _UNREADABLE as error:
            raise InvalidInput("this is no backup, or it was cut short") from error
        self.manifest = self._read_manifest()

    def prove(self) -> None:
        """Read all of it once: every line is there and is what was written."""
        for member in self.manifest.members:
            digest, count = hashlib.sha256(), 0
            for line in self._lines(member):
                digest.update(line)
                count += 1
            if digest.hexdigest() != member.sha256 or count != member.rows:
                raise InvalidInput(f"the backup is damaged: {member.path} is not what was written")

    def rows(self, member: Member) -> Iterator[Row]:
        """The rows of one table, by column name, bytes as bytes."""
        binary = set(member.binary)
        for line in self._lines(member):
            values = dict(zip(member.columns, json.loads(line), strict=True))
            for name in binary:
                values[name] = None if values[name] is None else base64.b64decode(values[name])
            yield values

    def _lines(self, member: Member) -> Iterator[bytes]:
        try:
            with self._zip.open(member.path) as lines:
                while line := lines.readline(_LINE_BYTES):
                    yield line
        except _UNREADABLE as error:
            raise InvalidInput(f"the backup is damaged: {member.path} cannot be read") from error

    def _read_manifest(self) -> Manifest:
        try:
            with self._zip.open(MANIFEST) as file:
                found = json.loads(file.read(_MANIFEST_BYTES))
            if found["format"] != FORMAT:
                raise InvalidInput(f"the backup has format {found['format']}; this version of Zlahoda reads format {FORMAT}")
            members = [
                Member(str(one["table"]), list(one["columns"]), list(one["binary"]), int(one["rows"]), str(one["sha256"]))
                for one in found["members"]
            ]
            return Manifest(str(found["revision"]), int(found["taken_at"]), members)
        except (*_UNREADABLE, TypeError, ValueError) as error:
            raise InvalidInput(f"this is no backup: {MANIFEST} in it is missing or cannot be read") from error


def _encode(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode()
