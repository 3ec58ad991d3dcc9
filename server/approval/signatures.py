"""Detached signatures of positions (КЕП, `.p7s`): kept as they came; what has been checked of them is an adapter's word."""

import hashlib
from collections.abc import Callable
from pathlib import PurePath

from sqlalchemy import Connection

from server.access.actor import Actor
from server.access.policy import Action, require
from server.acts.store import lock_act
from server.approval import store
from server.approval.model import Signature
from server.approval.office import Office
from server.errors import Forbidden, InvalidInput, NotFound, UnsupportedType
from server.events.store import Value, record
from server.ids import ActId, BodyCode

NOT_VERIFIED = "not_verified"

Check = Callable[[bytes, str], str]
"""The boundary to whoever verifies: the signature's bytes and the hash of the revision it is about; answers a verdict's name."""

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""The object identifier of SignedData, RFC 5652 §5.1, as DER writes it."""
_PEM = b"-----BEGIN "


def not_verified(_content: bytes, _revision_hash: str) -> str:
    """Checks nothing and says so: national algorithms are verified outside of this program."""
    return NOT_VERIFIED


class SignatureService:
    """Attaches files to positions; never changes or removes one."""

    def __init__(self, office: Office, check: Check = not_verified) -> None:
        self._office = office
        self._check = check

    async def attach(self, actor: Actor, act: ActId, number: int, body: BodyCode, name: str, content: bytes) -> Signature:  # noqa: PLR0913
        """The signature of a stated position, given by the person who stated it. Raises NotFound, Forbidden, UnsupportedType."""
        if not looks_like_signature(content):
            raise UnsupportedType(uk="Це не відокремлений підпис .p7s (CMS).", en="This is no detached signature .p7s (CMS).")
        office, at = self._office, self._office.clock()
        file_name = PurePath(name.replace("\\", "/")).name[:200]
        if not file_name.isprintable() or not file_name:
            raise InvalidInput(fields={"file": ("Назва файлу непридатна.", "The file's name cannot be used.")})

        def write(connection: Connection) -> Signature:
            lock_act(connection, act)
            seen = office.see(connection, act)
            require(actor, Action.READ, seen.access)
            round_ = next((one for one in seen.matter.rounds if one.number == number), None)
            position = round_.positions.get(body) if round_ else None
            if position is None:
                raise NotFound(f"no position of {body} in round {number}")
            if position.signatory != actor.id:
                raise Forbidden(uk="Підпис додає той, хто висловив позицію.", en="The signature is given by whoever stated the position.")
            digest = hashlib.sha256(content).hexdigest()
            verdict = self._check(content, position.revision_hash)
            new = Signature(office.new_id(), number, body, position.revision_hash, file_name, digest, verdict, actor.id, at)
            store.insert_signature(connection, act, new, content)
            told: dict[str, Value] = {"round": number, "body": body, "sha256": digest, "verification": verdict}
            record(connection, act, actor.id, "approval.signature", told, at)
            return new

        added = await office.database.write(write)
        office.tell(act, "signature", round=number, body=body)
        return added

    async def read(self, actor: Actor, act: ActId, signature: str) -> tuple[str, bytes]:
        """Name and bytes of a file. Raises NotFound, Forbidden."""
        await self._office.permitted(actor, Action.READ, act)
        found = await self._office.database.read(lambda connection: store.read_signature_file(connection, act, signature))
        if found is None:
            raise NotFound(f"no signature {signature}")
        return found


def looks_like_signature(content: bytes) -> bool:
    """Whether the bytes begin as CMS SignedData does, in DER or PEM; says nothing of the signature."""
    if content.startswith(_PEM):
        return content.startswith((b"-----BEGIN PKCS7-----", b"-----BEGIN CMS-----"))
    return content[:1] == b"\x30" and _SIGNED_DATA in content[:32]
