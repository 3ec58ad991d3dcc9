"""When silence is judged: a request that waits, and a guard against clocks that jump. Pure."""

from dataclasses import dataclass

from server.ids import ActId, BodyCode

HOLD_AFTER_MS = 10 * 60_000
"""A wall clock that gets so far ahead of the time that really passed is not believed at once."""

HOLD_MS = 10 * 60_000
"""For so long nothing is decided after such a jump: a clock that was set wrongly is mended meanwhile."""


@dataclass(frozen=True, slots=True)
class Due:
    """A request that still waits, and when its time is up."""

    act: ActId
    round: int
    body: BodyCode
    due_at: int


class Watch:
    """Decides whether the wall clock can be believed, by a clock that only counts passing time (both in milliseconds).

    A jump ahead (a clock set wrongly, a machine that slept) holds decisions for HOLD_MS of passing time; a jump back
    only means waiting, and what was decided stays decided.
    """

    def __init__(self) -> None:
        self._last: tuple[int, int] | None = None
        self._held_until: int | None = None

    def believes(self, wall: int, passing: int) -> bool:
        """Whether deadlines may be judged by this wall clock now; asked at every tick."""
        last, self._last = self._last, (wall, passing)
        if last is not None and (wall - last[0]) - (passing - last[1]) > HOLD_AFTER_MS:
            self._held_until = passing + HOLD_MS
        elif last is not None and (last[0] - wall) + (passing - last[1]) > HOLD_AFTER_MS:
            self._held_until = None  # it was set back
        if self._held_until is not None and passing >= self._held_until:
            self._held_until = None
        return self._held_until is None
