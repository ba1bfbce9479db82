"""Every test of the library runs on both ORMs, but for those of modules in this list."""

from __future__ import annotations

import re

from tests.house.project import below, name_of

NOT_OF_THE_LIBRARY = {"browser", "dashboard", "house", "performance"}
NAMES = {
    "SQLAlchemy": r'SQLAlchemyStore|\bon_sqlalchemy|ON_SQLALCHEMY|^def orm\b|tests\.models\.sites|"(plain|lite|fsa)"'
    r"|\bSQLALCHEMY\b|sqlalchemy-",
    "Pony": r'PonyStore|\bon_pony|tests\.(pony|support\.pony)|"pony"|pony\.orm|models\.pony|\bPONY\b|pony-',
}
"""What a module has in it that chooses an ORM. One with neither takes both from the fixtures, or needs none."""

READ_FROM_THE_REQUEST = "What is tested is read from the request before any storage is asked."
OWN = "It is about this one: its session, its transactions, its connections."
ON_ONE = {
    "tests/contracts/test_store_by_hand.py": "Tables written by hand; Pony's are in tests/pony/test_models.py.",
    "tests/contracts/test_store_changes.py": "One test: times come back aware, which Pony's columns cannot say.",
    "tests/contracts/test_store_deadlocks.py": "One test: pending rows of the application in SQLAlchemy's session.",
    "tests/contracts/test_store_sessions.py": "One test: Pony touches on a connection of its own, tested there.",
    "tests/contracts/test_store_sqlalchemy.py": OWN,
    "tests/core/conftest.py": "The rules of the core are the same over every store.",
    "tests/features/test_api_token_scopes.py": "One test counts Pony's statements; SQLAlchemy's are counted elsewhere.",
    "tests/features/test_language_menu.py": READ_FROM_THE_REQUEST,
    "tests/features/test_pages.py": READ_FROM_THE_REQUEST,
    "tests/features/test_picture_faults.py": "What fails is the way to the server of pictures.",
    "tests/features/test_profile.py": "One test: a User class of another shape; see tests/pony/test_models.py.",
    "tests/models/conftest.py": "Classes of SQLAlchemy, for the modules beside it.",
    "tests/models/test_by_hand.py": "Classes of SQLAlchemy; Pony's are in tests/pony/test_models.py.",
    "tests/models/test_columns.py": "Classes of SQLAlchemy; Pony's are in tests/pony/test_models.py.",
    "tests/models/test_flavours.py": "The ways there are to use SQLAlchemy in Flask.",
    "tests/models/test_refusals.py": "Classes of SQLAlchemy; Pony's are in tests/pony/test_construction.py.",
    "tests/models/test_roles_and_status.py": "Expressions of SQLAlchemy; Pony's are in tests/pony/test_models.py.",
    "tests/models/test_store_again.py": "Stores of SQLAlchemy; Pony's are in tests/pony/test_construction.py.",
    "tests/models/test_times.py": "Columns of SQLAlchemy; Pony's are in tests/pony/test_models.py.",
    "tests/models/test_units.py": "Units on a session of SQLAlchemy; Pony's are in tests/pony/test_units.py.",
    "tests/pony/test_connections.py": OWN,
    "tests/pony/test_construction.py": OWN,
    "tests/pony/test_models.py": OWN,
    "tests/pony/test_requests.py": OWN,
    "tests/pony/test_sessions.py": OWN,
    "tests/pony/test_units.py": OWN,
    "tests/web/test_assets.py": "Files that are sent as they are.",
    "tests/web/test_cookies.py": READ_FROM_THE_REQUEST,
    "tests/web/test_every_text.py": "The pages' own texts, whatever fills them.",
    "tests/web/test_language.py": READ_FROM_THE_REQUEST,
    "tests/web/test_lazy_session.py": "Flask's own session, which is a cookie.",
    "tests/web/test_redirects.py": READ_FROM_THE_REQUEST,
    "tests/web/test_same_origin.py": READ_FROM_THE_REQUEST,
}


def orms_of(text: str) -> set[str]:
    """The ORMs that a module chooses."""
    return {orm for orm, pattern in NAMES.items() if re.search(pattern, text, re.MULTILINE)}


def modules() -> dict[str, set[str]]:
    """The library's test modules and conftests, with the ORMs each chooses."""
    return {
        name_of(path): orms_of(path.read_text(encoding="utf-8"))
        for path in below("tests", ".py")
        if len(path.relative_to(path.parents[1]).parts) == 2
        and path.parent.name not in NOT_OF_THE_LIBRARY
        and (path.name.startswith("test_") or path.name == "conftest.py")
    }


def test_a_module_that_chooses_one_orm_is_in_the_list_with_the_reason():
    assert {name for name, orms in modules().items() if len(orms) == 1} == set(ON_ONE)


def test_the_fixture_that_most_tests_take_their_application_from_is_either_orm_in_turn():
    from tests.support import fixtures

    assert fixtures.orm._fixture_function_marker.params == ("plain", "pony")
