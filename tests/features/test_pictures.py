"""E10: a picture is sent, kept, pointed at, shown and removed."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import time_machine

from flask_identity.features.edit_user.pictures import UPLOADS
from tests.support import ftp
from tests.support.apps import EVERYTHING, HTML, JSON, SAME_ORIGIN, error_of
from tests.support.pictures import opened, part, parts, picture
from tests.support.routes import statements

NOT_SAVED = [{"field": "image", "code": "image_not_saved"}]


@pytest.fixture
def server(tmp_path):
    running = ftp.start(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def site(build, server, tmp_path):
    return build(
        IDENTITY_THROTTLE=False, IDENTITY_IMAGE_URL=server.url, IDENTITY_IMAGE_CACHE=f"{tmp_path}/c", **EVERYTHING
    )


@pytest.fixture
def ada(site):
    return site.signed_in("ada@example.com")


@pytest.fixture
def root(site):
    return site.signed_in("root@example.com", roles=["admin"])


def send(client, data=None, name="me.png", **fields):
    answer = client.put("/identity/edit_user", data={"image": part(data or picture(), name), **fields})
    answer.request.environ["wsgi.input"].close()  # the test client's own temporary file, where the body is large
    return answer


def profile_of(client, path="/identity/profile"):
    return client.get(path, headers=JSON).json["response"]["user"]["profile"]


def saved_urls(site):
    return [row["image"] for row in site.rows("identity_profile") if row["image"]]


def test_a_picture_is_sent_by_ftp_and_shown_from_the_saved_url(site, server, ada):
    answer = send(ada, **{"profile.full_name": "Ada", "username": "ada"})
    user = answer.json["response"]["user"]
    shown = site.program().get(user["profile"]["image_url"])

    assert (answer.status_code, user["username"], user["profile"]["full_name"]) == (200, "ada", "Ada")
    assert "warnings" not in answer.json["response"]
    assert user["profile"]["image"] == f"ftp://127.0.0.1:{server.port}/some/pictures/{server.files[1]}"
    assert (saved_urls(site), len(server.files)) == ([user["profile"]["image"]], 2)
    assert (shown.status_code, shown.content_type, opened(shown.data).size) == (200, "image/webp", (512, 512))
    assert profile_of(ada) == user["profile"]
    assert user["profile"]["image_url"] in ada.get("/identity/profile", headers=HTML).text


def test_a_picture_is_served_so_that_nothing_in_it_runs_and_browsers_keep_it(site, ada):
    """S-104."""
    url = send(ada).json["response"]["user"]["profile"]["image_url"]
    with statements(site) as seen:
        shown = ada.get(url)

    assert seen == []
    assert shown.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in shown.headers
    assert ada.get(url, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert opened(ada.get(url.replace(".webp", "-128.webp")).data).size == (128, 128)
    for nothing in ("0" * 32 + ".webp", "x", "..%2f..%2fetc%2fpasswd", "a.svg"):
        assert ada.get(f"/identity/images/{nothing}").status_code == 404


def test_a_new_picture_replaces_the_old_one_and_it_can_be_removed(site, server, ada):
    """S-105."""
    first = send(ada).json["response"]["user"]["profile"]
    second = send(ada).json["response"]["user"]["profile"]

    assert first["image"] != second["image"]
    assert (len(server.files), saved_urls(site)) == (2, [second["image"]])
    assert ada.get(first["image_url"]).status_code == 404
    removed = ada.put("/identity/edit_user", json={"remove_image": True}).json["response"]["user"]["profile"]
    assert (removed["image"], removed["image_url"], server.files) == (None, None, [])


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        (b"<svg onload='alert(1)'/>", (400, "not_an_image")),
        (b"<html><script>alert(1)</script>", (400, "not_an_image")),
        (bytes(5 * 1024 * 1024 + 1), (413, "image_too_large")),
    ],
)
def test_a_bad_picture_changes_nothing(site, server, ada, sent, refusal):
    """A-128, A-129."""
    kept = send(ada).json["response"]["user"]
    answer = send(ada, sent, username="new", **{"profile.bio": "new"})

    assert error_of(answer) == refusal
    assert list(answer.json["response"]["field_errors"]) == ["image"]
    assert ada.get("/identity/edit_user", headers=JSON).json["response"]["user"] == kept
    assert len(server.files) == 2


@pytest.mark.parametrize(
    "name",
    ["../../x.png", "..\\x.png", "/etc/passwd", "CON", "x" * 5000, "\u202egnp.x", "-rf", "a.jpg.php", "a.png\0.html"],
)
def test_the_name_a_file_had_is_of_no_importance(server, ada, name):
    """A-129, A-133, S-103."""
    assert send(ada, name=name).status_code == 200
    assert all(re.fullmatch(r"[0-9a-f]{32}(-128)?\.webp", each) for each in server.files)


def test_a_body_over_the_limit_is_not_read(ada):
    """S-099."""
    answer = ada.put("/identity/edit_user", **parts(bytes(9_000_000)))
    assert error_of(answer) == (413, "image_too_large")


def test_no_other_field_takes_a_picture(ada):
    """A-128: the second field that somebody forgot."""
    url = "data:image/svg+xml,<svg onload='alert(1)'/>"
    for body in ({"image": url}, {"profile": {"image": url}}, {"image_url": url}, {"profile": {"image_url": url}}):
        answer = ada.put("/identity/edit_user", json=body)
        assert answer.status_code in (400, 403)
        assert "svg" not in answer.text
    for key in ("profile.image", "image", "profile.image_url"):
        assert ada.put("/identity/edit_user", data={"x": part(b""), key: url}).status_code in (400, 403)
    assert profile_of(ada)["image"] is None


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"--x\r\n", "multipart/form-data"),
        (b"--x\r\n", "multipart/form-data; boundary="),
        (b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\nhalf', "multipart/form-data; boundary=x"),
        (b"\r" * 10_000, "multipart/form-data; boundary=x"),
        (b"--x\r\nno header\r\n\r\n\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n' * 5000 + b"--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="' + b"a" * 200_000 + b'"\r\n\r\n\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="username"\r\n\r\n' + b"a" * 200_000 + b"\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
        ),
    ],
    ids=["none", "empty", "cut", "cr", "headless", "many", "name", "field"],
)
def test_a_body_whose_parts_cannot_be_read_is_refused(ada, body, kind):
    """A-132."""
    assert ada.put("/identity/edit_user", data=body, content_type=kind).status_code in (400, 413)


def test_parts_are_checked_as_json_is(ada, root):
    assert error_of(send(ada, role="admin")) == (403, "field_not_allowed")
    assert error_of(send(ada, **{"profile.nonsense": "x"})) == (400, "unknown_field")
    assert error_of(send(ada, **{"profile.website": "javascript:x"})) == (400, "invalid_input")
    assert error_of(send(ada, remove_image="true")) == (400, "invalid_input")
    assert error_of(send(ada, version="99")) == (409, "changed_meanwhile")
    assert error_of(send(ada, id="987654")) == (404, "not_found")
    assert profile_of(ada)["image"] is None
    send(ada, **{"profile.bio": "x"})
    assert send(ada, **{"profile.bio": ""}).json["response"]["user"]["profile"]["bio"] is None


def test_a_refused_edit_keeps_no_picture(server, ada):
    """S-108: the picture was sent before the row said no."""
    assert error_of(send(ada, version="99")) == (409, "changed_meanwhile")
    assert server.files == []


def test_a_picture_comes_from_this_site_and_from_who_may(site, ada):
    cross = site.app.test_client()
    cross.set_cookie("identity", ada.get_cookie("identity").value)
    data = {"image": part(picture())}
    assert error_of(cross.put("/identity/edit_user", data=data, headers={"Sec-Fetch-Site": "cross-site"}))[0] == 403
    data = {"image": part(picture())}
    assert error_of(site.program().put("/identity/edit_user", data=data, headers=SAME_ORIGIN))[0] == 401


def test_an_administrator_changes_somebodys_picture_and_deletes_it_with_the_account(site, server, ada, root):
    ada_id = ada.get("/identity/edit_user", headers=JSON).json["response"]["user"]["id"]
    assert send(root, id=str(ada_id)).json["response"]["user"]["id"] == ada_id
    url = profile_of(ada)["image_url"]
    assert len(server.files) == 2

    assert root.delete(f"/identity/delete_user?id={ada_id}").status_code == 200
    assert server.files == []
    assert site.program().get(url).status_code == 404


def test_many_are_deleted_with_their_pictures_over_one_connection(site, server, root):
    people = [site.person(f"p{number}@example.com") for number in range(4)]
    for each in people[:3]:
        assert send(root, id=str(each)).status_code == 200
    assert len(server.files) == 6
    before = server.connections

    told = root.post("/identity/users/bulk", json={"action": "delete", "ids": [*people, 987654]})

    assert (told.json["response"]["done"], len(told.json["response"]["skipped"])) == (4, 1)
    assert server.files == []
    assert server.connections - before == 1


def test_many_are_deleted_though_their_pictures_cannot_be(site, server, root, caplog):
    """The sweeper finds what is left."""
    people = [site.person(f"p{number}@example.com") for number in range(2)]
    for each in people:
        send(root, id=str(each))
    server.fails("refuse")

    told = root.post("/identity/users/bulk", json={"action": "delete", "ids": people})

    assert (told.status_code, told.json["response"]["done"], len(server.files)) == (200, 2, 4)
    assert "`images sweep` will" in caplog.text
    assert saved_urls(site) == []


def test_an_account_sends_so_many_pictures_in_an_hour_and_no_more(build, tmp_path):
    """S-105: what is refused counts as well, since it was decoded; texts and others have no part in it."""
    site = build(IDENTITY_IMAGE_URL=f"file://{tmp_path}/pictures", **EVERYTHING)
    with time_machine.travel(datetime(2026, 3, 1, 12, 20, tzinfo=UTC), tick=False) as clock:
        ada, bob = site.signed_in("ada@example.com"), site.signed_in("bob@example.com")
        for _ in range(UPLOADS.most - 1):
            assert error_of(send(ada, b"no picture"))[0] == 400
        assert send(ada).status_code == 200

        refused = send(ada, **{"profile.full_name": "Not Saved"})
        assert error_of(refused) == (429, "too_many_pictures")
        assert refused.headers["Retry-After"] == "2400"
        assert list(refused.json["response"]["field_errors"]) == ["image"]
        form = {"account_email": "ada@example.com", "image": part(picture(), "me.png")}
        page = ada.post(f"/identity/users/{ada_id(site)}/edit", data=form, headers=HTML)
        assert (page.status_code, page.headers["Retry-After"]) == (429, "2400")
        assert "many pictures within an hour" in page.text

        assert ada.put("/identity/edit_user", json={"profile": {"full_name": "Ada"}}).status_code == 200
        assert send(bob).status_code == 200
        clock.shift(2400)
        assert send(site.signed_in("ada@example.com")).status_code == 200


def ada_id(site):
    with site.app.app_context():
        return site.identity.datastore.find_user(email="ada@example.com").id


def test_of_two_pictures_at_once_one_is_kept_and_the_other_removed(site, server, ada):
    """F-11."""
    cookie = ada.get_cookie("identity").value

    def once(number):
        client = site.client()
        client.set_cookie("identity", cookie)
        return send(client, picture(color=(number, 0, 0))).status_code

    for _ in range(3):
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(once, range(4)))
        assert set(answers) <= {200, 503}
        assert 200 in answers
        (url,) = saved_urls(site)
        assert sorted(server.files)[1] == url.rpartition("/")[2]
        assert len(server.files) == 2


def test_the_form_takes_a_picture_and_says_what_was_wrong_with_it(site, server, ada):
    ada_id = ada.get("/identity/edit_user", headers=JSON).json["response"]["user"]["id"]
    page = ada.get("/identity/edit_user", headers=HTML).text
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file"' in page

    def post(**more):
        form = {"account_email": "ada@example.com", "full_name": "Ada", "username": "", **more}
        return ada.post(f"/identity/users/{ada_id}/edit", data=form, headers=HTML, content_type="multipart/form-data")

    assert post(image=part(picture())).status_code == 303
    assert len(server.files) == 2
    assert post(image=part(b"", "")).status_code == 303, "no file was chosen"
    assert len(server.files) == 2
    bad = post(image=part(b"<svg/>"))
    assert (bad.status_code, "Choose a PNG, JPEG or WebP file" in bad.text) == (400, True)
    large = ada.post(f"/identity/users/{ada_id}/edit", headers=HTML, **parts(bytes(9_000_000)))
    assert large.status_code == 413
    server.fails("refuse")
    away = post(image=part(picture()), full_name="Countess")
    assert (away.status_code, "Your other changes are saved" in away.text) == (200, True)
    assert profile_of(ada)["full_name"] == "Countess"
    server.fails("")
    assert post(remove_image="true").status_code == 303
    assert server.files == []


def test_without_a_place_for_pictures_none_is_taken(build):
    ada = build(IDENTITY_THROTTLE=False, **EVERYTHING).signed_in()

    assert error_of(send(ada)) == (400, "images_off")
    assert 'type="file"' not in ada.get("/identity/edit_user", headers=HTML).text
    assert ada.get(f"/identity/images/{'0' * 32}.webp").status_code == 404
