"""The list as a file: S-112, A-138, A-126."""

from __future__ import annotations

import csv
import io

import pytest

from flask_identity.features.people import actions, export
from flask_identity.web import spreadsheets
from tests.support.apps import HTML, error_of


def exported(client, **query):
    answer = client.get("/identity/user_list.csv", query_string=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="users.csv"'
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_everybody_is_in_the_file_once_in_the_order_of_the_list(site_on_each, root_on_each, monkeypatch):
    monkeypatch.setattr(actions, "_AT_ONCE", 2)
    for number in range(5):
        site_on_each.person(f"p{number}@example.com", profile={"full_name": f'Zoë "{number}", née P'})

    rows = exported(root_on_each, sort="email")

    assert [row["email"] for row in rows] == [*(f"p{number}@example.com" for number in range(5)), "root@example.com"]
    assert tuple(rows[0]) == export.COLUMNS
    assert (rows[1]["full_name"], rows[1]["role"], rows[1]["status"]) == ('Zoë "1", née P', "user", "active")
    assert [row["email"] for row in exported(root_on_each, q='ZOË "3')] == ["p3@example.com"]
    assert [row["email"] for row in exported(root_on_each, role="admin", status="active")] == ["root@example.com"]
    assert exported(root_on_each, status="suspended") == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0"])
def test_nothing_in_a_cell_is_a_formula(start):
    """A-138."""
    assert spreadsheets.plain(f"{start}1+1") == f"'{start}1+1"
    assert spreadsheets.plain(f"1{start}") == f"1{start}"


def test_a_name_that_is_a_formula_is_text_in_the_file(site_on_each, root_on_each):
    """A-138: also an address and a username may begin so."""
    site_on_each.person("+a@example.com", username="=1+1", profile={"full_name": '=HYPERLINK("https://x")'})

    (row,) = exported(root_on_each, q="+a")

    assert (row["email"], row["username"], row["full_name"]) == (
        "'+a@example.com",
        "'=1+1",
        '\'=HYPERLINK("https://x")',
    )


def test_no_secret_is_in_the_file_and_only_administrators_get_it(site_on_each, root_on_each):
    """A-126, S-114."""
    text = root_on_each.get("/identity/user_list.csv").text
    assert "argon2" not in text
    assert all(each["uniquifier"] not in text for each in site_on_each.rows(site_on_each.users))

    ada = site_on_each.signed_in("ada@example.com")
    assert error_of(ada.get("/identity/user_list.csv", headers={"Accept": "application/json"})) == (403, "not_allowed")
    assert ada.get("/identity/user_list.csv?sort=nonsense", headers=HTML).status_code == 403
    assert site_on_each.client().get("/identity/user_list.csv").status_code in (303, 401)
    assert root_on_each.get("/identity/user_list.csv?sort=password").status_code == 400
    assert root_on_each.get("/identity/user_list.csv?q=p&sort=created_at").status_code == 400


def chosen(client, *ids):
    answer = client.post("/identity/user_list.csv", json={"ids": list(ids)})
    assert answer.status_code == 200, answer.text
    return [row["email"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))]


def test_only_those_named_are_in_the_file_each_once_and_by_address(site_on_each, root_on_each, monkeypatch):
    monkeypatch.setattr(actions, "_AT_ONCE", 2)
    people = [site_on_each.person(f"{name}@example.com") for name in ("cy", "al", "di", "bo")]

    assert chosen(root_on_each, *people[:3], people[0], str(people[1]), 987654) == [
        "al@example.com",
        "cy@example.com",
        "di@example.com",
    ]
    assert chosen(root_on_each, 10**30) == []


def test_a_form_names_people_as_the_list_does_without_a_script(site, root_here):
    people = [site.person(f"{name}@example.com", profile={"full_name": "=1+1"}) for name in ("al", "bo", "cy")]
    form = {"ids": [str(people[0]), str(people[2])], "action": "activate", "back": "/identity/user_list"}

    answer = root_here.post("/identity/user_list.csv", data=form, headers=HTML)

    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert [(row["email"], row["full_name"]) for row in rows] == [
        ("al@example.com", "'=1+1"),
        ("cy@example.com", "'=1+1"),
    ]
    assert answer.headers["Content-Disposition"] == 'attachment; filename="users.csv"'
    listed = root_here.get("/identity/user_list", headers=HTML).text
    assert 'formaction="/identity/user_list.csv"' in listed


@pytest.mark.parametrize("ids", [[], ["x"], [1.5], [True], list(range(1001)), None, "1"])
def test_what_names_nobody_or_too_many_is_refused(root_here, ids):
    answer = root_here.post("/identity/user_list.csv", json={"ids": ids})
    assert error_of(answer) == (400, "invalid_input")
    assert list(answer.json["response"]["field_errors"]) == ["ids"]


def test_those_named_are_for_administrators_of_this_site(site, root_here):
    """S-114, S-067."""
    ada = site.signed_in("ada@example.com")
    assert error_of(ada.post("/identity/user_list.csv", json={"ids": [1]})) == (403, "not_allowed")
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert root_here.post("/identity/user_list.csv", json={"ids": [1]}, headers=elsewhere).status_code == 403
