"""The OpenAPI 3.1 document, made from the declared endpoints."""

import re
from collections.abc import Iterable
from typing import Any  # JSON as it is

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from server.http.routing import Access, Endpoint, Model, NoInput

_REF = "#/components/schemas/{model}"
_COOKIE = {
    "type": "apiKey",
    "in": "cookie",
    "name": "zlahoda",
    "description": "`__Host-zlahoda` behind TLS; changes also need `X-Zlahoda-CSRF: 1`",
}


class Problem(Model):
    """RFC 9457, with a stable `code` and, for a form, a sentence per field."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str | None = None
    fields: dict[str, str] | None = None


def describe(endpoints: Iterable[Endpoint[Any]], version: str) -> dict[str, Any]:
    """The whole document."""
    declared = list(endpoints)
    models = _models(declared)
    places, definitions = models_json_schema(models, ref_template=_REF)
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in declared:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, places)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Zlahoda", "version": version, "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, "session": _COOKIE},
        },
    }


def _models(endpoints: list[Endpoint[Any]]) -> list[tuple[type[BaseModel], JsonSchemaMode]]:
    found: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    for endpoint in endpoints:
        if endpoint.input is not NoInput:
            found[endpoint.input, "validation"] = None
        if endpoint.response is not None:
            found[endpoint.response, "serialization"] = None
    return list(found)


def _operation(endpoint: Endpoint[Any], places: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "x-access": endpoint.access.value,
        "security": [] if endpoint.access is Access.PUBLIC else [{"bearer": []}, {"session": []}],
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint)],
        "responses": {
            **_success(endpoint, places),
            "default": _content("A problem", "application/problem+json", places[Problem, "serialization"]),
        },
    }
    if body := _request_body(endpoint, places):
        operation["requestBody"] = body
    return operation


def _path_parameters(endpoint: Endpoint[Any]) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in re.findall(r"{(\w+)", endpoint.path)]


def _query_parameters(endpoint: Endpoint[Any]) -> list[dict[str, Any]]:
    if not endpoint.reads_query:
        return []
    schema = endpoint.input.model_json_schema(ref_template=_REF)
    required = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": detail}
        for name, detail in schema.get("properties", {}).items()
    ]


def _request_body(endpoint: Endpoint[Any], places: dict[Any, Any]) -> dict[str, Any] | None:
    if endpoint.reads_query or (endpoint.input is NoInput and not endpoint.upload_bytes):
        return None
    if not endpoint.upload_bytes:
        return {"required": True, "content": {"application/json": {"schema": places[endpoint.input, "validation"]}}}
    properties = {"file": {"type": "string", "contentMediaType": "application/octet-stream"}}
    properties |= endpoint.input.model_json_schema(ref_template=_REF).get("properties", {})
    schema = {"type": "object", "properties": properties, "required": ["file"]}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _success(endpoint: Endpoint[Any], places: dict[Any, Any]) -> dict[str, Any]:
    if endpoint.response is not None:
        return {str(endpoint.status): _content(endpoint.summary, "application/json", places[endpoint.response, "serialization"])}
    if endpoint.produces:
        return {"200": {"description": endpoint.summary, "content": {media: {} for media in endpoint.produces}}}
    return {"204": {"description": endpoint.summary}}


def _content(description: str, media: str, schema: Any) -> dict[str, Any]:  # Any: JSON
    return {"description": description, "content": {media: {"schema": schema}}}
