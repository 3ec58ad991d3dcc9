"""The `zlahoda` command: what it does, and one line on stderr for everything that is wrong."""

import io
import logging
import os
import re
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import structlog

from server.cli import main
from tests.server_process import ServerProcess
from tests.site import PASSWORD

EMAIL = "oksana@mvs.gov.ua"


@pytest.fixture(autouse=True)
def own_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No setting of the machine reaches these tests, the default data folder is theirs, and logging is as before afterwards."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    for name in [name for name in os.environ if name.startswith("ZLAHODA_") or name in {"PORT", "DATA_DIR"}]:  # noqa: TID251 - cleaned here
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    yield
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


def add_user(monkeypatch: pytest.MonkeyPatch, *more: str, email: str = EMAIL, password: str = PASSWORD, body: str = "mvs") -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(password + "\n"))
    return main(["user", "add", email, "--name", "Оксана Коваль", "--body", body, "--password-stdin", *more])


@pytest.mark.parametrize("command", [["--help"], ["serve", "--help"], ["user", "--help"], ["user", "add", "--help"], ["token", "--help"]])
def test_every_command_explains_itself(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 0
    assert "usage: zlahoda" in capsys.readouterr().out


def test_a_user_is_added_and_gets_a_token_that_is_the_only_line_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add_user(monkeypatch, "--role", "admin", "--position", "Адміністраторка") == 0
    assert re.fullmatch(rf"{EMAIL} [0-9a-f]{{32}}\n", capsys.readouterr().out)
    assert main(["token", EMAIL.upper()]) == 0
    told = capsys.readouterr()
    assert re.fullmatch(r"zlt_[\w-]{43}\n", told.out)
    assert told.err == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"body": "minfln"}, "Did you mean minfin"),
        ({"body": "mvs'; DROP TABLE users"}, "no body"),
        ({"password": ""}, "empty"),
        ({"password": "коротко"}, "at least 12"),
        ({"email": "не пошта"}, "does not look like an e-mail"),
    ],
)
def test_what_is_wrong_with_a_user_is_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], change: dict[str, str], said: str
) -> None:
    assert add_user(monkeypatch, **change) == 1
    told = capsys.readouterr().err
    assert told.startswith("zlahoda: ")
    assert told.count("\n") == 1
    assert said in told


def test_a_second_account_with_the_same_email_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert [add_user(monkeypatch), add_user(monkeypatch, email=EMAIL.title())] == [0, 1]
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["token", "nobody@mvs.gov.ua"], 1),
        (["token", EMAIL, "--days", "0"], 1),
        (["token", EMAIL, "--database", "mysql://x/y"], 2),
        (["token", EMAIL, "--database", "postgresql://zlahoda@127.0.0.1:1/none"], 1),
        (["token", EMAIL, "--database", "postgresql://zlahoda@host:notaport/none"], 2),
        (["token", EMAIL, "--data", "/proc/none"], 1),
        (["serve", "--demo", "--host", "0.0.0.0"], 2),
        (["serve", "--host", "no.such.host.invalid"], 2),
        (["serve", "--port", "70000"], 2),
        (["serve", "--database", "postgresql://zlahoda@127.0.0.1:1/none", "--port", "0"], 1),
        (["serve", "--data", "/proc/none", "--port", "0"], 1),
    ],
)
def test_a_command_that_cannot_work_says_why_without_a_traceback(command: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == code
    told = capsys.readouterr().err
    assert re.match(r"zlahoda: \S", told)
    assert "Traceback" not in told
    assert told.count("\n") == 1


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["compare"],
        ["user", "add", EMAIL],
        ["serve", "--port", "сто"],
        ["user", "add", EMAIL, "--name", "О", "--body", "mvs", "--role", "цар", "--password-stdin"],
    ],
)
def test_a_misused_command_shows_its_usage(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2
    assert "usage: zlahoda" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "value"),
    [("ZLAHODA_PORT", "сто"), ("ZLAHODA_DEMO", "maybe"), ("ZLAHODA_LOG_LEVEL", "loud"), ("ZLAHODA_TRUSTED_PROXIES", "proxy")],
)
def test_a_setting_that_is_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert main(["serve", "--port", "0"] if name != "ZLAHODA_PORT" else ["serve"]) == 2
    assert name in capsys.readouterr().err


def test_a_file_is_converted_without_a_server_and_back_without_losing_a_word(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "1. Затвердити Порядок, що додається 🇺🇦."
    (tmp_path / "а.txt").write_text(text)
    assert main(["convert", "а.txt", "б.json"]) == 0
    assert main(["convert", "б.json", "в.txt"]) == 0
    assert text in (tmp_path / "в.txt").read_text()
    assert [main(["convert", "а.txt", "в.docxx"]), main(["convert", "немає.md", "в.txt"])] == [1, 1]
    assert "Traceback" not in capsys.readouterr().err


def test_a_port_in_use_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert main(["serve", "--port", str(taken.getsockname()[1])]) == 2
    assert "in use" in capsys.readouterr().err


def test_a_file_that_is_no_database_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data").mkdir()
    Path("data/zlahoda.sqlite3").write_bytes("це не база даних ".encode() * 500)
    assert main(["token", EMAIL]) == 1
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert told.count("\n") == 1


def test_the_server_prints_its_address_and_demo_people_works_beside_the_command_line_and_stops_in_order(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data") as server:
        assert f"http://127.0.0.1:{server.port}" in server.read_log()
        assert "Розробниця МВС" in server.read_log()
        server.run_command("user", "add", EMAIL, "--name", "Оксана Коваль", "--body", "mvs", "--password-stdin", stdin=PASSWORD)
        token = server.run_command("token", EMAIL).strip()
        me = httpx2.get(f"{server.url}/api/v1/me", headers={"authorization": f"Bearer {token}"})
        assert me.json()["name"] == "Оксана Коваль"
        assert server.stop() == 0
        assert "Traceback" not in server.read_log()
        assert token not in server.read_log()


def raw_exchange(port: int, *pieces: bytes) -> bytes:
    """What the server says on a plain connection until it closes it."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        answered = b""
        try:
            for piece in pieces:
                connection.sendall(piece)
            while part := connection.recv(65536):
                answered += part
        except (ConnectionResetError, BrokenPipeError):
            return answered
    return answered


def test_P8_bytes_that_are_no_http_cost_their_own_connection_only(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", demo=False) as server:
        assert raw_exchange(server.port, "це не HTTP\r\n\r\n".encode()).startswith(b"HTTP/1.1 400")
        assert raw_exchange(server.port, b"GET / HTTP/1.1\r\nhost: x\r\n", *[b"x-pad: " + b"a" * 1000 + b"\r\n" for _ in range(200)]) == b""
        head = [
            b"POST /api/v1/session HTTP/1.1",
            b"host: x",
            b"content-type: application/json",
            b"connection: close",
            b"content-length: 104857600",
        ]
        assert raw_exchange(server.port, b"\r\n".join([*head, b"", b""])).startswith(b"HTTP/1.1 413")
        assert httpx2.get(f"{server.url}/readyz").status_code == 200
        assert server.stop() == 0
        assert "Traceback" not in server.read_log()


def test_an_interrupt_stops_the_server_in_order_too(tmp_path: Path) -> None:
    with ServerProcess(tmp_path / "data", demo=False) as server:
        assert "There are no accounts yet" in server.read_log()
        assert server._end(signal.SIGINT) == 0


@pytest.mark.slow
def test_a_backup_beside_a_running_server_comes_back_in_another_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, there = tmp_path / "резерв.zip", tmp_path / "там"
    with ServerProcess(tmp_path / "тут") as server:
        assert main(["backup", str(file), "--data", str(tmp_path / "тут")]) == 0
        assert server.is_running
    assert main(["restore", str(file), "--data", str(there)]) == 0
    told = capsys.readouterr()
    assert "Everything is as it was written." in told.out
    assert main(["restore", str(file), "--data", str(there)]) == 1
    told = capsys.readouterr()
    assert re.fullmatch(r"zlahoda: there is a database in .*--replace.*\n", told.err)
    assert main(["restore", str(file), "--data", str(there), "--replace"]) == 0
    with ServerProcess(there) as server:
        assert httpx2.get(f"{server.url}/readyz").status_code == 200


@pytest.mark.parametrize("command", [["backup", "b.zip", "--data", "немає"], ["restore", "немає.zip"]])
def test_a_backup_of_nothing_and_from_nothing_is_one_line(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command) == 1
    assert re.fullmatch(r"zlahoda: .*немає.*\n", capsys.readouterr().err)
    assert not Path("немає").exists()
