"""Work that a worker process can import by name."""

import os
import signal
import time
from pathlib import Path

from server.errors import InvalidInput


def shout(text: str) -> str:
    return text.upper()


def pid() -> int:
    return os.getpid()


def die_the_first_time(mark: Path) -> str:
    """`kill -9` in the middle, once."""
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "зроблено"


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse() -> None:
    raise InvalidInput("забагато", fields={"text": "довгий"})


def fill_memory() -> int:
    return len(bytearray(8 * 1024**3))


def never_end(mark: Path) -> None:
    mark.touch()
    while True:
        time.sleep(60)


class Panic(BaseException):
    """As a library written in another language throws; it cannot travel."""

    def __reduce__(self) -> str:
        raise TypeError("no way to pickle it")


def panic() -> None:
    raise Panic("index out of bounds")
