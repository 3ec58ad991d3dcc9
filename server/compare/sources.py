"""What can be compared, by the name a request gives it, as a side with the name people give it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from server.access.actor import Actor
from server.access.policy import Action
from server.acts.model import MAIN, Card
from server.acts.service import pinned_scheme
from server.compare.model import Side, side_of
from server.errors import InvalidInput
from server.ids import ActId, Seq
from server.journal.journal import Journal
from server.versions.history import HistoryService
from server.versions.model import BASE, RevisionContent
from server.versions.present import read_present_part
from server.versions.service import VersionService

_KYIV = ZoneInfo("Europe/Kyiv")
_SPEC = re.compile(r"(?P<revision>[0-9]{1,9})|(?P<word>live|base)|point:(?P<seq>[0-9]{1,15})")


@dataclass(frozen=True, slots=True)
class Source:
    """A side before it is made. Equal keys make equal sides for ever; `make` takes the CPU for a while."""

    key: str
    make: Callable[[], Side]


class Sources:
    """Finds the sides of comparisons within one act."""

    def __init__(self, versions: VersionService, history: HistoryService, journal: Journal) -> None:
        self._versions = versions
        self._history = history
        self._journal = journal

    async def find(self, actor: Actor, act: ActId, spec: str, part: str = MAIN) -> Source:
        """`spec`: a revision's number, `live` (the saved text), `base` (as imported), `point:SEQ` (the text after that update).

        Raises NotFound, Forbidden, InvalidInput.
        """
        card = await self._versions.permit(actor, Action.COMPARE, act)
        match = _SPEC.fullmatch(spec)
        if match is None:
            raise InvalidInput(fields={"from": (_UNKNOWN_UK.format(spec[:40]), _UNKNOWN_EN.format(spec[:40]))})
        if match["seq"]:
            return await self._point(actor, card, part, Seq(int(match["seq"])))
        if match["word"] == "live":
            return await self._live(card, part)
        return await self.revision(act, BASE if match["word"] else int(match["revision"]), part)

    async def revision(self, act: ActId, number: int, part: str = MAIN) -> Source:
        """A revision; a part that it has not is empty there. Raises NotFound."""
        content = await self._versions.read(act, number)
        return Source(f"{content.revision.hash} {part}", lambda: revision_side(content, part))

    async def _live(self, card: Card, part: str) -> Source:
        present = await read_present_part(self._journal, card.id, part)
        scheme = pinned_scheme(card)
        key = f"{present.whole.head.document} {present.epoch} {present.whole.seq} {card.title}"
        return Source(key, lambda: side_of(present.text().tree, scheme, card.title, "поточний текст"))

    async def _point(self, actor: Actor, card: Card, part: str, seq: Seq) -> Source:
        past = await self._history.text_at(actor, card.id, seq, part)
        side = Side(card.title, tuple(past.lines), f"текст на {minute_of(past.at)}")
        return Source(f"{past.document} {past.epoch} {past.seq} {card.title}", lambda: side)


def revision_side(content: RevisionContent, part: str = MAIN) -> Side:
    """One part of a revision as a side; empty when the revision has no such part. Raises Damaged."""
    lines = content.lines(part) if part in content.trees else []
    return Side(content.revision.title, tuple(lines), name_of(content))


def name_of(content: RevisionContent) -> str:
    """How people call a revision: by its number and day."""
    return f"редакція № {content.revision.number} від {day_of(content.revision.at)}"


def day_of(at: int) -> str:
    """The day of a time in milliseconds UTC, as it was in Kyiv: 05.03.2026."""
    return datetime.fromtimestamp(at / 1000, _KYIV).strftime("%d.%m.%Y")


def minute_of(at: int) -> str:
    """A time in milliseconds UTC as Kyiv's clocks showed it: 05.03.2026 14:20."""
    return datetime.fromtimestamp(at / 1000, _KYIV).strftime("%d.%m.%Y %H:%M")


_UNKNOWN_UK = "«{}» не порівнюється. Вкажіть номер редакції, live, base або point:НОМЕР."
_UNKNOWN_EN = "“{}” cannot be compared. Give a revision's number, live, base or point:NUMBER."
