"""Routes of acts."""

import base64
import binascii
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from server.access.actor import Actor
from server.acts.messages import (
    ActCard,
    ActImport,
    ActImported,
    ActNew,
    ActOut,
    ActPage,
    ActPatch,
    ActSearch,
    BodyIn,
    DocumentNew,
    ExportWanted,
    ImportNotice,
    MemberIn,
    TextOut,
    UnitOut,
    WhichPart,
    act_out,
    card_fields,
)
from server.acts.model import Wanted, fold
from server.acts.participants import ParticipantService
from server.acts.service import ActService
from server.acts.texts import TextService
from server.errors import InvalidInput
from server.formats.formats import MEDIA_TYPES, Export
from server.http.routing import Access, Call, Endpoint, NoInput
from server.ids import ActId, BodyCode, UserId

ExportPackage = Callable[[Actor, ActId], Awaitable[tuple[str, Export]]]
"""The title of an act and the whole of it as a package. Raises NotFound, Forbidden, Damaged."""


class ActsApi:
    """The handlers; every rule is in the services."""

    def __init__(
        self,
        acts: ActService,
        participants: ParticipantService,
        texts: TextService,
        export_package: ExportPackage,
        *,
        max_upload_bytes: int,
    ) -> None:
        self._export_package = export_package
        self._acts = acts
        self._participants = participants
        self._texts = texts
        self._max_upload_bytes = max_upload_bytes

    async def list(self, call: Call[ActSearch]) -> ActPage:
        given = call.input
        wanted = Wanted(
            words=tuple(fold(given.q).split()),
            kind=given.kind,
            stage=given.stage,
            lead_body=given.body,
            mine=given.mine,
            after=_read_cursor(given.after),
            limit=given.limit,
        )
        page = await self._acts.list(call.actor, wanted)
        return ActPage(items=[ActCard(**card_fields(card)) for card in page.cards], next=_write_cursor(page.next))

    async def create(self, call: Call[ActNew]) -> ActOut:
        given = call.input
        return await self._view(call, await self._acts.create(call.actor, given.title, given.kind, from_skeleton=given.skeleton))

    async def import_file(self, call: Call[ActImport]) -> ActImported:
        given, file = call.input, call.upload
        done = await self._acts.import_file(
            call.actor, file.name, file.data, title=given.title, kind=given.kind, automatic=given.numbering == "automatic"
        )
        warnings = [ImportNotice(code=w.code, line=w.line, text=w.en if call.locale == "en" else w.uk) for w in done.warnings]
        return ActImported(id=done.act, warnings=warnings)

    async def read(self, call: Call[NoInput]) -> ActOut:
        return await self._view(call, _act(call))

    async def rename(self, call: Call[ActPatch]) -> ActOut:
        await self._acts.rename(call.actor, _act(call), call.input.title)
        return await self._view(call, _act(call))

    async def add_part(self, call: Call[DocumentNew]) -> ActOut:
        await self._acts.add_document(call.actor, _act(call), call.input.part)
        return await self._view(call, _act(call))

    async def set_member(self, call: Call[MemberIn]) -> ActOut:
        user, given = UserId(call.path("user_id")), call.input
        if given.role is not None:
            await self._participants.add_role(call.actor, _act(call), user, given.role)
        else:
            await self._participants.set_roles(call.actor, _act(call), user, frozenset(given.roles or ()))
        return await self._view(call, _act(call))

    async def remove_member(self, call: Call[NoInput]) -> None:
        await self._participants.remove_member(call.actor, _act(call), UserId(call.path("user_id")))

    async def name_releaser(self, call: Call[NoInput]) -> ActOut:
        await self._participants.name_releaser(call.actor, _act(call), UserId(call.path("user_id")), releases=True)
        return await self._view(call, _act(call))

    async def remove_releaser(self, call: Call[NoInput]) -> None:
        await self._participants.name_releaser(call.actor, _act(call), UserId(call.path("user_id")), releases=False)

    async def set_body(self, call: Call[BodyIn]) -> ActOut:
        await self._participants.set_body(call.actor, _act(call), BodyCode(call.path("code")), call.input.part)
        return await self._view(call, _act(call))

    async def remove_body(self, call: Call[NoInput]) -> None:
        await self._participants.remove_body(call.actor, _act(call), BodyCode(call.path("code")))

    async def text(self, call: Call[WhichPart]) -> TextOut:
        text = await self._texts.read(call.actor, _act(call), call.input.part)
        units = [UnitOut(bid=line.bid, kind=line.kind, label=line.label, text=line.text) for line in text.lines]
        return TextOut(seq=text.seq, hash=text.hash, units=units)

    async def export(self, call: Call[ExportWanted]) -> Response:
        if call.input.format == "zip":
            title, package = await self._export_package(call.actor, _act(call))
            return file_response(title[:80].strip(), package)
        card, file = await self._texts.export(call.actor, _act(call), call.input.format, call.input.part)
        return file_response(card.title[:80].strip(), file)

    async def _view(self, call: Call[Any], act: ActId) -> ActOut:  # Any: of whichever endpoint
        return act_out(await self._acts.read(call.actor, act))

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        act = "/api/v1/acts/{act_id}"
        return [
            Endpoint(
                method="GET", path="/api/v1/acts", name="list_acts", summary="The acts I may see",
                access=Access.SIGNED_IN, handler=self.list, input=ActSearch, response=ActPage,
            ),
            Endpoint(
                method="POST", path="/api/v1/acts", name="create_act", summary="A new act, led by my body",
                access=Access.SIGNED_IN, handler=self.create, input=ActNew, response=ActOut, status=201,
            ),
            Endpoint(
                method="POST", path="/api/v1/acts/import", name="import_act", summary="A file as a new act", status=201,
                access=Access.SIGNED_IN, handler=self.import_file, input=ActImport, response=ActImported,
                upload_bytes=self._max_upload_bytes,
            ),
            Endpoint(
                method="GET", path=act, name="read_act", summary="An act without its text",
                access=Access.SIGNED_IN, handler=self.read, input=NoInput, response=ActOut,
            ),
            Endpoint(
                method="PATCH", path=act, name="rename_act", summary="Another title",
                access=Access.SIGNED_IN, handler=self.rename, input=ActPatch, response=ActOut,
            ),
            Endpoint(
                method="POST", path=f"{act}/documents", name="add_part", summary="Another part of the package", status=201,
                access=Access.SIGNED_IN, handler=self.add_part, input=DocumentNew, response=ActOut,
            ),
            Endpoint(
                method="PUT", path=f"{act}/members/{{user_id}}", name="set_member", summary="Give a person roles",
                access=Access.SIGNED_IN, handler=self.set_member, input=MemberIn, response=ActOut,
            ),
            Endpoint(
                method="DELETE", path=f"{act}/members/{{user_id}}", name="remove_member", summary="Take all roles of a person",
                access=Access.SIGNED_IN, handler=self.remove_member, input=NoInput, status=204,
            ),
            Endpoint(
                method="PUT", path=f"{act}/releasers/{{user_id}}", name="name_releaser", summary="A person of my body speaks for it",
                access=Access.SIGNED_IN, handler=self.name_releaser, input=NoInput, response=ActOut,
            ),
            Endpoint(
                method="DELETE", path=f"{act}/releasers/{{user_id}}", name="remove_releaser", summary="… and speaks for it no more",
                access=Access.SIGNED_IN, handler=self.remove_releaser, input=NoInput, status=204,
            ),
            Endpoint(
                method="PUT", path=f"{act}/bodies/{{code}}", name="set_body", summary="The part a body takes",
                access=Access.SIGNED_IN, handler=self.set_body, input=BodyIn, response=ActOut,
            ),
            Endpoint(
                method="DELETE", path=f"{act}/bodies/{{code}}", name="remove_body", summary="A body and its people take no part any more",
                access=Access.SIGNED_IN, handler=self.remove_body, input=NoInput, status=204,
            ),
            Endpoint(
                method="GET", path=f"{act}/text", name="read_text", summary="The saved text, unit by unit",
                access=Access.SIGNED_IN, handler=self.text, input=WhichPart, response=TextOut,
            ),
            Endpoint(
                method="GET", path=f"{act}/export", name="export_act", summary="The saved text as a file",
                access=Access.SIGNED_IN, handler=self.export, input=ExportWanted,
                produces=(*sorted(set(MEDIA_TYPES.values())), "application/zip"),
            ),
        ]  # fmt: skip


def file_response(title: str, file: Export) -> Response:
    """A written file to be saved under its title."""
    name = quote(f"{title}.{file.ending}", safe="")
    headers = {
        "content-disposition": f"attachment; filename=\"act.{file.ending}\"; filename*=UTF-8''{name}",
        "cache-control": "no-store",
    }
    return Response(file.content, headers=headers, media_type=file.media_type)


def _act(call: Call[Any]) -> ActId:  # Any: of whichever endpoint
    return ActId(call.path("act_id"))


def _write_cursor(place: tuple[int, str] | None) -> str | None:
    return None if place is None else base64.urlsafe_b64encode(f"{place[0]}.{place[1]}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, str] | None:
    if not cursor:
        return None
    try:
        at, _, act = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(".")
        return int(at), act
    except (ValueError, binascii.Error):
        raise InvalidInput(fields={"after": ("Такої сторінки немає.", "There is no such page.")}) from None
