"""The other side of a pipe: one piece of work after another, until the pipe ends. Started as `python -m server.workers.process BYTES`.

A message is its length (8 bytes, big-endian) and a pickle: a function with its arguments comes, whether it worked and its result or
exception goes. Both ends are ours, and the pipe has no name, so that nobody else can write into it.
"""

import os
import pickle
import resource
import signal
import sys
from typing import BinaryIO

LENGTH_BYTES = 8
_NICENESS = 5
"""People who type come first."""


def main() -> None:
    """Work until the server closes the pipe, or is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the whole group; the server says when it is over
    limit_bytes = int(sys.argv[1])
    if limit_bytes:
        resource.setrlimit(resource.RLIMIT_AS, (limit_bytes, limit_bytes))
    os.nice(_NICENESS)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    while (message := _read(sys.stdin.buffer)) is not None:
        answer = _do(message)
        answers.write(len(answer).to_bytes(LENGTH_BYTES, "big") + answer)
        answers.flush()


def _read(pipe: BinaryIO) -> bytes | None:
    head = pipe.read(LENGTH_BYTES)
    if len(head) < LENGTH_BYTES:
        return None
    message = pipe.read(int.from_bytes(head, "big"))
    return message if len(message) == int.from_bytes(head, "big") else None


def _do(message: bytes) -> bytes:
    try:
        work, arguments = pickle.loads(message)  # noqa: S301 - written by the server that started us
        return pickle.dumps((True, work(*arguments)))
    except BaseException as error:  # noqa: BLE001 - it is raised where the work was asked for
        return _packed(error)


def _packed(error: BaseException) -> bytes:
    """An exception as it can travel; one that cannot (a panic of a library) by its words."""
    try:
        data = pickle.dumps((False, error))
        pickle.loads(data)  # noqa: S301 - what was written the line before
    except Exception:  # noqa: BLE001 - whatever keeps it from travelling
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return data


if __name__ == "__main__":
    main()
