"""Positions: stated by those who may sign for a body, on the revision they read; by default when the deadline has passed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from server.access.actor import Actor
from server.access.policy import Action, require
from server.acts.store import lock_act
from server.approval import store
from server.approval.deadlines import Due
from server.approval.model import (
    MAX_REMARKS,
    AlreadyStated,
    Late,
    NotAsked,
    NotNow,
    OtherBody,
    Outcome,
    Position,
    RevisionMoved,
    Round,
    RoundKind,
    TooLate,
    VisasMissing,
)
from server.approval.office import Office, Seen
from server.comments import remark_store
from server.comments.model import Remark, clean_text
from server.comments.view import remark_json
from server.errors import Forbidden, InvalidInput, NotFound
from server.events.store import Value, record
from server.ids import ActId, BodyCode, DocumentId, document_of
from server.journal.journal import SERVER
from server.journal.store import read_documents_in
from server.suggestions.shape import check_bid


@dataclass(frozen=True, slots=True)
class RemarkDraft:
    """A remark as it comes with a position: the provision (empty: the whole part), why, what should stand there."""

    text: str
    proposed: str = ""
    bid: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class PositionDraft:
    """What a body says, and the hash of the revision its signatory has read."""

    body: BodyCode
    outcome: Outcome
    revision_hash: str
    note: str = ""
    remarks: Sequence[RemarkDraft] = ()


class PositionService:
    """The verbs of the bodies that were asked."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def state(self, actor: Actor, act: ActId, number: int, draft: PositionDraft) -> Position:
        """The body's one position in the round; it holds from the moment the server has it (I5).

        Raises NotFound, Forbidden, InvalidInput, NotNow, RevisionMoved, AlreadyStated, TooLate, VisasMissing.
        """
        note, remarks = clean_text(draft.note, "note", needed=False), _clean(draft.remarks)
        at = self._office.clock()

        def write(connection: Connection) -> tuple[Position, list[Remark]]:
            lock_act(connection, act)
            seen = self._office.see(connection, act)
            round_, signed_for = self._may_state(connection, actor, seen, number, draft.body)
            self._check(round_, seen, draft, at)
            position = Position(act, number, draft.body, draft.outcome, round_.revision_hash, note, actor.id, signed_for, at)
            store.insert_position(connection, position)
            made = [self._remark(connection, actor, act, number, remark, at) for remark in remarks]
            told: dict[str, Value] = {
                "round": number,
                "body": draft.body,
                "outcome": draft.outcome,
                "revision_hash": round_.revision_hash,
                "for": signed_for,
            }
            record(connection, act, actor.id, "approval.position", {**told, "remarks": [one.number for one in made]}, at)
            self._office.close_if_complete(connection, act, number, at)
            return position, made

        position, made = await self._office.database.write(write)
        self._office.tell(act, "position", round=number, body=draft.body)
        for remark in made:
            self._office.show(remark.document, {"type": "remark", "remark": remark_json(remark)})
        return position

    async def add_late(self, actor: Actor, act: ActId, number: int, draft: PositionDraft) -> Late:
        """A paper that came after the deadline: kept, without replacing what holds. Raises NotFound, Forbidden, InvalidInput, NotNow."""
        note, at = clean_text(draft.note, "note"), self._office.clock()

        def write(connection: Connection) -> Late:
            lock_act(connection, act)
            seen = self._office.see(connection, act)
            round_, _ = self._may_state(connection, actor, seen, number, draft.body)
            held = round_.positions.get(draft.body)
            if held is None or not held.is_silent:
                raise NotNow(
                    uk="Це для того, що надійшло після строку. Строк ще не минув або позицію вже висловлено.",
                    en="This is for what comes after the deadline. It has not passed, or a position was stated.",
                    rule="late",
                )
            late = Late(self._office.new_id(), number, draft.body, draft.outcome, note, actor.id, at)
            store.insert_late(connection, act, late)
            record(connection, act, actor.id, "approval.late", {"round": number, "body": draft.body, "outcome": draft.outcome}, at)
            return late

        late = await self._office.database.write(write)
        self._office.tell(act, "late", round=number, body=draft.body)
        return late

    async def settle(self) -> int:
        """Write the position by default of every body whose time is up; how many this call wrote. Safe on any number of nodes.

        Only the engine calls this: it knows whether the clock can be believed (D5).
        """
        at = self._office.clock()
        due = await self._office.database.read(lambda connection: store.list_due(connection, at))
        return sum([await self._fall_silent(one, at) for one in due])

    async def _fall_silent(self, due: Due, at: int) -> int:
        def write(connection: Connection) -> bool:
            lock_act(connection, due.act)
            if due not in store.list_due(connection, at, act=due.act):
                return False  # stated, withdrawn, or another node was faster
            round_ = _round(store.list_rounds(connection, due.act), due.round)
            store.insert_position(
                connection, Position(due.act, due.round, due.body, Outcome.SILENT, round_.revision_hash, "", SERVER, "", at)
            )
            told: dict[str, Value] = {"round": due.round, "body": due.body, "due_at": due.due_at, "revision_hash": round_.revision_hash}
            record(connection, due.act, SERVER, "approval.silent", told, at)
            self._office.close_if_complete(connection, due.act, due.round, at)
            return True

        try:
            wrote = await self._office.database.write(write)
        except AlreadyStated:
            return 0
        if wrote:
            self._office.tell(due.act, "silent", round=due.round, body=due.body)
        return int(wrote)

    # -- rules ---------------------------------------------------------------------------------------------------------

    def _may_state(self, connection: Connection, actor: Actor, seen: Seen, number: int, body: BodyCode) -> tuple[Round, str]:
        """The round, and for whom a deputy signs. Raises NotFound, Forbidden, OtherBody, NotAsked."""
        require(actor, Action.READ, seen.access)
        round_ = _round(seen.matter.rounds, number)
        action = Action.STATE_POSITION if round_.kind is RoundKind.APPROVAL else Action.GIVE_OPINION
        if seen.access.sealed:
            require(actor, action, seen.access)
        if body != actor.body:
            raise OtherBody
        signed_for = self._office.may_sign(connection, actor, seen.access, round_.kind)
        if signed_for is None:
            raise Forbidden(
                uk="Позицію органу висловлює його підписувач або той, хто його заміщує.",
                en="A body's position is stated by its signatory, or by their deputy.",
            )
        if body not in round_.requests:
            raise NotAsked
        return round_, signed_for

    def _check(self, round_: Round, seen: Seen, draft: PositionDraft, at: int) -> None:
        held = round_.positions.get(draft.body)
        if held is not None:
            raise TooLate if held.is_silent else AlreadyStated
        if not round_.is_open:
            state = self._office.policy.states[seen.matter.state]
            raise NotNow(
                uk=f"Раунд завершено: акт у стані «{state.uk}».", en=f'The round is over: the act stands at "{state.en}".', rule="ended"
            )
        request = round_.requests[draft.body]
        if request.silent and at > request.due_at:
            raise TooLate
        if draft.revision_hash != round_.revision_hash:
            raise RevisionMoved(revision=round_.revision, revision_hash=round_.revision_hash)
        self._check_outcome(round_, draft)
        sheet = seen.matter.sheet(round_.revision, draft.body)
        if sheet is not None and sheet.owing:
            raise VisasMissing(people=list(sheet.owing))

    def _check_outcome(self, round_: Round, draft: PositionDraft) -> None:
        policy = self._office.policy
        if draft.outcome not in policy.rounds[round_.kind.value].outcomes:
            raise InvalidInput(fields={"outcome": ("Такої позиції в цьому раунді немає.", "There is no such position in this round.")})
        rule = policy.outcomes[draft.outcome]
        if rule.remarks == "required" and not draft.remarks:
            raise InvalidInput(fields={"remarks": ("До цієї позиції додайте зауваження.", "This position needs its remarks.")})
        if rule.remarks == "none" and draft.remarks:
            raise InvalidInput(
                fields={"remarks": (f"«{rule.uk}»: зауважень тут не подають.", f'"{rule.en}": there are no remarks with this position.')}
            )

    def _remark(self, connection: Connection, actor: Actor, act: ActId, number: int, given: RemarkDraft, at: int) -> Remark:  # noqa: PLR0913
        """A formal remark that came with the position; the lead answers it as any other (I6)."""
        document = _document(connection, act, given.part)
        made = Remark(
            act=act,
            id=self._office.new_id(),
            number=remark_store.next_number(connection, act),
            document=document,
            bid=given.bid,
            suggestion="",
            comment="",
            change=None,
            text=given.text,
            proposed=given.proposed,
            author=actor.id,
            body=actor.body,
            at=at,
        )
        remark_store.insert_remark(connection, made)
        store.link_remark(connection, act, made.id, number, actor.body)
        record(connection, act, actor.id, "remark.sent", {"remark": made.id, "number": made.number, "bid": made.bid}, at)
        return made


def _round(rounds: Sequence[Round], number: int) -> Round:
    found = next((one for one in rounds if one.number == number), None)
    if found is None:
        raise NotFound(f"no round {number}", uk=f"Раунду {number} немає.", en=f"There is no round {number}.")
    return found


def _document(connection: Connection, act: ActId, part: str) -> DocumentId:
    document = document_of(act, part)
    if part and document not in {state.document for state in read_documents_in(connection, act)}:
        raise InvalidInput(fields={"part": ("Такої частини пакета немає.", "An act has no such part.")})
    return document


def _clean(remarks: Sequence[RemarkDraft]) -> list[RemarkDraft]:
    if len(remarks) > MAX_REMARKS:
        raise InvalidInput(fields={"remarks": (f"Не більше {MAX_REMARKS} зауважень.", f"At most {MAX_REMARKS} remarks.")})
    for one in remarks:
        if one.bid:
            check_bid("bid", one.bid)
    return [RemarkDraft(clean_text(one.text), clean_text(one.proposed, "proposed", needed=False), one.bid, one.part) for one in remarks]
