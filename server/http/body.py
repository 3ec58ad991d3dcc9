"""What a client sends, read strictly: sizes before bytes, depth before meaning, one error for each way to be wrong."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message, Receive

from server.errors import BadRequest, InvalidInput, TooLarge, UnsupportedType
from server.http.errors import invalid

I = TypeVar("I", bound=BaseModel)  # noqa: E741 - the input of an endpoint

MAX_JSON_BYTES = 1024 * 1024
MAX_DEPTH = 64
_MAX_FORM_FIELDS = 20
_MAX_FORM_FIELD_BYTES = 16 * 1024
_FORM_OVERHEAD_BYTES = 512 * 1024
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file from a multipart request: its name as the client gave it (never a path we use), and its bytes."""

    name: str
    data: bytes


async def read_bytes(request: Request, limit: int) -> bytes:
    """The whole body. Raises TooLarge as soon as more than `limit` bytes are announced or have come."""
    _refuse_announced(request, limit)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLarge(limit_bytes=limit)
        chunks.append(chunk)
    return b"".join(chunks)


async def read_json(request: Request, model: type[I], limit: int = MAX_JSON_BYTES) -> I:
    """The body as a `model`. Raises UnsupportedType, TooLarge, BadRequest, InvalidInput."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise UnsupportedType(uk="Очікується Content-Type: application/json.", en="Content-Type: application/json is expected.")
    return validate(model, parse_json(await read_bytes(request, limit)))


async def read_upload(request: Request, model: type[I], limit: int) -> tuple[I, Upload]:
    """A multipart request's one file, named `file`, and its other fields as a `model`. Raises as `read_json` does."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "multipart/form-data":
        raise UnsupportedType(
            uk="Очікується multipart/form-data з полем file.", en="multipart/form-data with a field named file is expected."
        )
    whole = await read_bytes(request, limit + _FORM_OVERHEAD_BYTES)
    replay = Request(request.scope, _once(whole))
    try:
        async with replay.form(max_files=1, max_fields=_MAX_FORM_FIELDS, max_part_size=_MAX_FORM_FIELD_BYTES) as form:
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise InvalidInput(fields={"file": ("Додайте файл.", "Add a file.")})
            data = await file.read()
            fields = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    except (MultiPartException, MultipartParseError, UnicodeDecodeError):
        raise BadRequest(uk="Форму складено неправильно.", en="The form is not well-formed.") from None
    if len(data) > limit:
        raise TooLarge(limit_bytes=limit)
    return validate(model, checked(fields)), Upload(file.filename or "", data)


def read_query(request: Request, model: type[I]) -> I:
    """The query string as a `model`; a name given twice counts once, the last. Raises BadRequest, InvalidInput."""
    names = {field.alias or name for name, field in model.model_fields.items()}
    given = {name: value for name, value in request.query_params.items() if name in names}
    return validate(model, checked(given))


def validate(model: type[I], value: object) -> I:
    """Raises InvalidInput with a sentence per field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise invalid(error) from None


def parse_json(data: bytes) -> object:
    """Strict JSON (RFC 8259): UTF-8, no NaN or infinity, no name twice, no NUL, no lone surrogate, at most 64 deep."""
    try:
        return checked(json.loads(data.decode(), object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_float=_finite))
    except UnicodeDecodeError:
        raise BadRequest(uk="Текст має бути в UTF-8.", en="The text must be UTF-8.") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise BadRequest(uk="Це не JSON.", en="This is not JSON.") from None


def checked(value: object) -> object:
    """The value itself. Raises BadRequest when it is nested too deeply or holds characters that no text holds."""
    waiting: list[tuple[object, int]] = [(value, 1)]
    while waiting:
        item, depth = waiting.pop()
        match item:
            case str():
                _refuse_characters(item)
            case Mapping():
                waiting.extend((part, depth + 1) for pair in item.items() for part in pair)
            case list():
                waiting.extend((part, depth + 1) for part in item)
        if depth > MAX_DEPTH:
            raise _too_deep()
    return value


def _refuse_announced(request: Request, limit: int) -> None:
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:19]) > limit:
        raise TooLarge(limit_bytes=limit)


def _once(data: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": data, "more_body": False}

    return receive


def _refuse_characters(text: str) -> None:
    if "\0" in text or _SURROGATE.search(text):
        raise BadRequest(uk="Текст містить недопустимі символи.", en="The text holds characters that are not allowed.")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise BadRequest(uk="Поле вказано двічі.", en="A field is given twice.")
    return value


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(digits)
    return value


def _too_deep() -> BadRequest:
    return BadRequest(uk="Дані вкладено надто глибоко.", en="The data is nested too deeply.")
