"""The description of the API says what the routes say, all of it, and is one by its own rules."""

from __future__ import annotations

import re
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

from flask_identity import Register, catalog
from flask_identity.base.errors import IdentityRefusal
from flask_identity.web.feature import Route, Who
from flask_identity.web.refusals import PER_PATH, refusals
from tests.http.switches import EVERY_SWITCH
from tests.support.apps import JSON, error_of
from tests.support.routes import by_path, every_route, fields_of

URL = "/identity/openapi.json"
NOWHERE = {"refused", "already_there"}
"""Codes that no route gives: the base class, and what a role made in code can be refused with."""


class SignUp(Register):
    """A field of the application's own, which the test model has."""

    nickname: str


@pytest.fixture
def described(build):
    site = build(register=SignUp, **EVERY_SWITCH)
    return site, site.program().get(URL).get_json()


def operation(document: Any, route: Route) -> Any:
    """What the document says of a route."""
    path = "/identity" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
    return document["paths"][path][route.method.lower()]


def schema_of(document: Any, reference: Any) -> Any:
    """The schema a `$ref` stands for."""
    return document["components"]["schemas"][reference["$ref"].rpartition("/")[2]]


def test_it_is_off_unless_it_is_switched_on_and_then_for_everybody(build):
    """S-127."""
    assert build().program().get(URL).status_code == 404
    answer = build(IDENTITY_OPENAPI=True).program().get(URL)
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.get_json()["openapi"].startswith("3.1")
    assert error_of(build(IDENTITY_OPENAPI=True).program().post(URL, headers=JSON)) == (405, "method_not_allowed")


def test_it_is_valid_by_the_rules_of_openapi_and_of_json_schema(described):
    site, document = described
    schemathesis.openapi.from_wsgi(URL, site.app).validate()
    for name, schema in document["components"]["schemas"].items():
        assert re.fullmatch(r"[a-zA-Z0-9._-]+", name)
        jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def test_every_reference_leads_somewhere_and_no_name_is_used_twice(described):
    _, document = described
    names = set(document["components"]["schemas"])
    text = str(document)
    assert set(re.findall(r"#/components/schemas/([\w.-]+)", text)) <= names
    ids = re.findall(r"'operationId': '(\w+)'", text)
    assert len(ids) == len(set(ids))


def test_every_route_is_in_it_with_each_refusal_it_declares(described):
    site, document = described
    routes = [route for route, _ in every_route(site.app)]
    assert sum(len(each) for each in document["paths"].values()) == len(routes)
    for route in routes:
        said = operation(document, route)
        codes = {
            (int(status), code)
            for status, answer in said["responses"].items()
            if int(status) >= 400
            for code in re.findall(r"`(\w+)`", answer["description"])
        }
        assert codes == {(each.status, each.code) for each in refusals(route)}, route.path
        assert said["summary"].endswith("."), route.path
        assert (said["security"] == []) is (route.who is Who.ANYONE), route.path


def test_every_feature_can_be_switched_on_for_it(described):
    site, _ = described
    assert {each.name for each in site.app.extensions["flask_identity"].features} == set(catalog.NAMES)


def test_all_that_a_route_takes_is_in_it(described):
    site, document = described
    for route, _ in every_route(site.app):
        said = operation(document, route)
        with site.app.test_request_context():
            fields = set(fields_of(route))
        in_query = {each["name"] for each in said.get("parameters", ()) if each["in"] == "query"}
        in_path = {each["name"] for each in said.get("parameters", ()) if each["in"] == "path"}
        assert in_path == set(re.findall(r"<(?:\w+:)?(\w+)>", route.path)), route.path
        if route.method in ("GET", "DELETE"):
            assert in_query == fields | set(route.query), route.path
            continue
        assert ("requestBody" in said) is bool(fields), route.path
        for kind, content in said.get("requestBody", {"content": {}})["content"].items():
            if route.file and kind == "multipart/form-data":
                assert set(content["schema"]["properties"]) == {route.file}
                continue
            if route.takes_form and kind != "application/json":
                assert set(schema_of(document, content["schema"])["properties"]) == set(route.takes_form.model_fields)
                continue
            assert set(schema_of(document, content["schema"])["properties"]) == fields, (route.path, kind)
        kinds = set(said.get("requestBody", {"content": {}})["content"])
        assert ("application/json" in kinds) is (route.api is not None and bool(fields)), route.path


def test_every_route_for_programs_says_what_it_gives(described):
    site, _ = described
    silent = [f"{r.method} {r.path}" for r, _ in every_route(site.app) if r.api and not r.gives and not r.media]
    assert not silent, "declare `gives`, a model of what is inside the envelope"


def test_every_refusal_there_is_can_be_met_on_some_route(described):
    site, _ = described
    met = {kind.code for route, _ in every_route(site.app) for kind in (*refusals(route), *PER_PATH)}
    assert met | NOWHERE == {kind.code for kind in every_refusal()}
    assert not met & NOWHERE


def test_a_sign_up_has_the_applications_own_fields(described):
    _, document = described
    said = document["paths"]["/identity/register"]["post"]["requestBody"]["content"]
    assert set(said) == {"application/json", "application/x-www-form-urlencoded", "multipart/form-data"}
    for content in said.values():
        schema = schema_of(document, content["schema"])
        assert schema["properties"]["nickname"]["type"] == "string"
        assert set(schema["required"]) == {"email", "password", "nickname"}


def test_a_user_has_an_id_and_whatever_the_application_tells(described):
    _, document = described
    person = document["components"]["schemas"]["Person"]
    assert (person["required"], person["additionalProperties"]) == (["id"], True)


def test_the_ways_in_are_those_that_are_switched_on(build):
    schemes = build(IDENTITY_OPENAPI=True).program().get(URL).get_json()["components"]["securitySchemes"]
    assert schemes["cookie"]["name"] == "identity"
    assert set(schemes) == {"cookie", "bearer"}
    on = build(IDENTITY_OPENAPI=True, IDENTITY_BASIC=True).program().get(URL).get_json()
    assert set(on["components"]["securitySchemes"]) == {"cookie", "bearer", "basic"}


def test_what_is_switched_off_is_not_in_it(build):
    paths = build(IDENTITY_OPENAPI=True, IDENTITY_SESSIONS=False).program().get(URL).get_json()["paths"]
    assert "/identity/login" in paths
    assert not [path for path in paths if "sessions" in path or "register" in path]


def test_it_names_the_paths_as_they_are_mounted(build):
    site = build(IDENTITY_OPENAPI=True, IDENTITY_URL_PREFIX="")
    document = site.program().get("/openapi.json", environ_overrides={"SCRIPT_NAME": "/app"}).get_json()
    assert document["servers"] == [{"url": "/app"}]
    assert "/login" in document["paths"]
    assert site.program().get("/openapi.json").get_json()["servers"] == [{"url": "/"}]


def test_every_path_is_there_once(described):
    site, document = described
    assert len(document["paths"]) == len(by_path(site.app))


def every_refusal() -> set[type[IdentityRefusal]]:
    """The base class and all that inherit from it."""
    found, waiting = {IdentityRefusal}, [IdentityRefusal]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            if kind.__module__.startswith("flask_identity"):
                found.add(kind)
                waiting.append(kind)
    return found
