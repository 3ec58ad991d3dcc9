"""What a new revision does to the positions bodies have stated: untouched, worth a look, or stale, with reason and units. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.approval.machine import Sentence
from server.approval.policy import Policy, StalenessRule
from server.compare.model import Aligned, Comparison, Kind, Words
from server.compare.places import called
from server.formats.canonical import Line
from server.text.numbering import hierarchy
from server.text.tree import Table, Tree, Unit


class Validity(StrEnum):
    """What a position is worth on the newest revision: чинна, потребує перегляду, втратила чинність."""

    VALID = "valid"
    LOOK = "look"
    STALE = "stale"


class Weight(StrEnum):
    """What a change does where it stands."""

    NONE = "none"
    LOOK = "look"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a body answers for: the whole package, or provisions with everything in them (by block id)."""

    bids: frozenset[str] = frozenset()

    @property
    def is_whole(self) -> bool:
        return not self.bids


@dataclass(frozen=True, slots=True)
class Change:
    """A row of a comparison that is not `same`, and where it stands. `part` is empty for the main text.

    `above` holds the unit itself and what contains it, in either revision; `neighbours` the units of a kind beside which a change matters.
    """

    part: str
    kind: Kind
    old: Line | None
    new: Line | None
    words: Words
    weight: Weight
    above: frozenset[str]
    around: frozenset[str] = frozenset()
    place: str = ""
    """How people call where it stands; empty for a unit without any number above it."""

    @property
    def line(self) -> Line:
        """The unit as it is now, or as it was before it went."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a row has at least one side")
        return found


@dataclass(frozen=True, slots=True)
class Judged:
    """A stated position, as far as staleness asks: what it was about, and which provisions its remarks name."""

    outcome: str
    scope: Scope
    remarked: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the position is worth now, why, and the changes that made it so."""

    validity: Validity
    reason: Sentence
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """Where each block of a tree stands: itself and its ancestors, and the nearest ancestor of a kind that makes neighbours."""

    above: Mapping[str, frozenset[str]]
    around: Mapping[str, str]
    names: Mapping[str, str]
    """How people call each place: the labels on the way to it, "Стаття 18, пункт 9"; empty where none has one."""


def places_of(tree: Tree, rule: StalenessRule, labels: Mapping[str, str]) -> Places:
    """The places of every block, row and unit of a tree; `labels` are its final numbers."""
    parents: Mapping[str, str] = {str(bid): parent for bid, parent in hierarchy(tree).items()}
    kinds = {str(unit.bid): unit.kind for unit in tree.units()}
    above: dict[str, frozenset[str]] = {}
    around: dict[str, str] = {}
    names: dict[str, str] = {}
    for block in tree.blocks:
        parent = parents.get(block.bid, "")
        own = called(kinds.get(block.bid, ""), labels.get(block.bid, ""))
        names[block.bid] = ", ".join(filter(None, (names.get(parent, ""), own)))
        above[block.bid] = above.get(parent, frozenset()) | {block.bid}
        around[block.bid] = parent if kinds.get(parent) in rule.neighbour_kinds else ""
        for row in block.rows if isinstance(block, Table) else ():
            above[row.bid] = above[block.bid] | {row.bid}
            around[row.bid] = around[block.bid]
            names[row.bid] = names[block.bid]
    return Places(above, around, names)


def changes_of(comparison: Comparison, left: Places, right: Places, policy: Policy, part: str = "") -> list[Change]:
    """Everything that is not the same, in the order of the comparison."""
    return [_change(row, comparison, left, right, policy.staleness, part) for row in comparison.alignment if row.kind is not Kind.SAME]


def _change(row: Aligned, comparison: Comparison, left: Places, right: Places, rule: StalenessRule, part: str) -> Change:  # noqa: PLR0913
    old = comparison.left.units[row.left] if row.left is not None else None
    new = comparison.right.units[row.right] if row.right is not None else None
    above: frozenset[str] = frozenset()
    around: set[str] = set()
    for line, places in ((old, left), (new, right)):
        if line is not None:
            above |= places.above.get(line.bid, frozenset({line.bid}))
            around.add(places.around.get(line.bid, ""))
    place = right.names.get(new.bid, "") if new else left.names.get(old.bid, "") if old else ""
    return Change(part, row.kind, old, new, row.words, weigh(row.kind, row.words, rule), above, frozenset(around - {""}), place)


def weigh(kind: Kind, words: Words, rule: StalenessRule) -> Weight:
    """What a change of this kind does in its place."""
    if kind.value in rule.none:
        return Weight.NONE
    if kind.value in rule.look:
        return Weight.LOOK
    if kind is Kind.REPLACED and only_endings(words):
        return Weight(rule.endings)
    return Weight.STALE


def is_editorial(changes: Iterable[Change]) -> bool:
    """Whether a revision changed nothing a body would have to state its position on anew."""
    return all(change.weight is not Weight.STALE for change in changes)


_FIRST_WORDS = 48
_WORD = re.compile(r"\w+")
_STEM = 4
_ENDING = 3


def only_endings(words: Words) -> bool:
    """Whether each replaced word kept its stem and changed at most three last letters (підпункт, підпункту); numbers never do."""
    removed = added = ""
    pairs: list[tuple[str, str]] = []
    for sign, text in (*words, ("=", "")):
        if sign == "=":
            if removed or added:
                pairs.append((removed, added))
            removed = added = ""
        elif sign == "-":
            removed += text
        else:
            added += text
    return bool(pairs) and all(_same_stems(old, new) for old, new in pairs)


def _same_stems(old: str, new: str) -> bool:
    if _WORD.sub("", old) != _WORD.sub("", new):
        return False
    olds, news = _WORD.findall(old), _WORD.findall(new)
    return len(olds) == len(news) and all(_same_stem(a, b) for a, b in zip(olds, news, strict=True))


def _same_stem(old: str, new: str) -> bool:
    if old == new:
        return True
    shared = next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return shared >= _STEM and max(len(old), len(new)) - shared <= _ENDING and not any(sign.isdigit() for sign in old + new)


def judge(judged: Judged, changes: Sequence[Change], left: Places, right: Places) -> Verdict:
    """What a position stated on the left revision is worth on the right one."""
    if judged.outcome == "NOT_COMPETENT":
        return Verdict(Validity.VALID, Sentence("не належить до компетенції органу", "not in the competence of the body"))
    if judged.outcome == "REFUSED" and changes:
        return Verdict(Validity.STALE, _REFUSED, _heavy(changes))
    hit = tuple(_in_scope(judged, changes, left, right))
    if stale := _heavy(hit):
        return Verdict(Validity.STALE, _reason("змінено положення", "provisions of its scope were changed", stale), stale)
    look = tuple(change for change in hit if change.weight is Weight.LOOK) or tuple(_beside(judged.scope, changes, left, right))
    if look:
        return Verdict(Validity.LOOK, _reason("зміни, які варто переглянути", "changes that are worth a look", look), look)
    return Verdict(Validity.VALID, _why_valid(judged, changes))


_REFUSED = Sentence("орган не погодив попередню редакцію", "the body did not agree to the revision before")


def _why_valid(judged: Judged, changes: Sequence[Change]) -> Sentence:
    if not changes:
        return Sentence("текст не змінювався", "the text has not changed")
    if not judged.scope.is_whole and _heavy(changes):
        return Sentence("зміни поза сферою компетенції органу", "the changes are outside the scope of the body")
    return Sentence("лише редакційні зміни", "editorial changes only")


def _in_scope(judged: Judged, changes: Sequence[Change], left: Places, right: Places) -> Iterator[Change]:
    """Changes of the scope, of a provision a remark is about, and of what stands above a provision of the scope (its opening words)."""
    if judged.scope.is_whole:
        yield from changes
        return
    scope = judged.scope.bids | judged.remarked
    over = {above for bid in scope for places in (left, right) for above in places.above.get(bid, ())}
    for change in changes:
        if change.above & scope or change.line.bid in over:
            yield change


def _beside(scope: Scope, changes: Sequence[Change], left: Places, right: Places) -> Iterator[Change]:
    """Changes of weight within the article or point that a unit of the scope stands in."""
    homes = {places.around.get(bid, "") for bid in scope.bids for places in (left, right)} - {""}
    for change in changes:
        if change.weight is Weight.STALE and (change.around & homes or change.above & homes):
            yield change


def _heavy(changes: Sequence[Change]) -> tuple[Change, ...]:
    return tuple(change for change in changes if change.weight is Weight.STALE)


def _reason(uk: str, en: str, changes: Sequence[Change]) -> Sentence:
    named = list(dict.fromkeys(_name(change) for change in changes))
    shown = "; ".join(named[:5]) + ("; …" if len(named) > 5 else "")
    return Sentence(f"{uk}: {shown}", f"{en}: {shown}")


def _name(change: Change) -> str:
    """The place, and the first words of a unit that has no number of its own."""
    if change.line.label:
        return change.place
    return f"{change.place} {quoted(change.line.text)}".strip()


def quoted(text: str) -> str:
    """The first words of a text in quotes, cut between words."""
    line = " ".join(text.split())
    if len(line) <= _FIRST_WORDS:
        return f"«{line}»"
    return f"«{(line[:_FIRST_WORDS].rpartition(' ')[0] or line[:_FIRST_WORDS]).rstrip(' .,;:')}…»"


def is_in(change: Change, scope: Scope) -> bool:
    """Whether a change stands in a scope: what the difference of a body marks."""
    return scope.is_whole or bool(change.above & scope.bids)


def unknown_bids(scope: Scope, trees: Iterable[Tree]) -> set[str]:
    """Provisions of a scope that the texts do not have."""
    known = {block.bid for tree in trees for block in tree.blocks}
    known |= {row.bid for tree in trees for block in tree.blocks if isinstance(block, Table) for row in block.rows}
    return {bid for bid in scope.bids if bid not in known}


def text_of(tree: Tree) -> str:
    """The words of a tree without its title: whether a paper says anything."""
    return "".join(block.text for block in tree.blocks if isinstance(block, Unit) and block.kind != "title").strip()
