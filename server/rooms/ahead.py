"""What is in the journal behind something the room has not seen yet."""

from server.broker.broker import Committed
from server.ids import Seq

GAP_WAIT_S = 0.02
"""So long the wire may take to bring what another node stored before ours; then the journal is read."""
MAX_HEARD = 256


class Ahead:
    """The room's own stored batches, which are applied, and what other nodes said meanwhile, which is not."""

    def __init__(self) -> None:
        self._own: list[tuple[Seq, Seq]] = []
        self._heard: list[Committed] = []

    def __bool__(self) -> bool:
        return bool(self._own or self._heard)

    @property
    def has_own(self) -> bool:
        """True while the live document holds something stored, and may lack something stored before it."""
        return bool(self._own)

    def store(self, first: Seq, last: Seq) -> None:
        """A batch of ours is in the journal as `first … last`."""
        self._own.append((first, last))

    def hear(self, message: Committed) -> None:
        """Another node's, for later. Of too many the later ones are forgotten: the journal has them."""
        if len(self._heard) < MAX_HEARD:
            self._heard.append(message)

    def after(self, seq: Seq) -> Committed | Seq | None:
        """What goes on behind `seq`, once: a message to take, or how far our own batch reaches; None where a gap follows, or nothing."""
        self._own = [one for one in self._own if one[1] > seq]
        self._heard = [one for one in self._heard if one.last > seq]
        for own in self._own:
            if own[0] <= seq + 1:
                self._own.remove(own)
                return own[1]
        for message in self._heard:
            if message.first <= seq + 1:
                self._heard.remove(message)
                return message
        return None

    def clear(self) -> None:
        """The journal is read as a whole."""
        self._own.clear()
        self._heard.clear()
