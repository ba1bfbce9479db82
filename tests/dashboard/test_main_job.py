"""What the dashboard is for, over HTTP, on every database and with either ORM."""

from __future__ import annotations

from tests.dashboard.processes import GOOD, Caller, manage


def test_a_person_registers_is_tracked_suspended_and_deleted_E1_E2_E9_E11(env_on_both, start):
    """E1, E2, E9, E11, M8, M2."""
    assert manage("db", "migrate", env=env_on_both).returncode == 0
    made = manage("db", "create_admin", "--email", "boss@example.com", env=env_on_both, sent=f"{GOOD} twice\n")
    assert made.returncode == 0, made.stderr
    server = start(env_on_both)
    ada, boss = Caller(server.url), Caller(server.url)

    registered = ada.send("POST", "/register", email="Ada@Example.com", password=GOOD, full_name="Ada Lovelace")
    assert registered.status == 200, registered.body
    assert registered.response["user"]["email"] == "ada@example.com"
    assert ada.get("/profile").response["user"]["profile"]["full_name"] == "Ada Lovelace"
    assert Caller(server.url).send("POST", "/login", identity="ada@example.com", password="wrong").status == 401
    again = ada.send("POST", "/login", identity="ada@example.com", password=GOOD)
    assert again.response["next"] == "/profile"

    assert boss.send("POST", "/login", email="boss@example.com", password=f"{GOOD} twice").status == 200
    listed = {row["email"]: row for row in boss.get("/user_list").response["users"]}
    assert [listed[name]["role"] for name in ("ada@example.com", "boss@example.com")] == ["user", "admin"]
    assert listed["ada@example.com"]["last_login_at"] is not None
    ada_id = listed["ada@example.com"]["id"]

    assert ada.send("PUT", "/update_status", id=ada_id, status="suspended").status == 403
    suspended = boss.send("PUT", "/update_status", id=ada_id, status="suspended")
    assert suspended.response["user"]["status"] == "suspended"
    assert suspended.response["sessions_ended"] == 1
    assert ada.get("/profile").status == 401
    assert ada.send("POST", "/login", identity="ada@example.com", password=GOOD).status == 401

    assert boss.send("PUT", "/update_status", id=ada_id, status="active").response["user"]["status"] == "active"
    assert ada.get("/profile").status == 401, "an old session is not revived"
    assert ada.send("POST", "/login", identity="ada@example.com", password=GOOD).status == 200
    assert Caller(server.url).send("POST", "/login", identity="ada@example.com", password="wrong").status == 401
    read = boss.get(f"/edit_user?id={ada_id}").response["user"]
    assert (read["role"], read["status"], read["failed_logins"]) == ("user", "active", 1)
    assert boss.send("DELETE", f"/delete_user?id={ada_id}").status == 200
    assert ada.get("/profile").status == 401
    assert [row["email"] for row in boss.get("/user_list").response["users"]] == ["boss@example.com"]
    code, _, complaints = server.stop()
    assert code == 0
    assert "Traceback" not in complaints


def test_the_pages_people_see_are_there(migrated, start):
    server = start(migrated)
    person = Caller(server.url, accept="text/html,*/*;q=0.8")

    assert person.get("/").headers["Location"] == "/login?next=/"
    assert [person.get(path).status for path in ("/login", "/register", "/nothing-here")] == [200, 200, 404]
    assert person.get("/profile").headers["Location"] == "/login?next=/profile"
    person.send("POST", "/register", email="ada@example.com", password=GOOD)
    assert person.get("/").headers["Location"] == "/profile"
    pages = {path: person.get(path) for path in ("/profile", "/sessions", "/change_password")}
    assert {path: page.status for path, page in pages.items()} == dict.fromkeys(pages, 200)
    assert all(page.headers["Content-Type"].startswith("text/html") for page in pages.values())
    assert all("ada@example.com" in page.body for page in pages.values())
