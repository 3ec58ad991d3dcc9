"""Every failure as problem+json (RFC 9457), in the caller's language; one of the two places that turn errors into answers."""

import json

import structlog
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.errors import BadRequest, Conflict, InvalidInput, MethodNotAllowed, NotFound, Unavailable, ZlahodaError
from server.http.fields import LineError
from server.http.locale import Locale, locale_of

_log = structlog.get_logger("http")

_BY_STATUS: dict[int, type[ZlahodaError]] = {404: NotFound, 405: MethodNotAllowed}

_REASONS: dict[str, tuple[str, str]] = {
    "missing": ("Потрібно заповнити.", "This is required."),
    "extra_forbidden": ("Такого поля немає.", "There is no such field."),
    "string_too_short": ("Закоротко.", "This is too short."),
    "string_too_long": ("Задовго.", "This is too long."),
    "string_type": ("Тут має бути текст.", "This must be text."),
    "enum": ("Такого значення немає.", "There is no such value."),
    "literal_error": ("Такого значення немає.", "There is no such value."),
    "int_parsing": ("Тут має бути ціле число.", "This must be a whole number."),
    "int_type": ("Тут має бути ціле число.", "This must be a whole number."),
    "greater_than_equal": ("Замале число.", "This number is too small."),
    "less_than_equal": ("Завелике число.", "This number is too large."),
    "bool_parsing": ("Тут має бути так або ні.", "This must be true or false."),
    "bool_type": ("Тут має бути так або ні.", "This must be true or false."),
}
_ANY_REASON = ("Неприйнятне значення.", "This value cannot be accepted.")


def problem(error: ZlahodaError, locale: Locale, request_id: str = "") -> Response:
    """The answer for an error: `type`, `title`, `status`, `detail`, `code`, and what the error itself adds."""
    extra = {name: value for name, value in error.extra.items() if name not in {"uk", "en"}}
    title = error.en if locale == "en" else error.uk
    if isinstance(fields := extra.get("fields"), dict):
        extra["fields"] = {name: _in(locale, reason) for name, reason in fields.items()}
    content: dict[str, object] = {
        **extra,
        "type": f"urn:zlahoda:problem:{error.code}",
        "title": title,
        "status": error.status,
        "detail": error.sentence(locale),
        "code": error.code,
    }
    if request_id:
        content["instance"] = f"urn:zlahoda:request:{request_id}"
    headers = {"content-language": locale, "cache-control": "no-store"}
    if "retry_after_s" in error.extra:
        headers["retry-after"] = str(error.extra["retry_after_s"])
    body = json.dumps(content, ensure_ascii=False, default=str).encode()
    return Response(body, error.status, headers, media_type="application/problem+json")


def _in(locale: Locale, reason: object) -> object:
    """A field's reason may be given in both languages, Ukrainian first."""
    return reason[locale == "en"] if isinstance(reason, tuple) else reason


def invalid(error: ValidationError) -> InvalidInput:
    """What pydantic found, as one sentence per field, in both languages."""
    fields: dict[str, str | tuple[str, str]] = {}
    for found in error.errors(include_url=False, include_input=False):
        place = ".".join(str(step) for step in found["loc"]) or "body"
        told = found.get("ctx", {}).get("error")
        if isinstance(told, LineError):
            fields[place] = (told.refused.sentence("uk"), told.refused.sentence("en"))
        else:
            fields[place] = _REASONS.get(found["type"], _ANY_REASON)
    return InvalidInput(fields=fields)


async def answer_http_exception(request: Request, error: Exception) -> Response:
    """Starlette's own refusals (no such route, wrong method) in the same form."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return problem(_BY_STATUS.get(status, BadRequest)(), locale_of(request.headers), request.scope.get("request_id", ""))


class ErrorMiddleware:
    """Answers everything that is raised below it; what nobody foresaw is logged with its traceback and told as 500."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            told = _told(error)
            if isinstance(told, Unavailable):
                _log.warning("storage does not answer", reason=str(error), request_id=scope.get("request_id", ""))
            elif told.status >= 500:
                _log.exception("request failed", code=told.code, request_id=scope.get("request_id", ""))
            if started:
                raise  # half an answer is out: the connection must break, not look complete
            response = problem(told, locale_of(Headers(scope=scope)), scope.get("request_id", ""))
            await response(scope, receive, send)


def _told(error: Exception) -> ZlahodaError:
    match error:
        case ZlahodaError():
            return error
        case ValidationError():
            return ZlahodaError()
        case IntegrityError():
            return Conflict()
        case SQLAlchemyError() | OSError():
            return Unavailable(
                uk="Сховище тимчасово недоступне. Спробуйте ще раз.", en="Storage is unavailable for the moment. Please try again."
            )
        case _:
            return ZlahodaError()
