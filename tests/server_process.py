"""The real server in a process of its own, for tests that stop it, kill it, or drive a browser against it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import httpx2

ROOT = Path(__file__).resolve().parent.parent
START_TIMEOUT_S = 180
STOP_TIMEOUT_S = 30
POLL_S = 0.02


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: str, is_true: Callable[[], bool], timeout_s: float = 30) -> None:
    """Poll until `is_true()`; fails with `what` after the time."""
    deadline = time.monotonic() + timeout_s
    while not is_true():
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {timeout_s:.0f} s for: {what}")
        time.sleep(POLL_S)


class ServerProcess:
    """`zlahoda serve` on one loopback port and one data folder; it can be stopped, killed and started again on both.

    `program`: the folder whose `server` package it runs at its next start.
    """

    def __init__(
        self, data_dir: Path, *, database: str = "", redis: str = "", demo: bool = True, environment: dict[str, str] | None = None
    ) -> None:
        self.program = ROOT
        self.data_dir = data_dir
        self.port = free_port()
        self.log = data_dir / "server.log"
        self._storage = ["--database", database] if database else ["--data", str(data_dir)]
        self._options = [*(["--redis", redis] if redis else []), *(["--demo"] if demo else [])]
        inherited = os.environ  # noqa: TID251 - what the server gets is ours to decide here
        self._environment = {name: value for name, value in inherited.items() if not name.startswith("ZLAHODA_")} | (environment or {})
        self._process: subprocess.Popen[bytes] | None = None
        data_dir.mkdir(parents=True, exist_ok=True)

    @property
    def url(self) -> str:
        """Where a browser reaches it, without a closing slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sync_url(self) -> str:
        """Where Hocuspocus clients connect; y-websocket ones add `/{act}`."""
        return f"ws://127.0.0.1:{self.port}/sync"

    @property
    def pid(self) -> int:
        """The process id while it runs."""
        assert self._process is not None, "the server is not running"
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """False before `start`, after `stop` and `kill`, and when it ended by itself."""
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_running:
            self.stop()

    def start(self) -> None:
        """Start, and return when it is ready for work. Raises AssertionError with its log when it does not come up."""
        self.start_with({})

    def start_with(self, environment: dict[str, str]) -> None:
        """The same with more in its environment, this time only."""
        command = [sys.executable, "-c", _RUN, "serve", "--port", str(self.port), *self._storage, *self._options]
        given = self._environment | environment
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self.program, stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=given)
        deadline = time.monotonic() + START_TIMEOUT_S
        while not self.is_ready():
            if not self.is_running or time.monotonic() > deadline:
                raise AssertionError(f"the server did not start:\n{self.read_log()}")
            time.sleep(POLL_S)

    def stop(self) -> int:
        """Ask it to stop (SIGTERM: drain, save, close) and return its exit code."""
        return self._end(signal.SIGTERM)

    def kill(self) -> None:
        """`kill -9`: nothing is saved any more, nobody is told."""
        self._end(signal.SIGKILL)

    def read_log(self) -> str:
        """Everything it printed, over all its starts."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def run_command(self, *arguments: str, stdin: str = "") -> str:
        """Another `zlahoda` command on the same data; its standard output. Raises CalledProcessError."""
        command = [sys.executable, "-c", _RUN, *arguments, *self._storage]
        done = subprocess.run(command, cwd=self.program, input=stdin, capture_output=True, text=True, env=self._environment, check=False)
        if done.returncode:
            raise AssertionError(f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stderr}")
        return done.stdout

    def add_user(self, email: str, name: str, body: str, password: str, role: str = "") -> None:
        """Make an account through the command line."""
        extra = ["--role", role] if role else []
        self.run_command("user", "add", email, "--name", name, "--body", body, "--password-stdin", *extra, stdin=password + "\n")

    def sign_in(self, demo: str) -> "Client":
        """The HTTP API as a demo account sees it."""
        client = Client(self.url)
        client.token = client.post("/session", {"demo": demo, "token": True})["token"]
        return client

    def end_session(self, cookie: str, value: str) -> None:
        """Sign out a browser's session from outside of it."""
        headers = {"cookie": f"{cookie}={value}", "x-zlahoda-csrf": "1"}
        answer = httpx2.delete(f"{self.url}/api/v1/session", headers=headers, timeout=30)
        assert answer.status_code < 300, answer.text

    def is_ready(self) -> bool:
        """Whether it says that it takes work."""
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx2.TransportError:
            return False

    def _end(self, number: signal.Signals) -> int:
        assert self._process is not None, "the server is not running"
        self._process.send_signal(number)
        code = self._process.wait(timeout=STOP_TIMEOUT_S)
        self._process = None
        return code


class Client:
    """The HTTP API with a bearer token; answers are parsed JSON, refusals fail the test with the problem they carry."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.token = ""

    def get(self, path: str, **query: str) -> Any:  # Any: parsed JSON
        """GET /api/v1{path}."""
        return self._answer(httpx2.get(self._address(path), params=query, headers=self._headers(), timeout=30))

    def post(self, path: str, body: dict[str, object]) -> Any:  # Any: parsed JSON
        """POST JSON to /api/v1{path}."""
        return self._answer(httpx2.post(self._address(path), json=body, headers=self._headers(), timeout=30))

    def put(self, path: str, body: dict[str, object]) -> Any:  # Any: parsed JSON
        """PUT JSON to /api/v1{path}."""
        return self._answer(httpx2.put(self._address(path), json=body, headers=self._headers(), timeout=30))

    def delete(self, path: str) -> Any:  # Any: parsed JSON
        """DELETE /api/v1{path}."""
        return self._answer(httpx2.delete(self._address(path), headers=self._headers(), timeout=30))

    def me(self) -> str:
        """The id of the signed-in person."""
        return str(self.get("/me")["id"])

    def create_act(self, title: str, kind: str = "postanova") -> str:
        """A new act led by this person's body; its id."""
        return str(self.post("/acts", {"title": title, "kind": kind})["id"])

    def import_act(self, name: str, data: bytes, **fields: str) -> str:
        """Import a file as an act; its id."""
        files = {"file": (name, data)}
        response = httpx2.post(self._address("/acts/import"), files=files, data=fields, headers=self._headers(), timeout=120)
        return str(self._answer(response)["id"])

    def grant(self, act: str, user: str, role: str) -> None:
        """Add a role of a person on an act."""
        self.put(f"/acts/{act}/members/{user}", {"role": role})

    def set_roles(self, act: str, user: str, *roles: str) -> None:
        """Replace a person's roles on an act."""
        self.put(f"/acts/{act}/members/{user}", {"roles": list(roles)})

    def text(self, act: str) -> list[dict[str, str]]:
        """The units of an act as they are on disk: bid, kind, label, text."""
        units: list[dict[str, str]] = self.get(f"/acts/{act}/text")["units"]
        return units

    def export(self, act: str, format_name: str) -> str:
        """The main text of an act as a file of this format."""
        query = {"format": format_name}
        response = httpx2.get(self._address(f"/acts/{act}/export"), params=query, headers=self._headers(), timeout=120)
        assert response.status_code == 200, response.text
        return response.text

    def _address(self, path: str) -> str:
        return f"{self.url}/api/v1{path}"

    def _headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.token else {}

    def _answer(self, response: httpx2.Response) -> Any:  # Any: parsed JSON
        if response.status_code >= 400:
            raise AssertionError(f"{response.request.method} {response.request.url}: {response.status_code} {response.text}")
        return response.json() if response.content else None


_RUN = "import sys; from server.cli import main; sys.exit(main())"
