"""Routes of revisions."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from server.acts.api import file_response
from server.acts.messages import UnitOut, WhichPart
from server.errors import NotFound
from server.formats.formats import MEDIA_TYPES
from server.http.routing import Access, Call, Endpoint, NoInput
from server.ids import ActId
from server.versions.messages import (
    RestoredOut,
    RestoredPart,
    RevisionExportWanted,
    RevisionNew,
    RevisionOut,
    RevisionPage,
    RevisionTextOut,
    revision_fields,
    revision_out,
)
from server.versions.restoring import RestoreService
from server.versions.service import VersionService


class VersionsApi:
    """The handlers; every rule is in the service."""

    def __init__(self, versions: VersionService, restoring: RestoreService) -> None:
        self._versions = versions
        self._restoring = restoring

    async def list(self, call: Call[NoInput]) -> RevisionPage:
        return RevisionPage(items=[revision_out(revision) for revision in await self._versions.list(call.actor, _act(call))])

    async def freeze(self, call: Call[RevisionNew]) -> RevisionOut:
        return revision_out(await self._versions.freeze(call.actor, _act(call), call.input.note, call.input.expected_hash))

    async def read(self, call: Call[WhichPart]) -> RevisionTextOut:
        revision, lines = await self._versions.lines(call.actor, _act(call), number_of(call), call.input.part)
        units = [UnitOut(bid=line.bid, kind=line.kind, label=line.label, text=line.text) for line in lines]
        return RevisionTextOut.model_validate({**revision_fields(revision), "part": call.input.part, "units": units})

    async def export(self, call: Call[RevisionExportWanted]) -> Response:
        number, wanted = number_of(call), call.input
        revision, file = await self._versions.export(call.actor, _act(call), number, wanted.format, wanted.part)
        return file_response(f"{revision.title[:80].strip()} — редакція № {number}", file)

    async def restore(self, call: Call[NoInput]) -> RestoredOut:
        number = number_of(call)
        done = await self._restoring.restore(call.actor, _act(call), number)
        parts = [RestoredPart(part=one.part, document=one.document, changed=one.changed) for one in done]
        return RestoredOut(number=number, parts=parts)

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        every = "/api/v1/acts/{act_id}/revisions"
        return [
            Endpoint(
                method="GET", path=every, name="list_revisions", summary="The revisions, the newest first",
                access=Access.SIGNED_IN, handler=self.list, input=NoInput, response=RevisionPage,
            ),
            Endpoint(
                method="POST", path=every, name="freeze_revision", summary="Freeze the saved text as the next revision", status=201,
                access=Access.SIGNED_IN, handler=self.freeze, input=RevisionNew, response=RevisionOut,
            ),
            Endpoint(
                method="GET", path=f"{every}/{{number}}", name="read_revision", summary="A revision, unit by unit",
                access=Access.SIGNED_IN, handler=self.read, input=WhichPart, response=RevisionTextOut,
            ),
            Endpoint(
                method="GET", path=f"{every}/{{number}}/export", name="export_revision", summary="A revision as a file",
                access=Access.SIGNED_IN, handler=self.export, input=RevisionExportWanted, produces=tuple(sorted(set(MEDIA_TYPES.values()))),
            ),
            Endpoint(
                method="POST", path=f"{every}/{{number}}/restore", name="restore_revision",
                summary="Make the text read as in a revision, by an ordinary edit",
                access=Access.SIGNED_IN, handler=self.restore, input=NoInput, response=RestoredOut,
            ),
        ]  # fmt: skip


def number_of(call: Call[Any]) -> int:  # Any: of whichever endpoint
    """The number in the address. Raises NotFound for what is none."""
    number = call.path("number")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise NotFound(f"no revision {number!r}")
    return int(number)


def _act(call: Call[Any]) -> ActId:  # Any: of whichever endpoint
    return ActId(call.path("act_id"))
