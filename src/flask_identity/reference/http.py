"""docs/http-api.md, from the routes and their description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask

from .. import catalog
from ..base.errors import IdentityRefusal
from ..identity import Identity
from ..testing import memory_store
from ..web import openapi
from ..web.feature import Feature, Route, Who
from ..web.refusals import EVERYWHERE, PER_PATH, refusals

_INTRODUCTION = """# HTTP reference

Paths are below `IDENTITY_URL_PREFIX`. The same, for machines: `GET /openapi.json`, where `IDENTITY_OPENAPI` is on.

An answer is JSON where the request brings a JSON body or an `Authorization` header, or where `Accept` prefers JSON to
HTML; else it is a page. JSON comes in an envelope, `{"meta": {"code": 200}, "response": {…}}`; what each route puts
into `response` stands below. A refusal has `error` (a code that stays), `message` (for people, translated) and, where
fields are to blame, `field_errors`:

    {"meta": {"code": 400}, "response": {"error": "weak_password", "message": "…", "field_errors": {"password": ["…"]}}}

Bodies are `application/json`, each key once; a route with a page takes its form too. GET and DELETE read the query. An
`id` is an integer or its canonical text. HEAD answers as GET without a body, OPTIONS names the methods and runs
nothing. A request that changes something passes the same-origin check, unless a valid `Authorization` came with it.
"""


def http_page() -> str:
    """Return docs/http-api.md."""
    app = _everything()
    with app.test_request_context():
        features = [feature for feature in catalog.features() if feature.routes]
        document = openapi.document(features, title="", cookie="", basic=False)
    parts = [_INTRODUCTION, "## Routes\n"]
    for feature in features:
        parts.append(_section(feature))
        parts += [_route(route, document) for route in feature.routes]
    parts += ["## Objects\n", *_objects(document), _codes(features)]
    return "\n".join(parts)


def _everything() -> Flask:
    """An application with every feature on: what a route takes may be the application's own."""
    app = Flask("reference")
    switches = {f"IDENTITY_{each.switch}": True for each in catalog.features() if each.switch is not None}
    sending = {"IDENTITY_BASE_URL": "https://app.example.com", "IDENTITY_MAIL_URL": "memory:"}
    app.config.update(SECRET_KEY="k" * 32, **sending, **switches)
    Identity(app, memory_store())
    return app


def _section(feature: Feature) -> str:
    switches = [feature.switch] if feature.switch is not None else (feature.with_any or feature.with_all)
    joint = " and " if feature.with_all else " or "
    when = f" With {joint.join(f'`IDENTITY_{each}`' for each in switches)}." if switches else ""
    return f"### {feature.name.replace('_', ' ').capitalize()}\n\n{feature.doc}{when}\n"


def _route(route: Route, document: Any) -> str:
    said = document["paths"][openapi.template(route.path)][route.method.lower()]
    who = {Who.ANYONE: "Anyone", Who.SIGNED_IN: "Signed in", Who.ADMIN: "Administrators"}[route.who]
    fresh = ", after a recent sign-in" if route.fresh else ""
    lines = [f"#### {route.method} {route.path.replace('<', '{').replace('>', '}')}\n", f"{said['summary']}\n"]
    lines.append(f"{who}{fresh}. {_doors(route)}{_limit(route)}\n")
    taken = list(_taken(said, document))
    if taken:
        lines.append("| takes | where | what |\n|---|---|---|\n" + "\n".join(taken) + "\n")
    if route.api is not None and route.media is None:
        given = said["responses"]["200"]["content"][openapi.JSON]["schema"]["properties"]["response"]
        lines.append(f"Gives: {_kind(given)}\n")
    own = [each for each in refusals(route) if each not in EVERYWHERE]
    if own:
        lines.append(f"Refuses: {', '.join(f'{each.status} `{each.code}`' for each in own)}\n")
    return "\n".join(lines)


def _doors(route: Route) -> str:
    if route.media is not None:
        return f"Answers `{route.media}`, without the envelope."
    if route.page is None:
        return "Answers JSON only."
    return "Answers JSON or a page." if route.api is not None else "A page only."


def _limit(route: Route) -> str:
    if route.limit is None:
        return ""
    site = f", {route.limit.site:,} in all" if route.limit.site is not None else ""
    return f" At most {route.limit.per_address:,} times in {route.limit.seconds} s from one address{site}."


def _taken(said: Any, document: Any) -> Iterator[str]:
    for each in said.get("parameters", ()):
        what = each.get("description") or _kind(each["schema"])
        yield _row(each["name"], each["in"], what, each.get("required", False))
    for content in list(said.get("requestBody", {"content": {}})["content"].values())[:1]:
        schema = _found(content["schema"], document)
        for name, field in schema.get("properties", {}).items():
            yield _row(name, "body", _kind(field), name in schema.get("required", ()))


def _row(name: str, where: str, what: str, needed: bool) -> str:
    return f"| `{name}`{'' if needed else '?'} | {where} | {what} |"


def _found(schema: Any, document: Any) -> Any:
    return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _kind(schema: Any) -> str:
    """Say a schema in words."""
    if "$ref" in schema:
        name = str(schema["$ref"]).rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(each) for each in schema["anyOf"] if each.get("maxLength") != 0)
    if "enum" in schema or "const" in schema:
        return ", ".join(f"`{each}`" for each in schema.get("enum", [schema.get("const")]))
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_kind(schema['additionalProperties'])}"
    words = {"string": "text", "null": "null", "number": "number", "integer": "integer", "boolean": "true or false"}
    if schema.get("format") == "password":
        return "password"
    return words.get(kind, kind) + "".join(
        f" {word} {schema[key]:,}" for key, word in _BOUNDS.items() if schema.get(key) is not None
    )


_BOUNDS = {"minLength": "from", "maxLength": "up to", "minimum": "from", "maximum": "to", "maxItems": "of up to"}


def _objects(document: Any) -> Iterator[str]:
    taken = {
        str(content["schema"].get("$ref", "")).rpartition("/")[2]
        for methods in document["paths"].values()
        for said in methods.values()
        for content in said.get("requestBody", {"content": {}})["content"].values()
    }
    text = str(document)
    for name, schema in document["components"]["schemas"].items():
        if name in taken or f"schemas/{name}'" not in text or name == "Refusal":
            continue
        needed = schema.get("required", ())
        fields = [f"| `{key}`{'' if key in needed else '?'} | {_kind(each)} |" for key, each in _fields(schema)]
        more = " More fields are the application's own.\n" if schema.get("additionalProperties") is True else "\n"
        table = "\n| field | what |\n|---|---|\n" + "\n".join(fields) + "\n" if fields else ""
        yield f"### {name}\n\n{' '.join(schema.get('description', '').split())}{more}{table}"


def _fields(schema: Any) -> list[tuple[str, Any]]:
    return list(schema.get("properties", {}).items())


def _codes(features: list[Feature]) -> str:
    met: dict[type[IdentityRefusal], list[str]] = {}
    for feature in features:
        for route in feature.routes:
            for kind in refusals(route):
                met.setdefault(kind, []).append(f"`{route.method} {route.path.replace('<', '{').replace('>', '}')}`")
    for kind in (*EVERYWHERE, *PER_PATH):
        met[kind] = ["every route"]
    codes = {kind.code: kind for kind in every_refusal()} | {kind.code: kind for kind in met}
    rows = [
        _code(kind, met.get(kind, [])) for kind in sorted(codes.values(), key=lambda each: (each.status, each.code))
    ]
    return "## Codes\n\n| code | status | what it says | where |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"


def _code(kind: type[IdentityRefusal], where: list[str]) -> str:
    places = f"{len(where)} routes" if len(where) > 8 else ", ".join(where) or "raised to Python code only"
    return f"| `{kind.code}` | {kind.status} | {kind.message} | {places} |"


def every_refusal() -> Iterator[type[IdentityRefusal]]:
    """Yield every refusal of the library that has a code of its own."""
    catalog.features()  # each brings its own
    waiting: list[type[IdentityRefusal]] = [IdentityRefusal]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind.__module__.startswith(__name__.partition(".")[0]):
                waiting.append(kind)
                if "code" in vars(kind):
                    yield kind
