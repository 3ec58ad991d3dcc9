"""The log of a server whose disk is full: what saves and serves goes on, and the gap is told."""

import json
from io import StringIO

from server.observability.logs import PatientStream

NO_SPACE = OSError(28, "No space left on device")


class FullDisk(StringIO):
    """Takes nothing while it is full."""

    is_full = False

    def write(self, text: str) -> int:
        if self.is_full:
            raise NO_SPACE
        return super().write(text)

    def flush(self) -> None:
        if self.is_full:
            raise NO_SPACE


def test_a_log_that_cannot_be_written_stops_nobody_and_tells_of_the_gap_when_it_can() -> None:
    disk = FullDisk()
    log = PatientStream(disk)
    log.write("перед тим\n")
    disk.is_full = True
    assert log.write("не вміщається ґ\n") == len("не вміщається ґ\n")
    log.flush()
    disk.is_full = False
    log.write("знову є місце\n")
    log.write("і далі\n")
    before, gap, *after = disk.getvalue().splitlines()
    assert before == "перед тим"
    assert json.loads(gap) == {"level": "error", "event": "log writes failed", "count": 2}
    assert after == ["знову є місце", "і далі"]
