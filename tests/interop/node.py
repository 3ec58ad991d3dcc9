"""Real Yjs clients: a Node process with the stock providers, driven line by line."""

import json
import queue
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tests.server_process import wait_for

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = Path(__file__).with_name("browsers.mjs")
ANSWER_TIMEOUT_S = 120


class Browsers:
    """One Node process holding any number of clients, each with a name."""

    def __init__(self) -> None:
        self.saved: dict[str, int] = {}
        """For each Hocuspocus client: how many of its edits it was told are saved (`hasUnsyncedChanges` was false then)."""
        self.on_saved: Callable[[str], None] = lambda name: None
        self._numbers = 0
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()

    def __enter__(self) -> Self:
        command = ["node", str(SCRIPT)]
        self._process = subprocess.Popen(
            command, cwd=ROOT / "web", stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join(timeout=10)
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if not line.startswith("{"):
                continue  # a provider's own console output
            said = json.loads(line)
            if "saved" in said:
                self.saved[said["saved"]] = said["upto"]
                self.on_saved(said["saved"])
            else:
                self._answers.put(said)

    def ask(self, command: str, **arguments: object) -> dict[str, Any]:
        """One command and its answer."""
        assert self._process.stdin is not None
        self._numbers += 1
        self._process.stdin.write(json.dumps({"id": self._numbers, "command": command, **arguments}) + "\n")
        self._process.stdin.flush()
        try:
            answer = self._answers.get(timeout=ANSWER_TIMEOUT_S)
        except queue.Empty:
            raise AssertionError(f"the providers did not answer within {ANSWER_TIMEOUT_S} s: {command}") from None
        assert answer["id"] == self._numbers
        assert "error" not in answer, answer["error"]
        result: dict[str, Any] = answer["result"]
        return result

    def open(self, name: str, kind: str, sync_url: str, document: str, token: str, client: int | None = None) -> None:
        """A client of the stock provider `kind`: `y-websocket` or `hocuspocus`. Returns once it holds the text."""
        self.open_unsynced(name, kind, sync_url, document, token, client)
        wait_for(f"{name} to hold the text", lambda: bool(self.look(name)["units"]))

    def open_unsynced(
        self, name: str, kind: str, sync_url: str, document: str, token: str, client: int | None = None, *, unseen: bool = False
    ) -> None:
        """The same without waiting. `unseen`: it tells nobody that it is there (of a thousand, each would hear a thousand times)."""
        extra = {} if client is None else {"client": client}
        self.ask("open", name=name, kind=kind, url=sync_url, document=document, token=token, unseen=unseen, **extra)

    def look(self, name: str, unit: int = 0) -> dict[str, Any]:
        """What a client shows."""
        return self.ask("look", name=name, unit=unit)

    def text(self, name: str, unit: int = 0) -> str:
        """The text of a unit as a client has it."""
        return str(self.look(name, unit)["text"])
