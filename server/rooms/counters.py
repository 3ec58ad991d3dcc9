"""What the rooms of a process did since it started."""

from collections import Counter
from dataclasses import dataclass, field

from server.observability.metrics import Timing


@dataclass(slots=True)
class RoomCounters:
    """Only grow; read by the metrics."""

    updates: int = 0
    update_bytes: int = 0
    batches: int = 0
    frames: int = 0
    refused: int = 0
    resyncs: int = 0
    quarantined: int = 0
    save_failures: int = 0
    caught_up: int = 0
    failed_rooms: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    """By rule: G1 to G14, `sealed`, `missing`, `poisoned`."""
    show_seconds: Timing = field(default_factory=Timing)
    """From a commit's answer to the last frame in the outbox of its room."""

    def save(self, updates: int, size_bytes: int) -> None:
        """One batch is on disk and shown."""
        self.batches += 1
        self.updates += updates
        self.update_bytes += size_bytes

    def refuse(self, rule: str) -> None:
        """One edit was turned down."""
        self.refused += 1
        self.refusals[rule] += 1
