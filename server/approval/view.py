"""Values of approval as answers: one place where labels are put into the caller's language."""

from collections import Counter
from collections.abc import Mapping

from server.approval import messages as out
from server.approval.calendar import Calendar
from server.approval.model import Late, Matter, Position, Request, Round, RoundKind, Sheet, Signature
from server.approval.papers import Paper
from server.approval.policy import Need, Policy, Verb
from server.approval.policy_file import Rules
from server.approval.reading import BodyRow, Difference, Overview
from server.approval.staleness import Change, Scope, Verdict, is_in
from server.approval.standing import Standing
from server.comments.messages import RemarkOut
from server.comments.view import remark_json
from server.events.store import Event


class View:
    """Makes answers in one language, at one moment."""

    def __init__(self, rules: Rules, locale: str, now: int) -> None:
        self._policy: Policy = rules.policy
        self._calendar: Calendar = rules.calendar
        self._locale = locale
        self._now = now

    def approval(self, seen: Overview) -> out.ApprovalOut:
        """The whole page."""
        matter, policy = seen.seen.matter, self._policy
        head = seen.head
        return out.ApprovalOut(
            act=matter.act,
            state=matter.state,
            state_label=policy.states[matter.state].label(self._locale),
            procedure=matter.procedure,
            procedure_label=policy.procedures[matter.procedure].label(self._locale),
            sealed=matter.seal is not None,
            revision=head.number if head else None,
            revision_hash=head.hash if head else "",
            open_round=matter.open_round.number if matter.open_round else None,
            bodies=[self.row(row) for row in seen.rows],
            lead_visas=self.sheet(matter.sheet(head.number, seen.seen.access.lead_body)) if head else None,
            steps=[self._way(verb, missing) for verb, missing in seen.ways],
            may_state=[out.MayStateOut(round=number, deputy_for=signed_for) for number, signed_for in seen.may_state],
            timeline=[moment(event) for event in seen.timeline],
            labels=self._labels(),
            assessed=seen.assessed,
        )

    def row(self, row: BodyRow) -> out.BodyRowOut:
        scope = row.stated[0].requests[row.body].scope if row.stated else Scope()
        return out.BodyRowOut(
            body=row.body,
            kind=row.kind,
            mandatory=row.mandatory,
            request=self.request(*row.asked) if row.asked else None,
            position=self.position(*row.stated) if row.stated else None,
            validity=self.validity(row.verdict, scope),
            days_left=row.days_left,
            remarks=[RemarkOut.model_validate(remark_json(one)) for one in row.remarks],
            late=[self.late(one) for one in row.late],
            visas=self.sheet(row.sheet),
            signatures=[self.signature(one) for one in row.signatures],
        )

    def round(self, one: Round) -> out.RoundOut:
        return out.RoundOut(
            number=one.number,
            kind=one.kind,
            revision=one.revision,
            revision_hash=one.revision_hash,
            note=one.note,
            opened_by=one.opened_by,
            opened_at=one.opened_at,
            ended=one.ended,
            ended_at=one.ended_at,
            requests=[self.request(one, request) for request in one.requests.values()],
            positions=[self.position(one, position) for position in sorted(one.positions.values(), key=lambda each: (each.at, each.body))],
        )

    def rounds(self, matter: Matter) -> out.RoundPage:
        return out.RoundPage(items=[self.round(one) for one in matter.rounds])

    def request(self, round_: Round, request: Request) -> out.RequestOut:
        owed = round_.is_open and request.body not in round_.positions
        deadline = self._policy.deadlines.get(request.deadline)
        return out.RequestOut(
            round=round_.number,
            revision=round_.revision,
            revision_hash=round_.revision_hash,
            body=request.body,
            deadline=request.deadline,
            deadline_label=deadline.label(self._locale) if deadline else request.deadline,
            due_at=request.due_at,
            days_left=self._calendar.days_left(self._now, request.due_at) if owed else None,
            silent=request.silent,
            scope=sorted(request.scope.bids),
        )

    def position(self, round_: Round, position: Position) -> out.PositionOut:
        rule = self._policy.outcomes[position.outcome]
        return out.PositionOut(
            round=round_.number,
            body=position.body,
            outcome=position.outcome,
            label=rule.label(self._locale),
            counts=rule.counts,
            revision=round_.revision,
            revision_hash=position.revision_hash,
            note=position.note,
            signatory=position.signatory,
            deputy_for=position.deputy_for,
            at=position.at,
            silent=position.is_silent,
        )

    def late(self, late: Late) -> out.LateOut:
        label = self._policy.outcomes[late.outcome].label(self._locale)
        return out.LateOut(
            id=late.id,
            round=late.round,
            body=late.body,
            outcome=late.outcome,
            label=label,
            note=late.note,
            signatory=late.signatory,
            at=late.at,
        )

    def validity(self, verdict: Verdict | None, scope: Scope) -> out.ValidityOut | None:
        if verdict is None:
            return None
        reason = verdict.reason.en if self._locale == "en" else verdict.reason.uk
        return out.ValidityOut(state=verdict.validity, reason=reason, units=[change_out(one, scope) for one in verdict.changes])

    def sheet(self, sheet: Sheet | None) -> out.SheetOut | None:
        if sheet is None:
            return None
        return out.SheetOut(
            revision=sheet.revision,
            body=sheet.body,
            number=sheet.number,
            order=sheet.order,
            people=list(sheet.people),
            next=list(sheet.next),
            asked_by=sheet.asked_by,
            at=sheet.at,
            visas=[out.VisaOut(user=one.user, result=one.result, note=one.note, at=one.at) for one in sheet.visas],
        )

    def signature(self, one: Signature) -> out.SignatureOut:
        return out.SignatureOut(
            id=one.id,
            round=one.round,
            body=one.body,
            revision_hash=one.revision_hash,
            file_name=one.file_name,
            sha256=one.sha256,
            verification=one.verification,
            added_by=one.added_by,
            at=one.at,
        )

    def difference(self, found: Difference) -> out.DifferenceOut:
        """Linear: what was and what is, provision by provision."""
        return out.DifferenceOut(
            body=found.body,
            since=found.stated[0].revision if found.stated else None,
            to=found.to.number,
            to_hash=found.to.hash,
            position=self.position(*found.stated) if found.stated else None,
            scope=sorted(found.scope.bids),
            validity=self.validity(found.verdict, found.scope),
            changes=[change_out(one, found.scope) for one in found.changes],
            summary=dict(Counter(one.kind.value for one in found.changes)),
        )

    def _way(self, verb: Verb, missing: Mapping[Need, tuple[str, str]]) -> out.WayOut:
        place = 1 if self._locale == "en" else 0
        return out.WayOut(verb=verb, missing=[out.MissingOut(need=need, why=sentence[place]) for need, sentence in missing.items()])

    def _labels(self) -> out.LabelsOut:
        policy, locale = self._policy, self._locale
        deadlines = {
            kind.value: [
                out.ClassOut(
                    id=name,
                    label=policy.deadlines[name].label(locale),
                    due_at=self._calendar.due_at(self._now, policy.deadlines[name]),
                )
                for name in policy.rounds[kind.value].classes
            ]
            for kind in RoundKind
        }
        return out.LabelsOut(
            states={name: state.label(locale) for name, state in policy.states.items()},
            outcomes={name: outcome.label(locale) for name, outcome in policy.outcomes.items()},
            results={name: result.label(locale) for name, result in policy.results.items()},
            deadlines=deadlines,
        )


def change_out(change: Change, scope: Scope) -> out.UnitChange:
    """A changed provision; `in_scope` for the body the answer is about."""
    return out.UnitChange(
        part=change.part,
        bid=change.line.bid,
        kind=change.kind,
        unit=change.line.kind,
        label=change.line.label,
        old_label=change.old.label if change.old else "",
        place=change.place,
        words=list(change.words),
        weight=change.weight,
        in_scope=is_in(change, scope),
    )


def standing_out(one: Standing) -> out.StandingOut:
    """A line of a list of acts."""
    said = [out.SaidOut(body=body, outcome=outcome) for body, outcome in one.said]
    return out.StandingOut(act=one.act, round=one.round, said=said, due_at=one.due_at, days_left=one.days_left)


def moment(event: Event) -> out.MomentOut:
    """An event of the timeline."""
    return out.MomentOut(seq=event.seq, at=event.at, actor=event.actor, kind=event.kind, payload=dict(event.payload))


def paper_out(paper: Paper) -> out.PaperOut:
    """The table itself."""
    rows = [[[out.ParagraphOut(words=list(one.words), strong=one.strong) for one in cell] for cell in row] for row in paper.rows]
    return out.PaperOut(
        kind=paper.kind,
        title=paper.title,
        lines=list(paper.lines),
        columns=list(paper.columns),
        shows=list(paper.shows),
        rows=rows,
        counts=dict(paper.counts),
    )
