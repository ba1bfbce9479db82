"""The API's description as OpenAPI 3.1, from the routes: nothing of it is written by hand."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from .doors import endpoint
from .feature import Feature, Route, Who
from .refusals import IN_QUERY, refusals
from .schemas import REF, Models, Schema, may_be_empty

JSON = "application/json"
HTML = "text/html"
TEXT = "text/plain"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_FILE = {"type": "string", "contentMediaType": "application/octet-stream"}
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def document(
    features: Sequence[Feature], *, title: str, root: str = "", prefix: str = "", cookie: str, basic: bool
) -> Schema:
    """Return the OpenAPI document of features; inside an application context.

    Args:
        features: What is switched on.
        title: The application's name.
        root: The path the application is mounted under.
        prefix: The path of the library's routes within it.
        cookie: The name of the session cookie.
        basic: Whether HTTP Basic is accepted.
    """
    ways = {
        "cookie": {"type": "apiKey", "in": "cookie", "name": cookie},
        "bearer": {"type": "http", "scheme": "bearer"},
    }
    if basic:
        ways["basic"] = {"type": "http", "scheme": "basic"}
    models = Models([route for feature in features for route in feature.routes])
    paths: dict[str, Schema] = {}
    for feature in features:
        for route in feature.routes:
            made = _operation(feature, route, models, list(ways))
            paths.setdefault(prefix + template(route.path), {})[route.method.lower()] = made
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {"title": title, "version": "1", "description": _ABOUT},
        "servers": [{"url": root or "/"}],
        "tags": [{"name": feature.name, "description": feature.doc} for feature in features if feature.routes],
        "paths": paths,
        "components": {"schemas": {**models.schemas, "Refusal": _REFUSAL}, "securitySchemes": ways},
    }


_ABOUT = (
    "Answers are JSON in an envelope where the body is JSON, where an Authorization header comes, or where Accept "
    "prefers JSON to HTML; else pages. A method that an address does not have is 405 `method_not_allowed` with Allow."
)
_REFUSAL: Schema = {
    "type": "object",
    "required": ["meta", "response"],
    "additionalProperties": False,
    "properties": {
        "meta": {"type": "object", "required": ["code"], "properties": {"code": {"type": "integer"}}},
        "response": {
            "type": "object",
            "required": ["error", "message"],
            "additionalProperties": False,
            "properties": {
                "error": {"type": "string", "description": "The code: stable, and the same in every language."},
                "message": {"type": "string", "description": "What to tell the person."},
                "field_errors": {
                    "type": "object",
                    "additionalProperties": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}


def _operation(feature: Feature, route: Route, models: Models, ways: list[str]) -> Schema:
    made: Schema = {
        "operationId": f"{route.method.lower()}_{endpoint(route.path)}",
        "tags": [feature.name],
        "summary": summary(route),
        "description": f"For {route.who.value}{', after a recent sign-in' if route.fresh else ''}.",
        "security": [] if route.who is Who.ANYONE else [{way: []} for way in ways],
        "responses": {**_good(route, models), **_refused(route)},
    }
    parameters = [*_in_path(route), *_in_query(route, models)]
    if parameters:
        made["parameters"] = parameters
    body = _body(route, models)
    if body is not None:
        made["requestBody"] = body
    return made


def template(path: str) -> str:
    """Return a path in OpenAPI's terms: `/users/<int:id>` is `/users/{id}`."""
    return _PART.sub(r"{\1}", path)


def summary(route: Route) -> str:
    """Return what a route does, in the words of its door."""
    return (inspect.getdoc(route.api or route.page) or "").partition("\n\n")[0].replace("\n", " ")


def _in_path(route: Route) -> Iterator[Schema]:
    for name in _PART.findall(route.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _in_query(route: Route, models: Models) -> Iterator[Schema]:
    for name, meaning in route.query.items():
        yield {"name": name, "in": "query", "description": meaning, "schema": {"type": "string"}}
    taken = models.taken(route) if route.method in IN_QUERY else None
    if taken is not None:
        needed = taken[1].get("required", ())
        for name, schema in taken[1].get("properties", {}).items():
            shown = schema if name in needed else may_be_empty(schema)
            yield {"name": name, "in": "query", "required": name in needed, "schema": shown}


def _body(route: Route, models: Models) -> Schema | None:
    taken = models.taken(route) if route.method not in IN_QUERY else None
    if taken is None:
        return None
    content: Schema = {}
    if route.api is not None:
        content[JSON] = {"schema": {"$ref": REF.format(model=taken[0])}}
    if route.page is not None:
        content |= {kind: {"schema": models.form(route)} for kind in FORMS}
    if route.file is not None:
        # Fields of the profile come as `profile.full_name` there, so no schema of the JSON body fits.
        content[FORMS[1]] = {"schema": {"type": "object", "properties": {route.file: _FILE}}}
    return {"required": bool(taken[1].get("required")), "content": content}


def _good(route: Route, models: Models) -> Schema:
    content: Schema = {}
    if route.media is not None:
        content[route.media] = {}
    elif route.api is not None:
        content[JSON] = {"schema": envelope(200, models.given(route))}
    if route.page is not None and route.media is None:
        content[HTML] = {"schema": {"type": "string"}}
    made: Schema = {"200": {"description": summary(route), "content": content}}
    if route.page is not None and route.media is None:
        where = {"Location": {"schema": {"type": "string"}}}
        # Sent by the framework itself, Location is all that counts of it.
        made["303"] = {"description": "A page leads on: to where one goes next, or to sign in.", "headers": where}
    return made


def envelope(status: int, response: Mapping[str, Any]) -> Schema:
    """Return the schema of an answer whose `response` has a schema."""
    meta = {"type": "object", "required": ["code"], "additionalProperties": False}
    meta["properties"] = {"code": {"const": status}}
    return {
        "type": "object",
        "required": ["meta", "response"],
        "additionalProperties": False,
        "properties": {"meta": meta, "response": response},
    }


def _refused(route: Route) -> Schema:
    made: Schema = {}
    for status, kinds in groupby(refusals(route), key=lambda each: each.status):
        each = list(kinds)
        narrowed = {
            "meta": {"properties": {"code": {"const": status}}},
            "response": {"properties": {"error": {"enum": [kind.code for kind in each]}}},
        }
        schema = {"allOf": [{"$ref": REF.format(model="Refusal")}, {"properties": narrowed}]}
        content: Schema = {JSON: {"schema": schema}}
        if route.page is not None or status == 500:
            content[HTML] = {"schema": {"type": "string"}}
        if route.media is not None:
            content[TEXT] = {"schema": {"type": "string"}}
        text = " ".join(f"`{kind.code}`: {kind.message}" for kind in each)
        made[str(status)] = {"description": text, "content": content}
        if status in (429, 503):
            made[str(status)]["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return made
