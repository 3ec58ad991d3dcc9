"""Why a PostgreSQL cannot be used, in a sentence that says what to do. The address is shown without its password."""

import asyncio
from typing import NamedTuple

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from server.errors import ConfigurationError, Unavailable, ZlahodaError


class _Known(NamedTuple):
    state: str
    sentence: str


_WRONG = (
    _Known("28", "refuses the user or the password: check both in ZLAHODA_DATABASE_URL, and pg_hba.conf of the server"),
    _Known("3D000", "has no such database: make it with createdb, or check the name in ZLAHODA_DATABASE_URL"),
    _Known("42501", "lets this user change nothing: make the user the owner of the database"),
)
"""By the beginning of the SQLSTATE: what no waiting mends."""
_FOR_NOW = (
    _Known("53300", "has no free connection: raise max_connections there, or end what holds them"),
    _Known("55P03", "has tables in long use (a backup?), so that the schema cannot be changed: start again when that has ended"),
    _Known("57P03", "is starting up or shutting down: try again in a moment"),
    _Known("25006", "only reads (a standby): give the address of the primary"),
)


def explain(url: str, error: Exception) -> ZlahodaError:
    """The error for the command line: ConfigurationError for what no waiting mends, else Unavailable."""
    where = f"PostgreSQL at {make_url(url).render_as_string(hide_password=True)}"
    cause = error.orig if isinstance(error, DBAPIError) else error.__cause__ or error
    state = sqlstate_of(cause)
    for known in _WRONG:
        if state.startswith(known.state):
            return ConfigurationError(f"{where} {known.sentence} ({_first_line(cause)})")
    for known in _FOR_NOW:
        if state.startswith(known.state):
            return Unavailable(f"{where} {known.sentence}")
    if isinstance(error, SQLAlchemyError):
        return ConfigurationError(f"{where} cannot be used: {_first_line(cause)}")
    reason = _first_line(cause) if str(cause) else "it says nothing we understand"
    if isinstance(cause, asyncio.TimeoutError):
        reason = "no answer in time"
    return Unavailable(f"{where} does not answer ({reason}): check ZLAHODA_DATABASE_URL and that it runs")


def sqlstate_of(cause: BaseException | None) -> str:
    """The SQLSTATE, wherever the layers between have put it."""
    while cause is not None:
        state = getattr(cause, "sqlstate", None) or getattr(getattr(cause, "orig", None), "sqlstate", None)
        if state:
            return str(state)
        cause = cause.__cause__
    return ""


def _first_line(error: BaseException | None) -> str:
    text = str(error).strip().partition("\n")[0]
    return text.rpartition(">: ")[2] or type(error).__name__
