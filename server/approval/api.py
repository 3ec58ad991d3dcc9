"""Routes of approval; every rule is in the services."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from server.approval import messages as m
from server.approval.inbox import InboxService
from server.approval.model import MAX_SIGNATURE_BYTES, Outcome
from server.approval.office import Office
from server.approval.paper_page import write_page
from server.approval.papers import PaperKind
from server.approval.positions import PositionDraft, PositionService, RemarkDraft
from server.approval.reading import ReadingService
from server.approval.rounds import Asked, RoundDraft, RoundService
from server.approval.sealing import SealService
from server.approval.signatures import SignatureService
from server.approval.standing import StandingService
from server.approval.view import View, paper_out, standing_out
from server.approval.visas import VisaService
from server.errors import NotFound
from server.http.routing import Access, Call, Endpoint, Model, NoInput
from server.ids import ActId, BodyCode, UserId


class ApprovalApi:
    """The handlers."""

    def __init__(self, office: Office, seals: SealService) -> None:
        self._office = office
        self._seals = seals
        self._rounds = RoundService(office)
        self._positions = PositionService(office)
        self._visas = VisaService(office)
        self._signatures = SignatureService(office)
        self._reading = ReadingService(office)
        self._inbox = InboxService(office)
        self._standings = StandingService(office)

    async def overview(self, call: Call[m.ApprovalWanted]) -> m.ApprovalOut:
        return await self._overview(call, assessed=call.input.assessed)

    async def open_round(self, call: Call[m.RoundNew]) -> m.RoundOut:
        given = call.input
        asked = [Asked(BodyCode(one.body), tuple(one.scope), one.deadline) for one in given.requests]
        draft = RoundDraft(given.kind, given.revision, given.revision_hash, given.deadline, given.note, asked)
        return self._view(call).round(await self._rounds.open(call.actor, _act(call), draft))

    async def list_rounds(self, call: Call[NoInput]) -> m.RoundPage:
        seen = await self._reading.rounds(call.actor, _act(call))
        return self._view(call).rounds(seen.matter)

    async def read_round(self, call: Call[NoInput]) -> m.RoundOut:
        seen = await self._reading.rounds(call.actor, _act(call))
        number = _number(call, "round")
        found = next((one for one in seen.matter.rounds if one.number == number), None)
        if found is None:
            raise NotFound(uk=f"Раунду {number} немає.", en=f"There is no round {number}.")
        return self._view(call).round(found)

    async def state_position(self, call: Call[m.PositionNew]) -> m.PositionOut:
        given, number = call.input, _number(call, "round")
        remarks = [RemarkDraft(one.text, one.proposed, one.bid, one.part) for one in given.remarks]
        draft = PositionDraft(BodyCode(given.body), Outcome(given.outcome), given.revision_hash, given.note, remarks)
        position = await self._positions.state(call.actor, _act(call), number, draft)
        seen = await self._reading.rounds(call.actor, _act(call))
        return self._view(call).position(next(one for one in seen.matter.rounds if one.number == number), position)

    async def add_late(self, call: Call[m.LateNew]) -> m.LateOut:
        given = call.input
        draft = PositionDraft(BodyCode(given.body), Outcome(given.outcome), "", given.note)
        return self._view(call).late(await self._positions.add_late(call.actor, _act(call), _number(call, "round"), draft))

    async def difference(self, call: Call[NoInput]) -> m.DifferenceOut:
        body = BodyCode(call.path("code"))
        return self._view(call).difference(await self._reading.difference(call.actor, _act(call), _number(call, "round"), body))

    async def paper(self, call: Call[m.PaperWanted]) -> Response:
        if call.path("kind") not in set(PaperKind):
            raise NotFound(uk="Такого документа немає.", en="There is no such paper.")
        kind = PaperKind(call.path("kind"))
        paper = await self._reading.paper(call.actor, _act(call), _number(call, "round"), kind, call.locale)
        headers = {"cache-control": "no-store"}
        if call.input.format == "json":
            return Response(paper_out(paper).model_dump_json().encode(), headers=headers, media_type="application/json")
        return Response(write_page(paper, call.locale), headers=headers, media_type="text/html; charset=utf-8")

    async def advance(self, call: Call[m.StepIn]) -> m.ApprovalOut:
        given = call.input
        await self._rounds.advance(call.actor, _act(call), given.verb, given.reason, given.revision)
        return await self._overview(call)

    async def seal(self, call: Call[m.SealIn]) -> m.SealOut:
        seal = await self._seals.seal(call.actor, _act(call), call.input.revision, call.input.revision_hash)
        return m.SealOut(revision=seal.revision, revision_hash=seal.revision_hash, sealed_by=seal.sealed_by, at=seal.at)

    async def ask_visas(self, call: Call[m.VisasIn]) -> m.SheetOut:
        people = [UserId(one) for one in call.input.people]
        sheet = await self._visas.ask(call.actor, _act(call), _number(call, "number"), call.input.order, people)
        return m.SheetOut.model_validate(self._view(call).sheet(sheet))

    async def give_visa(self, call: Call[m.VisaIn]) -> m.SheetOut:
        sheet = await self._visas.give(call.actor, _act(call), _number(call, "number"), call.input.result, call.input.note)
        return m.SheetOut.model_validate(self._view(call).sheet(sheet))

    async def attach_signature(self, call: Call[m.SignatureIn]) -> m.SignatureOut:
        file, body = call.upload, BodyCode(call.input.body)
        added = await self._signatures.attach(call.actor, _act(call), _number(call, "round"), body, file.name, file.data)
        return self._view(call).signature(added)

    async def read_signature(self, call: Call[NoInput]) -> Response:
        name, content = await self._signatures.read(call.actor, _act(call), call.path("signature"))
        headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}", "cache-control": "no-store"}
        return Response(content, headers=headers, media_type="application/pkcs7-signature")

    async def name_deputy(self, call: Call[m.DeputyNew]) -> m.DeputyOut:
        given, body = call.input, BodyCode(call.path("code"))
        new = await self._visas.name_deputy(
            call.actor, body, UserId(given.deputy), UserId(given.signatory), given.first_day, given.last_day
        )
        return m.DeputyOut.model_validate(_fields(new, m.DeputyOut))

    async def list_deputies(self, call: Call[NoInput]) -> m.DeputyPage:
        found = await self._visas.list_deputies(call.actor, BodyCode(call.path("code")))
        return m.DeputyPage(items=[m.DeputyOut.model_validate(_fields(one, m.DeputyOut)) for one in found])

    async def revoke_deputy(self, call: Call[NoInput]) -> None:
        await self._visas.revoke_deputy(call.actor, BodyCode(call.path("code")), call.path("deputy"))

    async def inbox(self, call: Call[NoInput]) -> m.InboxOut:
        found = await self._inbox.list(call.actor)
        return m.InboxOut(items=[m.WaitingOut.model_validate(_fields(one, m.WaitingOut)) for one in found])

    async def standings(self, call: Call[m.StandingsWanted]) -> m.StandingPage:
        named = [ActId(one) for one in call.input.acts.split(",") if one]
        found = await self._standings.list(call.actor, named)
        return m.StandingPage(items=[standing_out(one) for one in found])

    async def _overview(self, call: Call[Any], *, assessed: bool = True) -> m.ApprovalOut:  # Any: of whichever endpoint
        return self._view(call).approval(await self._reading.overview(call.actor, _act(call), assessed=assessed))

    def _view(self, call: Call[Any]) -> View:  # Any: of whichever endpoint
        return View(self._office.rules, call.locale, self._office.clock())

    def endpoints(self) -> Sequence[Endpoint[Any]]:  # Any: each its own input
        act = "/api/v1/acts/{act_id}"
        rounds, bodies = f"{act}/rounds", "/api/v1/bodies/{code}/deputies"
        one = f"{rounds}/{{round}}"
        visas = f"{act}/revisions/{{number}}/visas"
        return [
            Endpoint(
                method="GET", path=f"{act}/approval", name="read_approval", summary="Where the act stands, one row per body, the timeline",
                access=Access.SIGNED_IN, handler=self.overview, input=m.ApprovalWanted, response=m.ApprovalOut,
            ),
            Endpoint(
                method="POST", path=rounds, name="open_round", summary="Send a revision to the bodies", status=201,
                access=Access.SIGNED_IN, handler=self.open_round, input=m.RoundNew, response=m.RoundOut,
            ),
            Endpoint(
                method="GET", path=rounds, name="list_rounds", summary="The rounds of an act",
                access=Access.SIGNED_IN, handler=self.list_rounds, input=NoInput, response=m.RoundPage,
            ),
            Endpoint(
                method="GET", path=one, name="read_round", summary="One round with its requests and positions",
                access=Access.SIGNED_IN, handler=self.read_round, input=NoInput, response=m.RoundOut,
            ),
            Endpoint(
                method="POST", path=f"{one}/positions", name="state_position", summary="My body's position on the revision I read",
                status=201, access=Access.SIGNED_IN, handler=self.state_position, input=m.PositionNew, response=m.PositionOut,
            ),
            Endpoint(
                method="POST", path=f"{one}/late", name="add_late_position", summary="What came after the deadline, kept beside it",
                status=201, access=Access.SIGNED_IN, handler=self.add_late, input=m.LateNew, response=m.LateOut,
            ),
            Endpoint(
                method="GET", path=f"{one}/bodies/{{code}}/difference", name="read_difference",
                summary="What changed since the revision a body judged",
                access=Access.SIGNED_IN, handler=self.difference, input=NoInput, response=m.DifferenceOut,
            ),
            Endpoint(
                method="GET", path=f"{one}/papers/{{kind}}", name="read_paper",
                summary="protocol, disagreements, comparative or positions, to read and print",
                access=Access.SIGNED_IN, handler=self.paper, input=m.PaperWanted, produces=("text/html", "application/json"),
            ),
            Endpoint(
                method="POST", path=f"{one}/signatures", name="attach_signature", summary="A detached signature of my position",
                status=201, access=Access.SIGNED_IN, handler=self.attach_signature, input=m.SignatureIn, response=m.SignatureOut,
                upload_bytes=MAX_SIGNATURE_BYTES,
            ),
            Endpoint(
                method="GET", path=f"{act}/signatures/{{signature}}", name="read_signature", summary="The file of a signature",
                access=Access.SIGNED_IN, handler=self.read_signature, input=NoInput, produces=("application/pkcs7-signature",),
            ),
            Endpoint(
                method="POST", path=f"{act}/steps", name="advance_act", summary="A step of the procedure: submit, return, withdraw …",
                access=Access.SIGNED_IN, handler=self.advance, input=m.StepIn, response=m.ApprovalOut,
            ),
            Endpoint(
                method="POST", path=f"{act}/seal", name="seal_act", summary="The act is signed: nothing changes any more", status=201,
                access=Access.SIGNED_IN, handler=self.seal, input=m.SealIn, response=m.SealOut,
            ),
            Endpoint(
                method="PUT", path=visas, name="ask_visas", summary="Ask people of my body for their visas on a revision",
                access=Access.SIGNED_IN, handler=self.ask_visas, input=m.VisasIn, response=m.SheetOut,
            ),
            Endpoint(
                method="POST", path=visas, name="give_visa", summary="My visa on a revision", status=201,
                access=Access.SIGNED_IN, handler=self.give_visa, input=m.VisaIn, response=m.SheetOut,
            ),
            Endpoint(
                method="GET", path=bodies, name="list_deputies", summary="Who signs for whom in my body",
                access=Access.SIGNED_IN, handler=self.list_deputies, input=NoInput, response=m.DeputyPage,
            ),
            Endpoint(
                method="POST", path=bodies, name="name_deputy", summary="Somebody signs for a signatory on given days", status=201,
                access=Access.SIGNED_IN, handler=self.name_deputy, input=m.DeputyNew, response=m.DeputyOut,
            ),
            Endpoint(
                method="DELETE", path=f"{bodies}/{{deputy}}", name="revoke_deputy", summary="They sign for nobody any more", status=204,
                access=Access.SIGNED_IN, handler=self.revoke_deputy, input=NoInput,
            ),
            Endpoint(
                method="GET", path="/api/v1/approvals", name="list_standings", summary="How far the approval of these acts has come",
                access=Access.SIGNED_IN, handler=self.standings, input=m.StandingsWanted, response=m.StandingPage,
            ),
            Endpoint(
                method="GET", path="/api/v1/inbox", name="read_inbox", summary="What waits for me",
                access=Access.SIGNED_IN, handler=self.inbox, input=NoInput, response=m.InboxOut,
            ),
        ]  # fmt: skip


def _act(call: Call[Any]) -> ActId:  # Any: of whichever endpoint
    return ActId(call.path("act_id"))


def _number(call: Call[Any], name: str) -> int:  # Any: of whichever endpoint
    """A number in the address. Raises NotFound for what is none."""
    given = call.path(name)
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise NotFound(f"no {name} {given!r}")
    return int(given)


def _fields(value: object, model: type[Model]) -> dict[str, Any]:  # Any: the fields of the model
    return {name: getattr(value, name) for name in model.model_fields}
