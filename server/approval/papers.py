"""The papers of an approval as tables: protocol of positions, table of disagreements, comparative table, positions of the bodies. Pure.

A paper is data, so that HTML, print and later formats are written from the same rows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from server.approval.calendar import Calendar
from server.approval.model import Late, Matter, Position, Round
from server.approval.policy import Column, Policy
from server.approval.staleness import Verdict
from server.comments.model import Remark
from server.compare.model import Comparison, Words
from server.compare.table import Preset, table
from server.formats.canonical import Line
from server.ids import BodyCode


class PaperKind(StrEnum):
    """The papers there are."""

    PROTOCOL = "protocol"
    DISAGREEMENTS = "disagreements"
    COMPARATIVE = "comparative"
    POSITIONS = "positions"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a cell: words with what was added or removed marked; `strong` opens a cell, as the name of a body does."""

    words: Words
    strong: bool = False


Cell = tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A table with its heading; every row has as many cells as there are columns, and `shows` says what a column holds.

    `counts` tells what the rows add up to.
    """

    kind: PaperKind
    title: str
    lines: tuple[str, ...]
    columns: tuple[str, ...]
    shows: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """What papers are made from; `names` those of bodies in its language, `lines` and `places` the revision's provisions by block id."""

    policy: Policy
    calendar: Calendar
    locale: str
    title: str
    round: Round
    matter: Matter
    names: Mapping[BodyCode, str]
    lines: Mapping[str, Line]
    places: Mapping[str, str]
    verdicts: Mapping[BodyCode, Verdict] = field(default_factory=dict)

    def say(self, uk: str, en: str) -> str:
        return en if self.locale == "en" else uk

    @property
    def remarks(self) -> list[Remark]:
        """Those sent up to the end of the round, by number."""
        return [one for one in self.matter.remarks if self.matter.remark_of.get(one.id, (0,))[0] <= self.round.number]


def remark_paper(source: Source, kind: PaperKind) -> Paper:
    """The protocol: every remark. The table of disagreements: those that were declined, or not answered yet (I6)."""
    wanted = [one for one in source.remarks if kind is PaperKind.PROTOCOL or result_of(one) in {"declined", ""}]
    rule = source.policy.tables[kind.value]
    shows: dict[str, Callable[[int, Remark], Cell]] = {
        "number": lambda number, _one: plain(str(number)),
        "provision": lambda _number, one: _provision(source, one),
        "remark": lambda _number, one: _remark(source, one),
        "answer": lambda _number, one: _answer(source, one),
        "result": lambda _number, one: plain(source.policy.results[result_of(one)].label(source.locale)),
    }
    rows = tuple(tuple(shows[column.shows](number, one) for column in rule.columns) for number, one in enumerate(wanted, 1))
    counts = {result or "open": sum(result_of(one) == result for one in wanted) for result in source.policy.results}
    return Paper(kind, rule.label(source.locale), _heading(source), *_columns(rule.columns, source), rows, counts)


def comparative_paper(source: Source, comparison: Comparison | None) -> Paper:
    """What the draft changes in the act as it was imported; without one the draft is a new act, and the table is empty."""
    rule = source.policy.tables["comparative"]
    found = table(comparison, Preset.FOUR).rows if comparison is not None else ()
    rows = []
    for row in found:
        heading = (Paragraph((("=", row.heading),), strong=True),) if row.heading and not row.is_head else ()
        shown: dict[str, Cell] = {
            "number": plain(str(row.number)),
            "old": (*heading, *_side(row.old.label, row.old.words)),
            "new": (*heading, *_side(row.new.label, row.new.words)),
            "explanation": plain(row.explanation),
        }
        rows.append(tuple(shown[column.shows] for column in rule.columns))
    return Paper(
        PaperKind.COMPARATIVE,
        rule.label(source.locale),
        _heading(source),
        *_columns(rule.columns, source),
        tuple(rows),
        {"rows": len(rows)},
    )


def positions_paper(source: Source) -> Paper:
    """The section of the explanatory note: what each body said, when, on which revision, and what became of its remarks."""
    rule = source.policy.tables["positions"]
    rows = []
    counts: dict[str, int] = {}
    for number, body in enumerate(source.matter.bodies(), 1):
        last = source.matter.last_position(body, until=source.round.number)
        counts[last[1].outcome if last else ""] = counts.get(last[1].outcome if last else "", 0) + 1
        shown: dict[str, Cell] = {
            "number": plain(str(number)),
            "body": plain(source.names.get(body, body)),
            "position": _position(source, body, last),
            "revision": plain(f"№ {last[0].revision}" if last else "—"),
            "date": plain(source.calendar.shown(last[1].at) if last else "—"),
            "remarks": _remarks_of(source, body),
        }
        rows.append(tuple(shown[column.shows] for column in rule.columns))
    return Paper(PaperKind.POSITIONS, rule.label(source.locale), _heading(source), *_columns(rule.columns, source), tuple(rows), counts)


def plain(*paragraphs: str) -> Cell:
    """Paragraphs without anything marked."""
    return tuple(Paragraph((("=", text),)) for text in paragraphs if text) or (Paragraph((("=", "—"),)),)


def result_of(remark: Remark) -> str:
    """How the lead body answered last; empty while it has not."""
    return remark.answers[-1].result.value if remark.answers else ""


def _columns(columns: Sequence[Column], source: Source) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(column.label(source.locale) for column in columns), tuple(column.shows for column in columns)


def _heading(source: Source) -> tuple[str, ...]:
    one = source.round
    revision = source.say(f"Редакція № {one.revision}", f"Revision {one.revision}")
    rounds = source.say(f"Раунд {one.number}", f"Round {one.number}")
    return (source.title, f"{revision} · {one.revision_hash[:12]} · {rounds} · {source.calendar.shown(one.opened_at)}")


def _provision(source: Source, remark: Remark) -> Cell:
    line = source.lines.get(remark.bid)
    if not remark.bid:
        return plain(source.say("До проєкту в цілому", "The draft as a whole"))
    if line is None:
        return plain(source.say("Положення вилучено з проєкту", "The provision is no longer in the draft"))
    place = source.places.get(remark.bid, "")
    return (*((Paragraph((("=", place),), strong=True),) if place else ()), *_side("", (("=", line.text),)))


def _remark(source: Source, remark: Remark) -> Cell:
    name = Paragraph((("=", source.names.get(remark.body, remark.body)),), strong=True)
    words = [Paragraph((("=", text),)) for text in remark.text.split("\n") if text.strip()]
    if remark.proposed:
        words.append(Paragraph((("=", source.say("Запропонована редакція: ", "Proposed wording: ") + f"«{remark.proposed}»"),)))
    return (name, *words)


def _answer(source: Source, remark: Remark) -> Cell:
    if not remark.answers:
        return plain(source.policy.results[""].label(source.locale))
    return plain(*remark.answers[-1].reason.split("\n"))


def _side(label: str, words: Words) -> Cell:
    if not label and not words:
        return plain("")
    return (Paragraph(((("=", f"{label} "),) if label else ()) + words),)


def _position(source: Source, body: BodyCode, last: tuple[Round, Position] | None) -> Cell:
    if last is None:
        return plain(source.say("Позиції не висловлено", "No position yet"))
    round_, position = last
    label = source.policy.outcomes[position.outcome].label(source.locale)
    notes = [position.note] if position.note else []
    if position.is_silent:
        due = source.calendar.shown(round_.requests[body].due_at)
        notes.append(source.say(f"строк минув {due}", f"the deadline passed on {due}"))
    notes += [_late(source, late) for late in source.matter.late if late.body == body and late.round == round_.number]
    verdict = source.verdicts.get(body)
    if verdict is not None and verdict.validity != "valid":
        notes.append(source.say(verdict.reason.uk, verdict.reason.en))
    return plain(label, *notes)


def _late(source: Source, late: Late) -> str:
    label = source.policy.outcomes[late.outcome].label(source.locale)
    at = source.calendar.shown(late.at)
    return source.say(f"після строку, {at}, надійшло: {label}. {late.note}", f"after the deadline, {at}: {label}. {late.note}")


def _remarks_of(source: Source, body: BodyCode) -> Cell:
    found: Iterable[Remark] = (one for one in source.remarks if one.body == body)
    return plain(*(f"№ {one.number}: {source.policy.results[result_of(one)].label(source.locale)}" for one in found))
