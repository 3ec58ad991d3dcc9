"""What the positions of an act are worth on a revision: comparisons of revisions turned into verdicts, computed off the event loop."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from server.approval.model import Matter, Position, Round, RoundKind
from server.approval.policy import Policy
from server.approval.staleness import Change, Judged, Places, Verdict, changes_of, judge, places_of, text_of
from server.compare.model import Comparison
from server.compare.service import CompareService
from server.errors import NotFound
from server.ids import ActId, BodyCode
from server.text.tree import Tree
from server.versions.model import BASE, Revision, RevisionContent
from server.versions.service import VersionService

T = TypeVar("T")
K = TypeVar("K")

_KEPT = 8
"""So many revisions, and pairs of them, are remembered."""


@dataclass(frozen=True, slots=True)
class Between:
    """Everything that changed from one revision to another, all parts, and where it stands."""

    changes: tuple[Change, ...]
    comparisons: Mapping[str, Comparison]
    left: Places
    right: Places


@dataclass(frozen=True, slots=True)
class Papers:
    """What of a revision the table of transitions asks about: the parts that say something, and its trees."""

    revision: Revision
    written: frozenset[str]
    trees: Mapping[str, Tree]
    places: Places


class _Kept(Generic[K, T]):
    """The last few answers about revisions, which never change.

    Whoever asks while an answer is being made waits for that one: after a freeze everyone in the act asks the same at once.
    """

    def __init__(self) -> None:
        self._answers: OrderedDict[K, T] = OrderedDict()
        self._making: dict[K, asyncio.Lock] = {}

    async def get(self, key: K, make: Callable[[], Awaitable[T]]) -> T:
        """The kept answer, or the one made now; raises what making raises."""
        if key in self._answers:
            self._answers.move_to_end(key)
            return self._answers[key]
        async with self._making.setdefault(key, asyncio.Lock()):
            if key not in self._answers:
                try:
                    self._keep(key, await make())
                finally:
                    self._making.pop(key, None)
            return self._answers[key]

    def _keep(self, key: K, answer: T) -> None:
        self._answers[key] = answer
        if len(self._answers) > _KEPT:
            self._answers.popitem(last=False)


class Assessor:
    """Judges positions by the text."""

    def __init__(self, versions: VersionService, compare: CompareService, policy: Policy) -> None:
        self._versions = versions
        self._compare = compare
        self._policy = policy
        self._between_of: _Kept[tuple[ActId, int, int], Between] = _Kept()
        self._papers_of: _Kept[tuple[ActId, int], Papers] = _Kept()

    async def off_loop(self, work: Callable[[], T]) -> T:
        """Heavy work in a thread, when it is its turn."""
        return await self._compare.off_loop(work)

    async def papers(self, act: ActId, number: int) -> Papers:
        """A revision as the procedure looks at it. Raises NotFound."""

        async def make() -> Papers:
            content = await self._versions.read(act, number)
            return await self.off_loop(lambda: self._papers(content))

        return await self._papers_of.get((act, number), make)

    async def head(self, act: ActId) -> Revision | None:
        """The newest revision."""
        return await self._versions.head(act)

    def _papers(self, content: RevisionContent) -> Papers:
        frozen = {part: content.frozen(part) for part in content.trees}
        trees = {part: one.tree for part, one in frozen.items()}
        written = frozenset(part for part, tree in trees.items() if part and text_of(tree))
        places = [
            places_of(one.tree, self._policy.staleness, {str(bid): label for bid, label in one.labels.items()}) for one in frozen.values()
        ]
        return Papers(content.revision, written, trees, _joined(places))

    async def since_base(self, act: ActId, number: int) -> Between | None:
        """What a revision changes in the text as it was imported; None for an act that was not."""
        try:
            await self.papers(act, BASE)
        except NotFound:
            return None
        return await self.between(act, BASE, number)

    async def between(self, act: ActId, left: int, right: int) -> Between:
        """Everything that changed between two revisions. Raises NotFound, TooLarge, Damaged."""

        async def make() -> Between:
            old, new = await self.papers(act, left), await self.papers(act, right)
            names = sorted({*old.trees, *new.trees})
            comparisons = {name: await self._compare.compare_revisions(act, left, right, name) for name in names}
            return await self.off_loop(lambda: self._between(old, new, comparisons))

        return await self._between_of.get((act, left, right), make)

    def _between(self, old: Papers, new: Papers, comparisons: Mapping[str, Comparison]) -> Between:
        found = [change for part in comparisons for change in changes_of(comparisons[part], old.places, new.places, self._policy, part)]
        return Between(tuple(found), comparisons, old.places, new.places)

    async def verdicts(self, matter: Matter, head: Revision | None, kind: RoundKind = RoundKind.APPROVAL) -> dict[BodyCode, Verdict]:
        """What each body's last position in rounds of a kind is worth on the newest revision."""
        found: dict[BodyCode, Verdict] = {}
        for body in matter.bodies(kind):
            last = matter.last_position(body, kind)
            if last is not None and head is not None:
                found[body] = await self._verdict(matter, *last, head)
        return found

    async def _verdict(self, matter: Matter, round_: Round, position: Position, head: Revision) -> Verdict:
        remarked = frozenset(remark.bid for remark in matter.remarks_of(position.body, round_.number) if remark.bid)
        judged = Judged(position.outcome, round_.requests[position.body].scope, remarked)
        between = await self.between(matter.act, round_.revision, head.number)
        return await self.off_loop(lambda: judge(judged, between.changes, between.left, between.right))


def _joined(found: Sequence[Places]) -> Places:
    """The places of all parts of a package; block ids are unique in an act."""
    return Places(
        {bid: above for one in found for bid, above in one.above.items()},
        {bid: around for one in found for bid, around in one.around.items()},
        {bid: name for one in found for bid, name in one.names.items()},
    )
