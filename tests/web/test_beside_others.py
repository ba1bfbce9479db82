"""Applications that bring their own form tokens, templates and asynchronous views."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from flask import Blueprint, jsonify
from flask_wtf.csrf import CSRFProtect, generate_csrf
from jinja2 import DictLoader

from flask_identity import auth_required, current_user
from tests.support.apps import EVERYTHING, HTML, PASSWORD, sign_in


@pytest.fixture(params=["after", "before"])
def protected(build, request):
    """An application that runs CSRFProtect over all its views, started after or before the library."""
    protect = CSRFProtect()
    before = protect.init_app if request.param == "before" else None
    site = build(before=before, IDENTITY_THROTTLE=False, WTF_CSRF_ENABLED=True, **EVERYTHING)
    if before is None:
        protect.init_app(site.app)
    site.app.add_url_rule("/form-token", view_func=generate_csrf)

    @site.app.post("/own")
    def own() -> str:
        return "done"

    return site


def test_our_routes_need_no_form_token_where_an_application_runs_csrfprotect(protected):
    client = protected.signed_in()

    assert client.post("/identity/logout").status_code == 303
    protected.person("bob@example.com")
    assert client.post("/identity/login", data={"identity": "bob@example.com", "password": PASSWORD}).status_code == 303
    assert sign_in(protected.client(), "bob@example.com").status_code == 200


def test_the_applications_own_views_still_need_one(protected):
    client = protected.signed_in()

    assert client.post("/own").status_code == 400
    token = client.get("/form-token").text
    assert client.post("/own", headers={"X-CSRFToken": token}).text == "done"


def test_our_routes_are_still_refused_across_sites(protected):
    client = protected.signed_in()

    answer = client.post("/identity/logout", headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


def test_an_applications_template_of_the_same_name_wins(build):
    site = build(**EVERYTHING)
    site.app.jinja_loader = DictLoader({"identity/password/login.html": "<h1>Welcome to {{ product_name }}</h1>"})

    assert site.client().get("/identity/login", headers=HTML).text == "<h1>Welcome to Flask-Identity</h1>"
    assert "<form" in site.client().get("/identity/register", headers=HTML).text


def test_a_layout_of_the_applications_own_is_around_every_page(build):
    site = build(**EVERYTHING)
    site.app.jinja_loader = DictLoader(
        {"identity/_layout.html": "<body class=ours>{% block content %}{% endblock %}</body>"}
    )

    assert "<body class=ours>" in site.client().get("/identity/login", headers=HTML).text


def test_async_views_know_who_is_calling_also_in_a_thread_they_wait_for(build):
    site = build(**EVERYTHING)
    views = Blueprint("views", __name__)

    @views.get("/async")
    @auth_required("session")
    async def asynchronous():
        from_thread = await sync_to_async(lambda: current_user.email)()
        return jsonify(here=current_user.email, there=from_thread, name=current_user.nickname)

    site.app.register_blueprint(views)
    client = site.signed_in(nickname="Countess")

    assert client.get("/async").get_json() == {
        "here": "ada@example.com",
        "there": "ada@example.com",
        "name": "Countess",
    }
    assert site.client().get("/async", headers={"Accept": "application/json"}).status_code == 401
