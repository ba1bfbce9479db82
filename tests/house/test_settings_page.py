"""The page of settings is what the settings say of themselves."""

from __future__ import annotations

from tests.house.project import ROOT


def test_the_page_of_settings_is_up_to_date():
    from flask_identity import reference

    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")

    assert page == reference.settings_page(), "python -m flask_identity.reference settings > docs/settings.md"
