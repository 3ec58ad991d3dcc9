"""What is counted where it happens: plain numbers, cheap enough for the way of an edit, read when somebody asks for /metrics."""

from bisect import bisect_left

from prometheus_client import CollectorRegistry, Counter, Histogram

BOUNDS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the buckets of a Timing, in seconds; one more bucket holds what is longer."""


class Timing:
    """How often something took how long. One `observe` is two additions: no lock, no label, no allocation."""

    __slots__ = ("counts", "total_s")

    def __init__(self) -> None:
        self.counts = [0] * (len(BOUNDS_S) + 1)
        self.total_s = 0.0

    def observe(self, seconds: float) -> None:
        """It took so long once more."""
        self.counts[bisect_left(BOUNDS_S, seconds)] += 1
        self.total_s += seconds

    @property
    def count(self) -> int:
        """How often it happened."""
        return sum(self.counts)

    def buckets(self) -> list[tuple[str, float]]:
        """Prometheus' cumulative buckets: the upper bound as text, and how many took no longer."""
        reached, result = 0, []
        for bound, count in zip((*map(str, BOUNDS_S), "+Inf"), self.counts, strict=True):
            reached += count
            result.append((bound, float(reached)))
        return result


class Metrics:
    """The counters of HTTP, in a registry of the process's own; what rooms and journal count is collected in `operations/metrics.py`."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "zlahoda_http_requests_total", "Answers by method, route and status", ["method", "route", "status"], registry=self.registry
        )
        self.request_seconds = Histogram("zlahoda_http_request_seconds", "Time to answer", ["route"], registry=self.registry)
        self.sign_ins = Counter("zlahoda_sign_ins_total", "Attempts to sign in by outcome", ["outcome"], registry=self.registry)
