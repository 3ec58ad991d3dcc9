"""`/api/v1/operator`: for administrators of the server."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from server.http.routing import Access, Call, Endpoint, Items, Model, NoInput
from server.ids import DocumentId, Seq
from server.operations.nodes import Nodes
from server.operations.service import Health, OperatorService


class NodeView(Model):
    """A process; `own` is the one that answers. Times in milliseconds UTC."""

    id: str
    own: bool
    host: str
    version: str
    status: str
    started_at: int
    seen_at: int
    rooms: int
    connections: int
    pending_bytes: int


class DocumentsWanted(Model):
    """`q`: how the document's name begins; `open`: only those with a room in this process; `before`: the last name of the page before."""

    q: Annotated[str, Field(max_length=64)] = ""
    open: bool = False
    before: Annotated[str, Field(max_length=64)] = ""


class DocumentHealth(Model):
    """A document: `log_length` updates since the checkpoint; `open_here` and what follows are of the process that answers."""

    document: str
    act: str
    epoch: str
    sealed: bool
    roles_version: int
    last_seq: int
    checkpoint_seq: int
    log_length: int
    log_bytes: int
    quarantined: int
    open_here: bool
    connections: int
    pending_bytes: int
    saving_stopped: bool


class QuarantineView(Model):
    """An update that could not be applied; its bytes are not shown. `at` in milliseconds UTC."""

    id: str
    document: str
    user: str
    rule: str
    at: int
    size_bytes: int


class DefectView(Model):
    """A place that is not as it was written."""

    where: str
    what: str


class PointWanted(Model):
    """The place in the journal to go back to."""

    seq: Annotated[int, Field(ge=1)]


class PutBack(Model):
    """False when the document reads so already."""

    changed: bool


class OperatorApi:
    """Routes of the operator's page."""

    def __init__(self, service: OperatorService, nodes: Nodes) -> None:
        self._service = service
        self._nodes = nodes

    async def list_nodes(self, _call: Call[NoInput]) -> Items[NodeView]:
        found = await self._nodes.list()
        return Items(
            items=[
                NodeView(own=node.id == self._nodes.id, **{name: getattr(node, name) for name in NodeView.model_fields if name != "own"})
                for node in found
            ]
        )

    async def drain(self, call: Call[NoInput]) -> None:
        node = call.path("node")
        await self._nodes.ask_to_drain(node)
        await self._service.note_drain(call.actor, node)

    async def list_documents(self, call: Call[DocumentsWanted]) -> Items[DocumentHealth]:
        given = call.input
        return Items(items=[_health(found) for found in await self._service.documents(given.q, given.before, open_only=given.open)])

    async def verify(self, call: Call[NoInput]) -> Items[DefectView]:
        defects = await self._service.verify(call.actor, DocumentId(call.path("document")))
        return Items(items=[DefectView(where=defect.where, what=defect.what) for defect in defects])

    async def restore(self, call: Call[PointWanted]) -> PutBack:
        return PutBack(changed=await self._service.restore(call.actor, DocumentId(call.path("document")), Seq(call.input.seq)))

    async def list_quarantine(self, _call: Call[NoInput]) -> Items[QuarantineView]:
        return Items(
            items=[
                QuarantineView(id=kept.id, document=kept.document, user=kept.user, rule=kept.rule, at=kept.at, size_bytes=len(kept.update))
                for kept in await self._service.kept()
            ]
        )

    async def release(self, call: Call[NoInput]) -> None:
        await self._service.release(call.actor, call.path("id"))

    async def discard(self, call: Call[NoInput]) -> None:
        await self._service.discard(call.actor, call.path("id"))

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        root, one, kept = "/api/v1/operator", "/api/v1/operator/documents/{document}", "/api/v1/operator/quarantine"
        return [
            Endpoint(
                method="GET", path=f"{root}/nodes", name="list_nodes", summary="The processes that are there",
                access=Access.ADMIN, handler=self.list_nodes, input=NoInput, response=Items[NodeView],
            ),
            Endpoint(
                method="POST", path=f"{root}/nodes/{{node}}/drain", name="drain_node", summary="A process sends its people to others",
                access=Access.ADMIN, handler=self.drain, input=NoInput, status=204,
            ),
            Endpoint(
                method="GET", path=f"{root}/documents", name="list_document_health", summary="How documents are",
                access=Access.ADMIN, handler=self.list_documents, input=DocumentsWanted, response=Items[DocumentHealth],
            ),
            Endpoint(
                method="POST", path=f"{one}/verify", name="verify_document", summary="Whether a document's act is as it was written",
                access=Access.ADMIN, handler=self.verify, input=NoInput, response=Items[DefectView],
            ),
            Endpoint(
                method="POST", path=f"{one}/restore", name="restore_document", summary="Make a document read as after an earlier change",
                access=Access.ADMIN, handler=self.restore, input=PointWanted, response=PutBack,
            ),
            Endpoint(
                method="GET", path=kept, name="list_quarantine", summary="Changes that could not be applied",
                access=Access.ADMIN, handler=self.list_quarantine, input=NoInput, response=Items[QuarantineView],
            ),
            Endpoint(
                method="POST", path=f"{kept}/{{id}}/release", name="release_quarantined", summary="Try a change again",
                access=Access.ADMIN, handler=self.release, input=NoInput, status=204,
            ),
            Endpoint(
                method="POST", path=f"{kept}/{{id}}/discard", name="discard_quarantined", summary="Give a change up",
                access=Access.ADMIN, handler=self.discard, input=NoInput, status=204,
            ),
        ]  # fmt: skip


def _health(found: Health) -> DocumentHealth:
    stored = found.stored
    return DocumentHealth(
        document=stored.document,
        act=stored.act,
        epoch=stored.epoch,
        sealed=stored.sealed,
        roles_version=stored.roles_version,
        last_seq=stored.last_seq,
        checkpoint_seq=stored.checkpoint_seq,
        log_length=stored.last_seq - stored.checkpoint_seq,
        log_bytes=stored.log_bytes,
        quarantined=stored.quarantined,
        open_here=found.open_here,
        connections=found.connections,
        pending_bytes=found.pending_bytes,
        saving_stopped=found.saving_stopped,
    )
