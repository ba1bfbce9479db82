"""The generated pages are what the settings and the routes say of themselves."""

from __future__ import annotations

from tests.house.project import ROOT


def test_the_page_of_settings_is_up_to_date():
    from flask_identity import reference

    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")

    assert page == reference.settings_page(), "python -m flask_identity.reference settings > docs/settings.md"


def test_the_page_of_routes_is_up_to_date():
    from flask_identity import reference

    page = (ROOT / "docs/http-api.md").read_text(encoding="utf-8")

    assert page == reference.http_page(), "python -m flask_identity.reference http > docs/http-api.md"
