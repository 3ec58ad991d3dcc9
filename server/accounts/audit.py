"""The audit for who has to answer for it: pages of events, and whether their chain holds."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field
from sqlalchemy import Connection

from server.db.engine import Database
from server.events.store import SYSTEM, Event, find_defect, read_page
from server.http.routing import Access, Call, Endpoint, Model


class AuditWanted(Model):
    """`scope`: an act's id, or `system`. `before`: the `next` of the page before."""

    scope: Annotated[str, Field(max_length=32)] = SYSTEM
    before: Annotated[int, Field(ge=1)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class EventView(Model):
    """Something that happened; people are named by id (D17), time in milliseconds UTC."""

    seq: int
    at: int
    actor: str
    kind: str
    payload: Mapping[str, Any]  # Any: JSON, by kind
    hash: str


class AuditPage(Model):
    """Latest first. `intact` is about the whole scope: every event is as it was written, and none is missing."""

    items: Sequence[EventView]
    next: int | None
    intact: bool


class AuditApi:
    """One reading endpoint; the audit is never written from outside."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, call: Call[AuditWanted]) -> AuditPage:
        given = call.input

        def work(connection: Connection) -> tuple[list[Event], bool]:
            return read_page(connection, given.scope, before=given.before, limit=given.limit), find_defect(connection, given.scope) is None

        found, intact = await self._database.read(work)
        views = [
            EventView(seq=each.seq, at=each.at, actor=each.actor, kind=each.kind, payload=each.payload, hash=each.hash) for each in found
        ]
        return AuditPage(items=views, next=found[-1].seq if found and found[-1].seq > 1 else None, intact=intact)

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        return [
            Endpoint(
                method="GET", path="/api/v1/audit", name="read_audit", summary="What people did",
                access=Access.AUDITOR, handler=self.read, input=AuditWanted, response=AuditPage,
            ),
        ]  # fmt: skip
