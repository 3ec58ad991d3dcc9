"""The identifiers of the domain, and how a new one is made."""

import secrets
from collections.abc import Callable
from typing import NewType

from uuid_utils import uuid7

ActId = NewType("ActId", str)
"""32 lower-case hexadecimal digits (UUID version 7, RFC 9562 §5.7)."""

DocumentId = NewType("DocumentId", str)
"""An act's main text is named by its `ActId`; another part is `{act_id}.{part}`."""

UserId = NewType("UserId", str)
BodyCode = NewType("BodyCode", str)
"""A short Latin name of a body: `skmu`, `mvs`, `minfin`."""

Seq = NewType("Seq", int)
"""The place of an update in its document's journal; the first update has 1, an empty journal 0."""

Epoch = NewType("Epoch", str)
"""16 hexadecimal digits: 64 random bits, changed only when a document's history is replaced."""

ClientId = NewType("ClientId", int)
"""A Yjs client id: one writing session of one browser, below 2**32 for our own clients."""

BlockId = NewType("BlockId", str)
"""The stable id of a unit, table, row or cell (`bid`)."""

NewId = Callable[[], str]


def new_id() -> str:
    """A time-ordered random id: 32 lower-case hexadecimal digits."""
    return uuid7().hex


def new_epoch() -> Epoch:
    """64 random bits as 16 hexadecimal digits."""
    return Epoch(secrets.token_hex(8))


def document_of(act: ActId, part: str = "") -> DocumentId:
    """The document that holds one part of an act; the empty part is the main text."""
    return DocumentId(f"{act}.{part}" if part else act)


def act_of(document: DocumentId) -> ActId:
    """The act a document belongs to."""
    return ActId(document.partition(".")[0])
