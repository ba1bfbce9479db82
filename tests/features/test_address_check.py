"""Is this address one, and is it free? A-016, A-046, S-028."""

# ruff: noqa: RUF001 - characters that look like others are what is tested

from __future__ import annotations

import pytest

from tests.support.apps import HTML, JSON, error_of


def ask(client, **query):
    return client.get("/identity/email_exists", query_string=query, headers=JSON)


def told(answer):
    assert answer.status_code == 200, answer.text
    return answer.json["response"]


@pytest.fixture
def public(build):
    return build(IDENTITY_EMAIL_EXISTS="public")


def test_by_default_only_who_is_signed_in_may_ask(site_on_each):
    """A-016."""
    site = site_on_each
    site.person("eve@example.com")
    for email in ("eve@example.com", "nobody@example.com"):
        assert error_of(ask(site.client(), email=email)) == (401, "not_signed_in")
    ada = site.signed_in()
    assert told(ask(ada, email="eve@example.com")) == {"email": "eve@example.com", "valid": True, "exists": True}
    assert told(ask(ada, email="free@example.com")) == {"email": "free@example.com", "valid": True, "exists": False}


def test_it_can_be_switched_off_or_opened_to_everyone(build, public):
    off = build(IDENTITY_EMAIL_EXISTS="off")
    assert error_of(ask(off.signed_in(), email="x@example.com")) == (404, "not_found")
    public.person("eve@example.com")
    assert told(ask(public.client(), email="eve@example.com"))["exists"] is True


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        ("EVE@Example.com", "eve@example.com"),
        (" eve@example.com ", "eve@example.com"),
        ("eve@bücher.example", "eve@xn--bcher-kva.example"),
    ],
)
def test_the_answer_has_the_canonical_address(public, typed, email):
    public.person(email)
    assert told(ask(public.client(), email=typed)) == {"email": email, "valid": True, "exists": True}


@pytest.mark.parametrize(
    "typed", ["eve", "eve@", "@example.com", "eve@example.com.", "e\u212a@example.com", "a b@c.de"]
)
def test_what_is_no_address_is_said_to_be_none(public, typed):
    assert told(ask(public.client(), email=typed)) == {"email": None, "valid": False, "exists": False}


@pytest.mark.parametrize("query", [{}, {"email": ""}, {"email": "x" * 400}, {"email": "a\0b@example.com"}])
def test_a_question_of_no_form_is_400_or_no_address(public, query):
    answer = ask(public.client(), **query)
    if query == {"email": ""}:
        assert told(answer)["valid"] is False
    else:
        assert error_of(answer) == (400, "invalid_input")


def test_every_account_counts_whatever_its_status(public):
    public.person("off@example.com", active=False)
    public.person("none@example.com", password=None)
    assert told(ask(public.client(), email="off@example.com"))["exists"] is True
    assert told(ask(public.client(), email="none@example.com"))["exists"] is True


class TestLeavingSomebodyOut:
    """`id` leaves that person out: oneself, or for administrators anyone."""

    @pytest.fixture
    def ids(self, site):
        return {name: site.person(f"{name}@example.com") for name in ("ada", "eve")}

    def test_ones_own_address_is_free_to_oneself(self, site, ids):
        ada = site.signed_in()
        assert told(ask(ada, email="ada@example.com"))["exists"] is True
        assert told(ask(ada, email="ada@example.com", id=ids["ada"]))["exists"] is False
        assert told(ask(ada, email="eve@example.com", id=ids["ada"]))["exists"] is True

    @pytest.mark.parametrize("who", ["eve", "nobody"])
    def test_anothers_id_is_refused_whether_it_exists_or_not(self, site, ids, who):
        """A-126."""
        answer = ask(site.signed_in(), email="eve@example.com", id=ids.get(who, 9999))
        assert error_of(answer) == (403, "not_allowed")

    def test_an_administrator_may_leave_anyone_out(self, site, ids):
        root = site.signed_in("root@example.com", roles=["admin"])
        assert told(ask(root, email="eve@example.com", id=ids["eve"]))["exists"] is False
        assert told(ask(root, email="eve@example.com", id=ids["ada"]))["exists"] is True

    @pytest.mark.parametrize("odd", ["01", "+1", "1.0", "1e0", " 1", "x", "1 ", "0x1", "١", "-"])
    def test_an_id_in_another_form_is_400(self, site, ids, odd):
        assert error_of(ask(site.signed_in(), email="a@example.com", id=odd)) == (400, "invalid_input")

    @pytest.mark.parametrize("odd", ["99999999999999999999999", "2147483648", "-1"])
    def test_a_number_no_row_can_have_is_nobodys(self, site, ids, odd):
        status, _ = error_of(ask(site.signed_in(), email="a@example.com", id=odd))
        assert status in (400, 403, 404)

    def test_a_visitor_may_not_leave_anyone_out(self, public):
        user = public.person("eve@example.com")
        assert error_of(ask(public.client(), email="eve@example.com", id=user)) == (401, "not_signed_in")


def test_it_is_limited_alike_for_known_and_unknown_addresses(public):
    """A-019, S-019, S-028: sixty a minute and address."""
    import time_machine

    public.person("eve@example.com")
    with time_machine.travel("2026-03-01T12:00:00Z", tick=False):
        client = public.client()
        for number in range(60):
            assert ask(client, email=f"{number}@example.com").status_code == 200
        answers = [ask(client, email=email) for email in ("eve@example.com", "nobody@example.com")]
    assert [error_of(answer) for answer in answers] == [(429, "too_many_requests")] * 2
    assert answers[0].data == answers[1].data
    assert answers[0].headers["Retry-After"] == "60"


def test_a_browser_gets_json_too(public):
    answer = public.client().get("/identity/email_exists?email=x@example.com", headers=HTML)
    assert answer.mimetype == "application/json"
