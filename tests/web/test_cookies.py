"""The cookie and what may be put in its place: S-061, S-063, A-021, A-044, R-18, R-25, R-26."""

from __future__ import annotations

import pytest

from flask_identity.core.secrets import split
from tests.support.apps import HTML, JSON, error_of, sign_in
from tests.support.routes import every_route


@pytest.fixture
def orm():
    """What is tested here is read from the request alone, so one ORM is enough."""
    return "plain"


HTTPS = {"base_url": "https://app.example.com"}


def cookies_of(answer):
    return answer.headers.getlist("Set-Cookie")


def attributes(header):
    name, _, rest = header.partition("=")
    value, *more = (part.strip() for part in rest.split(";"))
    return name, value, {part.partition("=")[0].lower(): part.partition("=")[2] for part in more}


def production(build, **settings):
    return build(TESTING=False, IDENTITY_BASE_URL="https://app.example.com", **settings)


def test_in_production_the_cookie_is_host_bound_and_secure(build):
    """S-061, R-25."""
    made = production(build)
    made.person()
    body = {"identity": "ada@example.com", "password": "correct horse battery staple"}
    answer = made.app.test_client().post("/identity/login", json=body, **HTTPS)
    (header,) = cookies_of(answer)
    name, value, flags = attributes(header)
    assert name == "__Host-identity"
    assert split(value)
    assert flags == {"secure": "", "httponly": "", "path": "/", "samesite": "Lax"}
    assert len(header) < 4096


def test_also_on_plain_http_where_the_site_is_not_this_machine(build):
    """S-061: a production site never hands out a cookie that travels in the clear."""
    for settings in ({"TESTING": True}, {"DEBUG": True}, {"TESTING": False}):
        made = build(IDENTITY_BASE_URL="https://app.example.com", **settings)
        made.person()
        client = made.app.test_client()
        answer = client.post(
            "/identity/login",
            json={"identity": "ada@example.com", "password": "correct horse battery staple"},
            base_url="http://app.example.com",
        )
        assert cookies_of(answer)[0].startswith("__Host-identity=")
        assert "Secure" in cookies_of(answer)[0]


def test_on_this_machine_in_development_the_cookie_can_be_kept_without_tls(build, caplog):
    """S-061: the only exception, and it warns at start."""
    caplog.set_level("WARNING", "flask_identity")
    made = build()
    assert "not Secure" in caplog.text
    made.person()
    for host in ("localhost", "127.0.0.1:5000", "[::1]:8000"):
        answer = (
            sign_in(made.program(), "ada@example.com")
            if host == "localhost"
            else made.program().post(
                "/identity/login",
                json={"identity": "ada@example.com", "password": "correct horse battery staple"},
                base_url=f"http://{host}",
            )
        )
        name, _, flags = attributes(cookies_of(answer)[0])
        assert name == "identity"
        assert flags == {"httponly": "", "path": "/", "samesite": "Lax"}


def test_production_does_not_warn_and_has_no_exception_for_loopback(build, caplog):
    caplog.set_level("WARNING", "flask_identity")
    made = production(build)
    assert caplog.text == ""
    made.person()
    answer = sign_in(made.program())
    assert cookies_of(answer)[0].startswith("__Host-identity=")


def test_a_loopback_base_url_counts_as_development(build):
    made = build(TESTING=False, IDENTITY_BASE_URL="http://127.0.0.1:5000")
    made.person()
    assert cookies_of(sign_in(made.program()))[0].startswith("identity=")


def test_the_cookie_lives_with_the_browser_unless_it_is_to_be_kept(build):
    """R-26: no year-long cookie without consent."""
    made = build(IDENTITY_REMEMBER_FOR=86400)
    made.person()
    assert "max-age" not in attributes(cookies_of(sign_in(made.client()))[0])[2]
    kept = attributes(cookies_of(sign_in(made.client(), remember=True))[0])[2]
    assert kept["max-age"] == "86400"


def test_the_cookie_says_nothing_about_its_bearer_and_is_no_token(site):
    """R-18, R-27: opaque, and of no use in an Authorization header; two devices have two."""
    site.person()
    values = [attributes(cookies_of(sign_in(site.client()))[0])[1] for _ in range(2)]
    assert values[0] != values[1]
    for value in values:
        headers = {"Authorization": f"Bearer {value}"}
        assert site.program().get("/identity/profile", headers=headers).status_code == 401


def test_an_anonymous_visitor_gets_no_cookie(site):
    for url in ("/identity/login", "/identity/register", "/identity/profile", "/identity/static/fi.css", "/no"):
        with site.client().get(url, headers=HTML) as answer:
            assert cookies_of(answer) == []


def test_a_sign_in_that_fails_gives_no_cookie(site):
    site.person()
    assert cookies_of(sign_in(site.client(), password="wrong")) == []
    assert cookies_of(site.client().post("/identity/login", data={"identity": "ada@example.com"})) == []


NONSENSE = {
    "empty": "",
    "a dot": ".",
    "short": "x.y",
    "well formed": "A" * 16 + "." + "B" * 43,
    "no dot": "A" * 60,
    "two dots": "A" * 16 + "." + "B" * 43 + ".C",
    "huge": "A" * 60_000,
    "quoted": '"' + "A" * 16 + "." + "B" * 43 + '"',
    "percent": "%00%0d%0a",
    "SQL": "A' OR '1'='1",
    "latin": "\xe4\xf6\xfc\xff",
    "json": '{"a":1}',
}


@pytest.mark.parametrize("value", NONSENSE.values(), ids=NONSENSE)
def test_a_cookie_that_opens_nothing_is_a_visitor_and_is_taken_back(site, value):
    """A-021, A-044, A-045, A-048: never an error, never somebody."""
    raw = {"Cookie": f"identity={value}"}
    client = site.app.test_client(use_cookies=False)
    assert error_of(client.get("/identity/profile", headers={**JSON, **raw})) == (401, "not_signed_in")
    answer = client.get("/identity/login", headers={**JSON, **raw})
    assert answer.json["response"] == {}
    if ";" not in value and " " not in value:
        name, empty, flags = attributes(cookies_of(answer)[0])
        assert (name, empty) == ("identity", "")
        assert flags["max-age"] == "0"


def test_a_cookie_changed_in_one_character_opens_nothing(site):
    site.person()
    value = attributes(cookies_of(sign_in(site.client()))[0])[1]
    client = site.app.test_client(use_cookies=False)
    assert client.get("/identity/profile", headers={**JSON, "Cookie": f"identity={value}"}).status_code == 200
    for place in (0, 5, 16, 17, 40, len(value) - 1):
        other = "A" if value[place] != "A" else "B"
        changed = value[:place] + other + value[place + 1 :]
        answer = client.get("/identity/profile", headers={**JSON, "Cookie": f"identity={changed}"})
        assert answer.status_code == 401, place


def test_the_id_of_one_session_with_the_secret_of_another_opens_nothing(site):
    site.person()
    one, other = (attributes(cookies_of(sign_in(site.client()))[0])[1].split(".") for _ in range(2))
    client = site.app.test_client(use_cookies=False)
    answer = client.get("/identity/profile", headers={**JSON, "Cookie": f"identity={one[0]}.{other[1]}"})
    assert answer.status_code == 401


@pytest.mark.parametrize("shape", ["={name}={value}", "x{name}={value}", "{name}x={value}", "a=b{name}={value}"])
def test_only_a_cookie_of_exactly_our_name_counts(build, shape):
    """A-021: a nameless cookie, or one whose name ends like ours, is not ours."""
    made = production(build)
    made.person()
    value = attributes(cookies_of(sign_in(made.program()))[0])[1]
    raw = shape.format(name="__Host-identity", value=value)
    answer = made.program().get("/identity/sessions", headers={**JSON, "Cookie": raw}, **HTTPS)
    assert answer.status_code == 401
    answer = made.program().get("/identity/sessions", headers={**JSON, "Cookie": f"a=b; {raw.lstrip('=x')}"}, **HTTPS)
    assert answer.status_code == (200 if raw.lstrip("=x").startswith("__Host-identity=") else 401)


def test_the_plain_development_name_means_nothing_in_production(build):
    made = production(build)
    made.person()
    value = attributes(cookies_of(sign_in(made.program()))[0])[1]
    answer = made.program().get("/identity/sessions", headers={**JSON, "Cookie": f"identity={value}"}, **HTTPS)
    assert answer.status_code == 401


def test_flasks_own_session_cookie_opens_nothing_and_is_not_written(site):
    """R-18, R-23, R-31."""
    client = site.client()
    with client.session_transaction() as session:
        session.update(
            user_id=1, _user_id="1", _fresh=True, _permanent=True, uniquifier="x", identity="ada@example.com"
        )
    assert client.get("/identity/profile", headers=JSON).status_code == 401
    site.person()
    assert not [header for header in cookies_of(sign_in(site.client())) if header.startswith("session=")]


def test_every_cookie_the_library_sets_has_its_attributes(site):
    """S-061, over every route of an administrator's life."""
    root = site.signed_in("root@example.com", roles=["admin"])
    for route, url in every_route(site.app):
        answer = root.open(url, method=route.method, headers=JSON, json={})
        for header in cookies_of(answer):
            name, _, flags = attributes(header)
            assert name == "identity"
            assert {"httponly", "path", "samesite"} <= set(flags)
        if route.path == "/logout":
            root = site.signed_in("root@example.com")


def test_no_value_of_a_session_is_in_a_url_or_an_answer(site):
    """S-063."""
    ada = site.signed_in()
    value = ada.get_cookie("identity").value
    for route, url in every_route(site.app):
        if route.method == "GET":
            answer = ada.get(url, headers=JSON)
            assert value not in answer.text
            assert value.partition(".")[0] not in answer.text
            assert value not in answer.headers.get("Location", "")
