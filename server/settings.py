"""One frozen Settings; the only reader of the environment. Every field is a line in docs/settings.md."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from server.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator can set. `from_environment` reads `ZLAHODA_<NAME>`, or the file that `ZLAHODA_<NAME>_FILE` names; `PORT` and
    `DATA_DIR` are aliases."""

    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = Path("data")
    database_url: str = ""
    """Empty: SQLite in `data_dir`. Else `postgresql://user@host:port/name`."""
    redis_url: str = ""
    demo: bool = False
    public_url: str = ""
    """Where browsers reach the server, for the Origin check; empty: the request's own Host."""
    trusted_proxies: str = ""
    """Comma-separated addresses or networks whose X-Forwarded-* headers are believed."""
    max_frame_bytes: int = 4 * 1024 * 1024
    max_update_bytes: int = 1024 * 1024
    max_pending_bytes: int = 8 * 1024 * 1024
    """Unsaved bytes one room may hold before it stops taking edits."""
    max_outbox_bytes: int = 1024 * 1024
    """Bytes waiting for one slow client before it is caught up by difference instead."""
    max_connections_per_user: int = 32
    max_updates_per_second: int = 200
    """Sustained updates of one connection; a burst of ten times as many is allowed."""
    frames_per_second: int = 60_000
    """Frame budget of a process: above it a room merges updates of up to 20 ms into one frame."""
    room_idle_seconds: int = 60
    max_upload_bytes: int = 20 * 1024 * 1024
    session_days: int = 14
    policy_file: str = ""
    """The procedure of approval as a file; empty: the Cabinet's. Its calendar lies beside it."""
    metrics_token: str = ""
    """Whoever sends it as a bearer token may read /metrics."""
    metrics_addresses: str = ""
    """Comma-separated addresses or networks that may read /metrics without a token."""
    workers: int = 1
    """Processes beside the server for heavy work (checkpoints, exports, huge updates); 0: threads."""
    log_level: str = "info"
    plain_websockets: bool = False
    """Sockets by the server library's own class instead of ours: slower, for ruling ours out."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **given: Any) -> "Settings":  # Any: one keyword per field
        """Settings from the environment; `given` (the command line) wins. Raises ConfigurationError."""
        env = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for field in fields(cls):
            raw = _raw(field.name, env)
            if raw is not None:
                values[field.name] = _parse(field.name, raw, getattr(_DEFAULTS, field.name))
        values.update({name: value for name, value in given.items() if value is not None})
        return cls(**values)


_ALIASES = {"port": ("PORT",), "data_dir": ("DATA_DIR",)}
_DEFAULTS = Settings()


def _raw(name: str, env: Mapping[str, str]) -> str | None:
    """What is said about a setting, by itself or in a file (a secret of Docker or Kubernetes). Raises ConfigurationError."""
    variable = f"ZLAHODA_{name.upper()}"
    file = env.get(f"{variable}_FILE")
    if file and variable in env:
        raise ConfigurationError(f"{variable} and {variable}_FILE are both set; keep one of them")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            raise ConfigurationError(f"{variable}_FILE: {file} cannot be read: {reason}") from None
    return next((env[each] for each in (variable, *_ALIASES.get(name, ())) if each in env), None)


def _parse(name: str, raw: str, default: object) -> object:
    match default:
        case bool():
            if raw.lower() in {"1", "true", "yes", "on"}:
                return True
            if raw.lower() in {"0", "false", "no", "off", ""}:
                return False
            raise ConfigurationError(f"ZLAHODA_{name.upper()}: expected true or false, found {raw!r}")
        case int():
            try:
                return int(raw)
            except ValueError:
                raise ConfigurationError(f"ZLAHODA_{name.upper()}: expected a number, found {raw!r}") from None
        case Path():
            return Path(raw)
        case _:
            return raw
