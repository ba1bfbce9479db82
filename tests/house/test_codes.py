"""Codes of refusals are stable: each is a class and stands in the reference, and nothing else is taken for one."""

from __future__ import annotations

import ast
import re

import pytest

from flask_identity.reference.http import every_refusal
from tests.house.project import ROOT, below, name_of

CODES = {kind.code: kind for kind in every_refusal()}
PAGE = (ROOT / "docs/http-api.md").read_text(encoding="utf-8")
ROWS = dict(re.findall(r"^\| `(\w+)` \| (\d{3}) \|", PAGE.partition("\n## Codes\n")[2], re.MULTILINE))

STABLE = {
    "already_there": 409,
    "busy": 503,
    "changed_meanwhile": 409,
    "cross_site": 403,
    "email_taken": 409,
    "field_not_allowed": 403,
    "fresh_sign_in_required": 403,
    "in_use": 409,
    "internal": 500,
    "invalid_credentials": 401,
    "invalid_input": 400,
    "last_admin": 409,
    "method_not_allowed": 405,
    "not_allowed": 403,
    "not_found": 404,
    "not_json": 415,
    "not_signed_in": 401,
    "own_account": 409,
    "sort_not_offered": 400,
    "too_large": 413,
    "too_many_requests": 429,
    "unavailable": 503,
    "unknown_field": 400,
    "unknown_role": 400,
    "username_taken": 409,
    "weak_password": 400,
    "wrong_password": 400,
}
"""Programs rely on these: one is added, none is ever renamed or given another status."""

NO_REFUSALS = {"image_not_saved"}
"""Codes of warnings in an answer that is 200."""


def test_every_refusal_is_in_the_reference_with_its_status():
    assert {code: str(kind.status) for code, kind in CODES.items()} == ROWS


def test_no_code_was_renamed_or_given_another_status():
    assert {code: kind.status for code, kind in CODES.items() if code in STABLE} == STABLE


def test_no_two_refusals_share_a_code():
    kinds = list(every_refusal())
    assert len(kinds) == len(CODES)


@pytest.mark.parametrize("path", below("src", ".py"), ids=name_of)
def test_no_source_makes_up_or_compares_a_code_that_is_no_refusal(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named: set[object] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute) and node.left.attr == "code":
            named |= {each.value for each in node.comparators if isinstance(each, ast.Constant)}
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in ("error", "code") and isinstance(value, ast.Constant):
                    named.add(value.value)
    assert {each for each in named if isinstance(each, str)} <= set(CODES) | NO_REFUSALS


@pytest.mark.parametrize("path", [*below("src", ".html"), *below("src", ".js")], ids=name_of)
def test_no_page_or_script_compares_a_code_that_is_no_refusal(path):
    text = path.read_text(encoding="utf-8")
    named = set(re.findall(r"""\b(?:code|error)\s*={2,3}\s*["']([a-z_]+)["']""", text))
    assert named <= set(CODES) | NO_REFUSALS
