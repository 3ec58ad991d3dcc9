"""What a transition still needs: facts of an act turned into the sentences that the table's needs ask for. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.acts.model import act_schema
from server.approval.assessing import Papers
from server.approval.machine import Sentence
from server.approval.model import Matter, Outcome, RoundKind
from server.approval.policy import Need, Policy
from server.approval.staleness import Validity, Verdict
from server.ids import BodyCode

Names = Mapping[BodyCode, tuple[str, str]]
"""Short names of bodies, Ukrainian and English."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found out about an act, for one verb: `number` is the revision the caller names, None for none."""

    kind: str
    lead_body: BodyCode
    head: Papers | None
    verdicts: Mapping[BodyCode, Verdict]
    names: Names
    number: int | None = None
    reason: str = ""


def unmet(policy: Policy, matter: Matter, facts: Facts) -> dict[Need, Sentence]:
    """The needs that do not hold now, each with what is missing."""
    checks = {
        Need.REVISION: _revision(facts),
        Need.CURRENT_REVISION: _revision(facts) or _current(facts),
        Need.PAPERS: _papers(policy, facts),
        Need.VISAS: _visas(matter, facts),
        Need.NO_OPEN_ROUND: _open_round(matter),
        Need.POSITIONS: _positions(policy, matter, facts),
        Need.OPINION: _opinion(policy, matter, facts),
        Need.ANSWERS: _answers(matter),
        Need.REASON: None if facts.reason else Sentence("Потрібно вказати причину.", "A reason is needed."),
    }
    return {need: sentence for need, sentence in checks.items() if sentence is not None}


def _revision(facts: Facts) -> Sentence | None:
    return None if facts.head else Sentence("Спершу зафіксуйте редакцію.", "Freeze a revision first.")


def _current(facts: Facts) -> Sentence | None:
    if facts.head is None or facts.number is None or facts.number == facts.head.revision.number:
        return None
    newest = facts.head.revision.number
    return Sentence(
        f"Редакція № {facts.number} вже не найновіша: є редакція № {newest}.",
        f"Revision {facts.number} is not the newest one any more: there is revision {newest}.",
    )


def _papers(policy: Policy, facts: Facts) -> Sentence | None:
    missing = [part for part in policy.papers.get(facts.kind, ()) if facts.head is None or part not in facts.head.written]
    if not missing:
        return None
    parts = act_schema()["parts"]
    return Sentence(
        f"У зафіксованій редакції бракує: {', '.join(parts[part]['uk'] for part in missing)}. Додайте й зафіксуйте нову редакцію.",
        f"The revision lacks: {', '.join(parts[part]['en'] for part in missing)}. Add it and freeze a new revision.",
    )


def _visas(matter: Matter, facts: Facts) -> Sentence | None:
    sheet = matter.sheet(facts.head.revision.number, facts.lead_body) if facts.head else None
    if sheet is None or not sheet.owing:
        return None
    return Sentence(f"Внутрішнє візування триває: ще не завізували {len(sheet.owing)}.", f"Visas still owed: {len(sheet.owing)}.")


def _open_round(matter: Matter) -> Sentence | None:
    found = matter.open_round
    if found is None:
        return None
    return Sentence(f"Раунд {found.number} ще триває.", f"Round {found.number} is still running.")


def _positions(policy: Policy, matter: Matter, facts: Facts) -> Sentence | None:
    mandatory = [BodyCode(one.body) for one in policy.procedures[matter.procedure].mandatory if one.round == RoundKind.APPROVAL.value]
    asked = [body for body in matter.bodies() if matter.last_position(body) is not None]
    needed = dict.fromkeys(body for body in (*mandatory, *asked) if body != facts.lead_body)
    missing = [body for body in needed if body not in facts.verdicts]
    stale = [body for body, verdict in facts.verdicts.items() if verdict.validity is Validity.STALE]
    if not missing and not stale:
        return None
    return Sentence(
        " ".join(
            filter(None, [_list("Немає позиції: ", missing, facts.names, 0), _list("Позиція втратила чинність: ", stale, facts.names, 0)])
        ),
        " ".join(
            filter(None, [_list("No position of: ", missing, facts.names, 1), _list("The position is stale of: ", stale, facts.names, 1)])
        ),
    )


def _opinion(policy: Policy, matter: Matter, facts: Facts) -> Sentence | None:
    bodies = [BodyCode(one.body) for one in policy.procedures[matter.procedure].mandatory if one.round == RoundKind.LEGAL.value]
    missing = [body for body in bodies if body != facts.lead_body and not _is_clean(matter, body, facts)]
    if not missing:
        return None
    uk = _list("Немає висновку без зауважень на найновішу редакцію: ", missing, facts.names, 0)
    return Sentence(uk, _list("No opinion without remarks on the newest revision of: ", missing, facts.names, 1))


def _is_clean(matter: Matter, body: BodyCode, facts: Facts) -> bool:
    last = matter.last_position(body, RoundKind.LEGAL)
    if last is None or facts.head is None:
        return False
    return last[1].outcome is Outcome.AGREED and last[0].revision_hash == facts.head.revision.hash


def _answers(matter: Matter) -> Sentence | None:
    open_ = [str(remark.number) for remark in matter.remarks if not remark.answers]
    if not open_:
        return None
    shown = ", ".join(open_[:10]) + (" …" if len(open_) > 10 else "")
    return Sentence(f"Зауваження без результату розгляду: № {shown}.", f"Remarks without a resolution: {shown}.")


def _list(lead: str, bodies: Iterable[BodyCode], names: Names, locale: int) -> str:
    found = ", ".join(names.get(body, (body, body))[locale] for body in bodies)
    return f"{lead}{found}." if found else ""
