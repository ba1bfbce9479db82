"""F-34: generated requests against the description of the API, as nobody, as a user and as an administrator.

FUZZ is the number of requests for each operation, caller, ORM and kind (as described, and not): `make fuzz`.
"""

from __future__ import annotations

import os
from typing import Any
from unittest import SkipTest

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from tests.http.callers import Caller
from tests.support.apps import EVERYTHING

EXAMPLES = int(os.environ.get("FUZZ", "3"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
ENDS_A_SESSION = ("/logout", "/sessions", "/change_password")

load_all_checks()
# What the schema allows may still be a weak password or a taken address. The check of what happens without credentials
# sends ours along; tests/web/test_routes.py has it for every route.
LEFT_OUT = ("positive_data_acceptance", "ignored_auth")
CHECKED = [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in LEFT_OUT]


@pytest.mark.parametrize("role", ["nobody", "user", "admin"])
def test_no_generated_request_is_answered_in_a_way_that_is_not_described(build, role):
    site = build(IDENTITY_THROTTLE=False, IDENTITY_OPENAPI=True, **EVERYTHING)
    schema = schemathesis.openapi.from_wsgi("/identity/openapi.json", site.app)
    caller = Caller(site, role)
    sent = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            sent += _try(operation, mode, caller)
    print(f"{sent} requests as {role}")


def _try(operation: Any, mode: GenerationMode, caller: Caller) -> int:
    sent = 0

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def generated(case: Any) -> None:
        nonlocal sent
        if case.media_type == "multipart/form-data" and case.body is None:
            return  # null is sent as a form without fields, which is described
        sent += 1
        case.call_and_validate(headers=caller.headers, checks=CHECKED)
        if any(part in operation.path for part in ENDS_A_SESSION):
            caller.begin()

    try:
        generated()
    except (Unsatisfiable, SkipTest):
        return sent  # nothing can be wrong with a request that holds nothing
    except BaseException as error:
        error.add_note(f"{operation.label}, {mode}")
        raise
    return sent
