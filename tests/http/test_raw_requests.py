"""F-35: requests no client sends, on every route: no 500, and the next request is answered as before.

RAW is the number of requests for each caller and ORM: `make fuzz`.
"""

from __future__ import annotations

import io
import json
import os
import random
from collections import Counter
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from tests.http.callers import Caller
from tests.support.apps import EVERYTHING, PASSWORD
from tests.support.routes import every_route, fields_of

REQUESTS = int(os.environ.get("RAW", "400"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))

METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get", "É", ""]
TEXTS = [
    "", " ", "\0", "\x1b[31m", "a\r\nb: c", "\xff\xfe", "../..", "%00", "%ff", "%zz", "1" * 400, "A" * 9000, "null",
    "1", "2", "-1", "1e9", "NaN", "[]", "{}", "{'a':1}", "é" * 20, "\u202e", "q=1&q=2", "*/*", "text/html;q=",
    ";;;=,,,", '"',
]  # fmt: skip
VALUES: list[Any] = [
    *TEXTS,
    None,
    True,
    0,
    1,
    2,
    -1,
    10**30,
    1.5,
    [],
    {},
    [[]],
    {"a": {"b": 1}},
    PASSWORD,
    "active",
    "admin",
]
TYPES = [
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
    "application/json; charset=utf-16", "text/plain", "", "a/b/c;;=", "multipart/form-data; boundary=\xff",
    "application/x-www-form-urlencoded; charset=no-such",
]  # fmt: skip
HEADERS = [
    "Accept", "Accept-Language", "Authorization", "Cookie", "Host", "If-None-Match", "If-Modified-Since", "Origin",
    "Range", "Referer", "Sec-Fetch-Site", "Transfer-Encoding", "Upgrade", "User-Agent", "X-Forwarded-For", "Date",
    "X-HTTP-Method-Override", "Content-Length", "Content-Encoding", "Expect",
]  # fmt: skip
ODD = [
    "Basic", "Basic !!!", "Basic Og==", "Basic /////w==", "Bearer", "Bearer \0", "Bearer " + "x" * 9000, "Digest a=b,",
    "identity=", "identity=a; identity=b", "identity=\xff\xfe", "; ;=;", "same-origin", "cross-site", "http://[::1",
    "null", "chunked", "bytes=0-,-1", "-1", "9" * 30, "1.5", "http://localhost:99999/", "a b", "//", "localhost:x",
    "application/json", "text/html",
]  # fmt: skip


@pytest.mark.parametrize("role", ["nobody", "user", "admin"])
def test_no_request_however_broken_is_more_than_refused(build, role):
    site = build(IDENTITY_THROTTLE=False, IDENTITY_OPENAPI=True, IDENTITY_BASIC=True, **EVERYTHING)
    caller, choose = Caller(site, role), random.Random(f"{SEED}{role}")
    with site.app.test_request_context():
        routes = [(route.method, url, fields_of(route)) for route, url in every_route(site.app)]
    seen: Counter[int] = Counter()
    for number in range(REQUESTS):
        if number % 20 == 0:
            caller.begin()
        environ = made(choose, *choose.choice(routes), caller)
        status = answer(site.app, environ)
        told = {key: str(value)[:200] for key, value in environ.items() if key.isupper()}
        assert status < 500, f"{status} for request {number} of seed {SEED}: {told}"
        seen[status] += 1
    assert site.client().get("/identity/login").status_code == 200
    assert min(seen[200], seen[400], seen[405]) > 0, seen
    print(f"{REQUESTS} requests as {role}: {dict(seen)}")


def answer(app: Any, environ: Any) -> int:
    """Send what may be no HTTP at all, past every client's own care, and read the whole answer."""
    chunks, status, _ = run_wsgi_app(app, environ, buffered=True)
    b"".join(chunks)
    return int(status.split()[0])


def made(choose: random.Random, method: str, url: str, fields: list[str], caller: Caller) -> Any:
    """One request: nearly right, with some of it spoilt."""
    spoilt = choose.random
    builder = EnvironBuilder(method="GET", base_url="http://localhost/")
    environ: dict[str, Any] = dict(builder.get_environ())
    environ["REQUEST_METHOD"] = method if spoilt() < 0.8 else choose.choice(METHODS)
    url = url.replace("999999", str(choose.randint(1, 6)))
    environ["PATH_INFO"] = url if spoilt() < 0.9 else f"{url}/{as_wsgi(choose.choice(TEXTS))}"
    environ["QUERY_STRING"] = query(choose, fields)
    if spoilt() < 0.8:
        environ["HTTP_SEC_FETCH_SITE"] = "same-origin"
    if caller.cookie and spoilt() < 0.4:
        environ["HTTP_COOKIE"] = caller.cookie
    elif caller.headers and spoilt() < 0.8:
        environ["HTTP_AUTHORIZATION"] = caller.headers["Authorization"]
    kind = choose.choice(TYPES[:3]) if spoilt() < 0.8 else choose.choice(TYPES)
    body = sent(choose, kind, fields)
    environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"] = kind, str(len(body))
    environ["wsgi.input"] = io.BytesIO(body)
    if spoilt() < 0.1:  # a chunked body states no length
        del environ["CONTENT_LENGTH"]
        environ |= {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    for _ in range(choose.choice([0, 0, 1, 3])):
        name = choose.choice(HEADERS).upper().replace("-", "_")
        key = name if name in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{name}"
        environ[key] = as_wsgi(choose.choice(ODD + TEXTS))
    return environ


def as_wsgi(text: str) -> str:
    """Text as a server hands it on: one character for each byte."""
    return text.encode().decode("latin-1")


def query(choose: random.Random, fields: list[str]) -> str:
    """A query: nothing, known fields with odd values, or no query at all."""
    if choose.random() < 0.3:
        return as_wsgi(choose.choice(TEXTS))
    names = [choose.choice([*fields, "id", "next", "include_auth_token"]) for _ in range(choose.randint(0, 3))]
    return "&".join(f"{name}={quote(str(choose.choice(VALUES)))}" for name in names)


def sent(choose: random.Random, kind: str, fields: list[str]) -> bytes:
    """A body: of its kind with odd values, cut off, huge, or of no kind."""
    values = {name: choose.choice(VALUES) for name in fields if choose.random() < 0.8}
    if choose.random() < 0.1:
        return choose.choice([b"", b"\xff" * 40, b"[" * 5000, b"{" * 200, b"x" * 70_000, b'{"a":"\\ud800"}'])
    if "json" in kind:
        text = json.dumps(values)
        if choose.random() < 0.2:
            text = text.replace("{", '{"password": "a", "password": "b", ', 1)
        body = text.encode("utf-16" if choose.random() < 0.05 else "utf-8")
    elif "multipart" in kind:
        parts = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in values.items()]
        body = "".join([*parts, "--x--\r\n"]).encode()
    else:
        body = "&".join(f"{name}={choose.choice([quote(str(v)), str(v)])}" for name, v in values.items()).encode()
    return body[: choose.randint(0, len(body))] if choose.random() < 0.15 else body
