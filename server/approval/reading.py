"""What people ask about an approval: one row per body, what is missing, the timeline, the difference for a body, the papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from server.access.actor import Actor
from server.access.policy import Action
from server.acts.model import MAIN
from server.approval import papers
from server.approval.assessing import Between
from server.approval.model import Late, Matter, Position, Request, Round, RoundKind, Sheet, Signature
from server.approval.office import Office, Seen
from server.approval.papers import Paper, PaperKind, Source
from server.approval.policy import Need, Verb
from server.approval.staleness import Change, Scope, Verdict
from server.comments.model import Remark
from server.errors import NotFound
from server.events.store import Event, read_kinds
from server.formats import canonical
from server.formats.canonical import Line
from server.ids import ActId, BodyCode
from server.text.numbering import load_scheme
from server.versions.model import Revision

TIMELINE = 300


@dataclass(frozen=True, slots=True)
class BodyRow:
    """One body: what it was asked last, what it said last and what that is worth on the newest revision."""

    body: BodyCode
    kind: RoundKind
    asked: tuple[Round, Request] | None
    stated: tuple[Round, Position] | None
    verdict: Verdict | None
    days_left: int | None
    """Working days until the deadline of a position that is still owed."""
    remarks: Sequence[Remark]
    late: Sequence[Late]
    sheet: Sheet | None
    signatures: Sequence[Signature]
    mandatory: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The approval of an act as one person sees it; `ways` are the steps they may make, with what each still needs."""

    seen: Seen
    head: Revision | None
    rows: Sequence[BodyRow]
    ways: Sequence[tuple[Verb, Mapping[Need, tuple[str, str]]]]
    timeline: Sequence[Event]
    may_state: Sequence[tuple[int, str]]
    """Rounds in which the caller may state the position of their body now, and for whom if they sign as a deputy."""
    assessed: bool
    """Whether positions were compared with the newest revision; without it there are no verdicts and no ways."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What a body has to look at: what changed since the revision it judged last. `since` None: it has judged none yet."""

    body: BodyCode
    to: Revision
    stated: tuple[Round, Position] | None
    scope: Scope
    verdict: Verdict | None
    between: Between | None

    @property
    def changes(self) -> tuple[Change, ...]:
        return self.between.changes if self.between else ()


class ReadingService:
    """Reads; writes nothing."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def overview(self, actor: Actor, act: ActId, *, assessed: bool = True) -> Overview:
        """Everything about an act's approval; not assessed, only what needs no comparison of texts. Raises NotFound, Forbidden."""
        seen = await self._office.permitted(actor, Action.READ, act)
        head = await self._office.assessor.head(act)
        verdicts: dict[RoundKind, Mapping[BodyCode, Verdict]] = {}
        ways: Sequence[tuple[Verb, Mapping[Need, tuple[str, str]]]] = ()
        if assessed:
            studied = await self._office.study(seen)
            head = studied.head.revision if studied.head else None
            legal = await self._office.assessor.verdicts(seen.matter, head, RoundKind.LEGAL)
            verdicts = {RoundKind.APPROVAL: studied.verdicts, RoundKind.LEGAL: legal}
            ways = self._office.ways(studied, self._office.who(actor, seen.access))
        events = await self._office.database.read(lambda connection: read_kinds(connection, act, "approval.", limit=TIMELINE))
        may = await self._office.database.read(lambda connection: self._may_state(connection, actor, seen))
        return Overview(seen, head, self._rows(seen, verdicts), ways, events, may, assessed)

    async def rounds(self, actor: Actor, act: ActId) -> Seen:
        """The act's rounds. Raises NotFound, Forbidden."""
        return await self._office.permitted(actor, Action.READ, act)

    def _may_state(self, connection: Connection, actor: Actor, seen: Seen) -> list[tuple[int, str]]:
        open_ = seen.matter.open_round
        waiting = open_ is not None and any(one.body == actor.body for one in open_.waiting)
        if open_ is None or not waiting:
            return []
        signs = self._office.may_sign(connection, actor, seen.access, open_.kind)
        return [] if signs is None else [(open_.number, signs)]

    def _rows(self, seen: Seen, verdicts: Mapping[RoundKind, Mapping[BodyCode, Verdict]]) -> list[BodyRow]:
        matter, found = seen.matter, list[BodyRow]()
        for kind in RoundKind:
            judged = verdicts.get(kind, {})
            named = [BodyCode(one.body) for one in self._office.policy.procedures[matter.procedure].mandatory if one.round == kind.value]
            bodies = dict.fromkeys((*named, *matter.bodies(kind)))
            found += [self._row(matter, body, kind, judged.get(body), body in named) for body in bodies if body != seen.access.lead_body]
        return found

    def _row(self, matter: Matter, body: BodyCode, kind: RoundKind, verdict: Verdict | None, mandatory: bool) -> BodyRow:
        asked, stated = matter.last_request(body, kind), matter.last_position(body, kind)
        owed = asked is not None and asked[0].is_open and body not in asked[0].positions
        days = self._office.rules.calendar.days_left(self._office.clock(), asked[1].due_at) if asked is not None and owed else None
        numbers = {one.number for one in matter.rounds if one.kind is kind}
        return BodyRow(
            body=body,
            kind=kind,
            asked=asked,
            stated=stated,
            verdict=verdict,
            days_left=days,
            remarks=[one for one in matter.remarks_of(body) if matter.remark_of.get(one.id, (0,))[0] in {0, *numbers}],
            late=[one for one in matter.late if one.body == body],
            sheet=matter.sheet(asked[0].revision, body) if asked else None,
            signatures=[one for one in matter.signatures if one.body == body and one.round in numbers],
            mandatory=mandatory,
        )

    async def difference(self, actor: Actor, act: ActId, number: int, body: BodyCode) -> Difference:
        """What changed since the body's last position in rounds up to `number`.

        For a body that owes its position: up to the revision that the round is about, the only one it can judge, whatever was
        frozen since. For the others up to the newest one. Raises NotFound, Forbidden.
        """
        seen = await self._office.permitted(actor, Action.COMPARE, act)
        round_ = _round(seen.matter, number)
        owes = round_.is_open and body not in round_.positions
        head = (await self._office.assessor.papers(act, round_.revision)).revision if owes else await self._office.assessor.head(act)
        if body not in round_.requests or head is None:
            raise NotFound(f"{body} was not asked in round {number}", uk="Цей орган у раунді не запитували.", en="This body was not asked.")
        scope = round_.requests[body].scope
        last = seen.matter.last_position(body, round_.kind, number)
        if last is None:
            since_base = await self._office.assessor.since_base(act, head.number)
            return Difference(body, head, None, scope, None, since_base)
        between = await self._office.assessor.between(act, last[0].revision, head.number)
        verdicts = await self._office.assessor.verdicts(seen.matter, head, round_.kind)
        return Difference(body, head, last, scope, verdicts.get(body), between)

    async def paper(self, actor: Actor, act: ActId, number: int, kind: PaperKind, locale: str) -> Paper:
        """A paper of a round, as it stands now. Raises NotFound, Forbidden."""
        seen = await self._office.permitted(actor, Action.EXPORT, act)
        round_ = _round(seen.matter, number)
        studied = await self._office.study(seen)
        lines = await self._lines(act, round_.revision)
        places = (await self._office.assessor.papers(act, round_.revision)).places.names
        names = {code: short[1 if locale == "en" else 0] for code, short in seen.names.items()}
        rules = self._office.rules
        source = Source(rules.policy, rules.calendar, locale, seen.card.title, round_, seen.matter, names, lines, places, studied.verdicts)
        match kind:
            case PaperKind.PROTOCOL | PaperKind.DISAGREEMENTS:
                return papers.remark_paper(source, kind)
            case PaperKind.POSITIONS:
                return papers.positions_paper(source)
            case PaperKind.COMPARATIVE:
                since_base = await self._office.assessor.since_base(act, round_.revision)
                return papers.comparative_paper(source, since_base.comparisons[MAIN] if since_base else None)

    async def _lines(self, act: ActId, number: int) -> dict[str, Line]:
        held = await self._office.assessor.papers(act, number)
        scheme = load_scheme(held.revision.scheme_id)

        def read() -> dict[str, Line]:
            return {line.bid: line for tree in held.trees.values() for line in canonical.lines(tree, scheme)}

        return await self._office.assessor.off_loop(read)


def _round(matter: Matter, number: int) -> Round:
    found = next((one for one in matter.rounds if one.number == number), None)
    if found is None:
        raise NotFound(f"no round {number}", uk=f"Раунду {number} немає.", en=f"There is no round {number}.")
    return found
