"""The list as a file: S-112, A-138, A-126."""

from __future__ import annotations

import csv
import io

import pytest

from flask_identity.features.people import actions, export
from tests.support.apps import HTML, error_of


@pytest.fixture
def root(site_on_each):
    return site_on_each.signed_in("root@example.com", roles=["admin"])


def exported(client, **query):
    answer = client.get("/identity/user_list.csv", query_string=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="users.csv"'
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_everybody_is_in_the_file_once_in_the_order_of_the_list(site_on_each, root, monkeypatch):
    monkeypatch.setattr(actions, "_AT_ONCE", 2)
    for number in range(5):
        site_on_each.person(f"p{number}@example.com", profile={"full_name": f'Zoë "{number}", née P'})

    rows = exported(root, sort="email")

    assert [row["email"] for row in rows] == [*(f"p{number}@example.com" for number in range(5)), "root@example.com"]
    assert tuple(rows[0]) == export.COLUMNS
    assert (rows[1]["full_name"], rows[1]["role"], rows[1]["status"]) == ('Zoë "1", née P', "user", "active")
    assert [row["email"] for row in exported(root, q='ZOË "3')] == ["p3@example.com"]
    assert [row["email"] for row in exported(root, role="admin", status="active")] == ["root@example.com"]
    assert exported(root, status="suspended") == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0"])
def test_nothing_in_a_cell_is_a_formula(start):
    """A-138."""
    assert export.plain(f"{start}1+1") == f"'{start}1+1"
    assert export.plain(f"1{start}") == f"1{start}"


def test_a_name_that_is_a_formula_is_text_in_the_file(site_on_each, root):
    """A-138: also an address and a username may begin so."""
    site_on_each.person("+a@example.com", username="=1+1", profile={"full_name": '=HYPERLINK("https://x")'})

    (row,) = exported(root, q="+a")

    assert (row["email"], row["username"], row["full_name"]) == (
        "'+a@example.com",
        "'=1+1",
        '\'=HYPERLINK("https://x")',
    )


def test_no_secret_is_in_the_file_and_only_administrators_get_it(site_on_each, root):
    """A-126, S-114."""
    text = root.get("/identity/user_list.csv").text
    assert "argon2" not in text
    assert site_on_each.row(1)["uniquifier"] not in text

    ada = site_on_each.signed_in("ada@example.com")
    assert error_of(ada.get("/identity/user_list.csv", headers={"Accept": "application/json"})) == (403, "not_allowed")
    assert ada.get("/identity/user_list.csv?sort=nonsense", headers=HTML).status_code == 403
    assert site_on_each.client().get("/identity/user_list.csv").status_code in (303, 401)
    assert root.get("/identity/user_list.csv?sort=password").status_code == 400
    assert root.get("/identity/user_list.csv?q=p&sort=created_at").status_code == 400
