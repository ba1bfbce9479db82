"""What a request says to the database, counted below SQLAlchemy: one SELECT tells who is calling, and nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import NullPool, create_engine

from tests.databases import empty_database
from tests.performance.recording import recording
from tests.performance.sites import JSON, plain

TRANSACTIONS = {"BEGIN", "COMMIT", "ROLLBACK"}
NOON = datetime(2030, 5, 17, 12, tzinfo=UTC)


def kinds(statements):
    return [statement.partition(" ")[0].upper() for statement in statements]


@pytest.mark.parametrize(
    ("path", "way"),
    [("/mine", "cookie"), ("/edit", "cookie"), ("/mine", "bearer"), ("/edit", "token")],
    ids=["W1", "W2", "W3", "API token"],
)
def test_a_request_of_someone_signed_in_is_one_select_and_no_transaction(site, path, way):
    headers = getattr(site, way)()

    for before in (0, 6):  # psycopg prepares a statement on its sixth run
        answer, sent = site.get(path, headers, before=before)

        assert (answer.status_code, answer.text) == (200, "ok")
        assert kinds(sent) == ["SELECT"], sent
        assert "identity_session" in sent[0]
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers.getlist("Vary") == ["Cookie"]


def test_a_page_for_anyone_says_nothing_to_the_database_and_leaves_no_trace_of_a_sign_in(site):
    for headers in ({"Accept": "text/html"}, site.cookie()):
        answer, sent = site.get("/open", headers)

        assert (answer.text, sent) == ("ok", [])
        assert not {"Set-Cookie", "Vary", "Cache-Control"} & set(answer.headers.keys())


def test_id_address_roles_and_permissions_of_the_caller_cost_no_statement_and_no_instance(site):
    answer, sent = site.get("/known", site.cookie())

    assert answer.get_json()[1:] == ["ada@example.com", ["admin", "editor", "user"], ["pages.edit"]]
    assert kinds(sent) == ["SELECT"], sent
    assert site.loaded == []


def test_anything_else_of_the_caller_costs_one_select_however_often_it_is_asked(site):
    answer, sent = site.get("/nickname", site.cookie())

    assert answer.text == "Ada, once more Ada"
    assert kinds(sent).count("SELECT") == 2, sent
    assert len(site.loaded) == 1


def test_when_a_session_was_last_seen_is_written_once_a_minute(plain_site):
    with time_machine.travel(NOON, tick=False) as clock:
        headers = plain_site.cookie()
        counted = []
        for pause in (0, 59, 1, 0, 59, 61):
            clock.shift(pause)
            answer, sent = plain_site.get("/mine", headers)
            assert answer.status_code == 200
            counted.append(kinds(sent))

    seen, unseen = ["SELECT", "UPDATE"], ["SELECT"]
    assert counted == [unseen, unseen, seen, unseen, unseen, seen]


@pytest.mark.parametrize(("query", "reads"), [("", 7), ("?include_auth_token", 6)], ids=["cookie", "bearer"])
def test_a_sign_in_takes_as_many_statements_as_it_takes_today(plain_site, query, reads):
    """Two limits are counted, the lock is asked and an attempt reserved; then the account's row, the session and the
    lock are written together. With a cookie the session is read once more, as the next request will."""
    for _ in range(3):  # the first ones also make the connections
        plain_site.recorder.take()
        plain_site.sign_in(query)

    sent = Counter(kinds(plain_site.recorder.take()))
    assert {kind: count for kind, count in sent.items() if kind not in TRANSACTIONS} == {
        "SELECT": reads,
        "INSERT": 3,
        "UPDATE": 3,
    }
    assert sent["COMMIT"] - sent["SELECT"] <= 4, "reads may end with a COMMIT of their own, writes are four units"


@pytest.mark.parametrize("query", ["", "?status=active&role=editor&q=p", "?sort=-email&limit=100"])
@pytest.mark.parametrize("headers", [JSON, {"Accept": "text/html"}], ids=["json", "page"])
def test_the_list_of_people_takes_three_statements_whoever_is_on_it(plain_site, query, headers):
    with plain_site.app.app_context(), plain_site.identity.datastore.unit():
        for number in range(30):
            plain_site.identity.datastore.create_user(f"p{number}@example.com", roles=["editor"])

    headers = {**plain_site.cookie(), **headers}
    answer, sent = plain_site.get(f"/identity/user_list{query}", headers, before=1)

    assert answer.status_code == 200
    reads = [statement for statement in sent if statement.partition(" ")[0] not in TRANSACTIONS]
    assert kinds(reads) == ["SELECT"] * 4, reads
    assert sum("identity_session" in statement for statement in reads) == 1, "who is calling"


def test_mariadb_makes_no_table_to_find_out_who_is_calling(mariadb_url):
    """One that holds permissions, which are a text of any length, is written to disk and removed: at each request."""
    empty_database(mariadb_url)
    with recording() as recorder, plain(mariadb_url, recorder) as site:
        _, (statement,) = site.get("/mine", site.cookie())
    engine = create_engine(mariadb_url, poolclass=NullPool)
    with engine.connect() as connection:

        def made():
            return connection.exec_driver_sql("SHOW SESSION STATUS LIKE 'Created_tmp%%tables'").all()

        before = made()
        assert len(connection.exec_driver_sql(statement).all()) == 3  # a row for each role
        assert made() == before
