"""Logs, set-up only: JSON lines on stderr that never hold document text, secrets or query strings."""

import json
import logging
import sys
from typing import TextIO, cast

import structlog

from server.errors import ConfigurationError

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


class PatientStream:
    """A stream of log lines that never raises: a disk too full for the log must not stop what saves and serves.

    What could not be written is counted, and said in a line of its own once there is room again.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._failed = 0

    def write(self, text: str) -> int:
        """As of a text stream; the length of `text` whether it could be written or not."""
        try:
            if self._failed:
                self._stream.write(json.dumps({"level": "error", "event": "log writes failed", "count": self._failed}) + "\n")
                self._failed = 0
            self._stream.write(text)
        except OSError:
            self._failed += 1
        return len(text)

    def flush(self) -> None:
        """As of a text stream."""
        try:
            self._stream.flush()
        except OSError:
            self._failed += 1


def set_up_logging(level: str, stream: TextIO | None = None) -> None:
    """JSON lines on `stream` (stderr) from this level up. Raises ConfigurationError for a level that does not exist."""
    if level.lower() not in _LEVELS:
        raise ConfigurationError(f"ZLAHODA_LOG_LEVEL: expected one of {', '.join(_LEVELS)}, found {level!r}")
    lines = cast("TextIO", PatientStream(stream or sys.stderr))
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        # without local variables: one may be a secret, or text of an act
        structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
    ]
    written = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, written],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level.lower()]),
        logger_factory=structlog.PrintLoggerFactory(lines),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(lines)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=written, foreign_pre_chain=shared))
    logging.basicConfig(level=_LEVELS[level.lower()], handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)  # its start-up chatter; what goes wrong stays
    for quiet in ("alembic", "uvicorn.access", "sqlalchemy.engine"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
