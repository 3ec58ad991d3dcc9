"""An act as a package that proves itself elsewhere: texts to read, and everything `verify` needs, in one ZIP. Pure; rules V50-V54.

Equal evidence gives equal bytes: files are stored in order of their names, uncompressed, without times, so that verifying can write
the archive again and see any byte that differs.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files as resources
from typing import Any

from server.errors import Damaged
from server.formats import markdown
from server.ids import ActId, ClientId, DocumentId, Epoch, Seq, UserId
from server.journal.rows import StoredRow, pack_segment
from server.versions.chain import Defect
from server.versions.evidence import ActEvidence, DocumentEvidence
from server.versions.model import Revision, RevisionContent, RevisionKind, RevisionPart, scheme_of
from server.versions.verify import verify

FORMAT = "zlahoda-package-1"
MAX_BYTES = 2 * 1024**3
"""A package with more bytes inside is not read."""

_SEGMENT_BYTES = 8 * 1024 * 1024
_MOMENT = (1980, 1, 1, 0, 0, 0)
_SUMS, _MANIFEST, _EVENTS = "SHA256SUMS", "manifest.json", "events.jsonl"
_EVENT_COLUMNS = ("scope", "seq", "at", "actor", "kind", "payload", "previous_hash", "hash")

Files = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class About:
    """What a package says of the act besides its evidence; `people` are names and bodies by id. `at` in milliseconds UTC."""

    title: str
    kind: str
    at: int
    people: Mapping[str, Mapping[str, str]]


def write(evidence: ActEvidence, about: About) -> bytes:
    """The package of an act. Raises Damaged when what is stored cannot be read: a package proves, so it is not made of guesses."""
    files: Files = {"README.txt": resources("server.versions").joinpath("package_readme.txt").read_bytes()}
    manifest = {"format": FORMAT, "act": evidence.act, "title": about.title, "kind": about.kind, "exported_at": about.at}
    files[_MANIFEST] = _json(manifest)
    files["people.json"] = _json({user: dict(who) for user, who in sorted(about.people.items())})
    files[_EVENTS] = b"".join(_json({name: event[name] for name in _EVENT_COLUMNS}) + b"\n" for event in evidence.events)
    for content in evidence.contents():
        files |= _revision_files(content)
    for document in evidence.documents:
        files |= _journal_files(document)
    files[_SUMS] = _sums(files)
    return _zip(files)


def find_defects(data: bytes) -> list[Defect]:
    """Everything in a package that is not as it was written."""
    try:
        files = _unzip(data)
    except Damaged as damage:
        return [Defect("package", damage.detail)]
    found = list(_defects_of_files(files))
    try:
        found += verify(_evidence(files))
    except (Damaged, KeyError, TypeError, ValueError) as error:
        found.append(Defect("package", f"cannot be read: {error}"))
    if not found and _zip(files) != data:
        found.append(Defect("package", "the files are whole, but the archive around them is not the one that was written"))
    return found


def _defects_of_files(files: Files) -> Iterator[Defect]:
    told = files.get(_SUMS, b"")
    if told == _sums({name: data for name, data in files.items() if name != _SUMS}):
        return
    sums = dict(line.split("  ", 1)[::-1] for line in told.decode("utf-8", "replace").splitlines() if "  " in line)
    yield Defect(_SUMS, "does not tell the hashes of the files")
    for name, data in sorted(files.items()):
        if name != _SUMS and sums.get(name) != hashlib.sha256(data).hexdigest():
            yield Defect(name, "was changed, or added: its bytes do not fit SHA256SUMS")
    for name in sorted(set(sums) - set(files)):
        yield Defect(name, "is missing")


# -- revisions --------------------------------------------------------------------------------------------------------


def _revision_files(content: RevisionContent) -> Files:
    revision = content.revision
    folder = f"revisions/{revision.number:04}"
    files = {f"{folder}/record.json": _json(_record(revision))}
    for part, tree in content.trees.items():
        frozen = content.frozen(part)
        files[f"{folder}/{part or 'text'}.json"] = tree
        files[f"{folder}/{part or 'text'}.md"] = markdown.write(frozen.tree, scheme_of(frozen))
    return files


_NAMES = ("act", "number", "kind", "title", "note", "scheme_id", "scheme_hash", "created_by", "at", "previous_hash", "hash")
_PART_NAMES = ("part", "document", "seq", "content_hash", "tree_hash")


def _record(revision: Revision) -> dict[str, Any]:
    parts = [{name: getattr(part, name) for name in _PART_NAMES} for part in revision.parts]
    return {**{name: getattr(revision, name) for name in _NAMES}, "parts": parts}


def _read_record(data: bytes) -> Revision:
    told = _object(data, {*_NAMES, "parts"})
    parts = [RevisionPart(**part) for part in told.pop("parts")]
    return Revision(**{**told, "kind": RevisionKind(told["kind"]), "parts": tuple(parts)})


def _revisions(files: Files) -> tuple[list[Revision], dict[int, dict[str, bytes]]]:
    records: list[Revision] = []
    trees: dict[int, dict[str, bytes]] = {}
    for name, data in sorted(files.items()):
        folder, _, file = name.rpartition("/")
        if file == "record.json" and folder.startswith("revisions/"):
            records.append(_read_record(data))
        elif folder.startswith("revisions/") and file.endswith(".json"):
            part = file.removesuffix(".json")
            trees.setdefault(int(folder.partition("/")[2]), {})["" if part == "text" else part] = data
    return sorted(records, key=lambda record: record.number), trees


# -- the journal ------------------------------------------------------------------------------------------------------


def _journal_files(document: DocumentEvidence) -> Files:
    folder = f"journal/{document.document}"
    owners = {str(client): user for client, user in sorted(document.owners.items())}
    head = {"document": document.document, "act": document.act, "part": document.part, "epoch": document.epoch}
    files = {f"{folder}/head.json": _json({**head, "last_seq": document.last_seq, "owners": owners, "replaced": document.replaced})}
    for number, rows in enumerate(_in_segments(document.all_rows()), 1):
        files[f"{folder}/{number:06}-{rows[0].seq}-{rows[-1].last}.zst"] = pack_segment(rows)
    return files


def _in_segments(rows: Sequence[StoredRow]) -> Iterator[list[StoredRow]]:
    gathered: list[StoredRow] = []
    size = 0
    for row in rows:
        gathered.append(row)
        size += len(row.payload)
        if size >= _SEGMENT_BYTES:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered


def _documents(files: Files) -> list[DocumentEvidence]:
    found: list[DocumentEvidence] = []
    for name, data in sorted(files.items()):
        folder, _, file = name.rpartition("/")
        if file != "head.json":
            continue
        told = _object(data, {"document", "act", "part", "epoch", "last_seq", "owners", "replaced"})
        if folder != f"journal/{told['document']}":
            raise Damaged(f"{name} tells of another document")
        segments = [(*_reach(other), files[other]) for other in sorted(files) if other.startswith(f"{folder}/") and other.endswith(".zst")]
        owners = {ClientId(int(client)): UserId(user) for client, user in told["owners"].items()}
        place = (DocumentId(told["document"]), told["act"], told["part"], Epoch(told["epoch"]), Seq(told["last_seq"]), Seq(0))
        found.append(DocumentEvidence(*place, segments, (), owners, bool(told["replaced"])))
    return found


def _reach(name: str) -> tuple[int, int]:
    _, first, last = name.rpartition("/")[2].removesuffix(".zst").split("-")
    return int(first), int(last)


# -- files ------------------------------------------------------------------------------------------------------------


def _evidence(files: Files) -> ActEvidence:
    manifest = _object(files[_MANIFEST], {"format", "act", "title", "kind", "exported_at"})
    if manifest["format"] != FORMAT:
        raise Damaged(f"this program does not know the format {manifest['format']!r}")
    events = [_object(line, set(_EVENT_COLUMNS)) for line in files[_EVENTS].splitlines()]
    revisions, trees = _revisions(files)
    return ActEvidence(ActId(manifest["act"]), _documents(files), revisions, trees, events)


def _object(data: bytes, names: set[str]) -> dict[str, Any]:  # Any: JSON
    told = json.loads(data)
    if not isinstance(told, dict) or set(told) != names:
        raise Damaged(f"expected the fields {', '.join(sorted(names))}")
    return told


def _sums(files: Files) -> bytes:
    return "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())).encode()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def _zip(files: Files) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return target.getvalue()


def _unzip(data: bytes) -> Files:
    """The files of an archive. Raises Damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                raise Damaged("the package is too large to be read")
            names = archive.namelist()
            if len(set(names)) != len(names):
                raise Damaged("a file stands twice in the archive")
            return {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, ValueError) as error:
        raise Damaged(f"is no archive that can be read: {error}") from error
