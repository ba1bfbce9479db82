"""The linters, type checkers and import rules are content."""

from __future__ import annotations

import pytest

from scripts import check


@pytest.mark.parametrize("name", check.CHECKS)
def test_the_checker_has_no_complaint(name):
    result = check.run(name)

    if result.returncode:
        pytest.fail(result.stdout, pytrace=False)
