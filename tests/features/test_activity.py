"""What happened: S-122, S-125, S-041, S-114, R-58, A-126; with every act exactly one row, with none of them none."""

from __future__ import annotations


from tests.support.apps import JSON, PASSWORD, error_of, sign_in

NEW = "tin kettle orbit seven"




def log(client, **query):
    answer = client.get("/identity/audit_log", headers=JSON, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.get_json()["response"]["events"]


def told(events):
    return [(event["what"], event["actor"], event["target"], event["outcome"]) for event in events]


def test_what_people_do_is_told_to_an_administrator_newest_first(site_on_each):
    site = site_on_each
    ada = site.person()
    client = site.signed_in()
    sign_in(site.client(), password="wrong")
    client.post("/identity/change_password", json={"password": PASSWORD, "new_password": NEW})
    client.post("/identity/logout", headers=JSON)
    root = site.signed_in("root@example.com", roles=["admin"])

    assert told(log(root, target=str(ada))) == [
        ("signed_out", ada, ada, "ok"),
        ("password_changed", ada, ada, "ok"),
        ("sign_in_failed", None, ada, "refused"),
        ("signed_in", ada, ada, "ok"),
        ("account_created", None, ada, "ok"),
    ]
