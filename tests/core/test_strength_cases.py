"""The list of passwords that server and browser are both held to: the server's side."""

from __future__ import annotations

from collections import Counter

from tests.support.passwords import cases, judged


def test_the_server_says_of_each_password_what_the_list_says():
    found = {(case.password, case.about): judged(case.password, case.about) for case in cases()}

    assert found == {(case.password, case.about): case.verdict for case in cases()}


def test_the_list_has_enough_of_everything():
    verdicts = Counter((case.verdict.because, case.verdict.score) for case in cases())

    assert all(verdicts[None, score] >= 20 for score in range(5))
    assert all(verdicts[rule, None] >= 20 for rule in ("length", "personal", "common"))


def test_the_browser_is_nowhere_more_lenient_and_rarely_stricter():
    scores = [(case.verdict.score, case.shown) for case in cases() if case.verdict.score is not None]
    different = [(server, browser) for server, browser in scores if server != browser]

    assert all(browser is not None and browser < server for server, browser in different)
    assert len(different) < len(scores) / 50
