"""What may be sent."""

from __future__ import annotations

from ...web.inputs import Input


class ChangePassword(Input):
    """The present password and the one that replaces it."""

    password: str
    new_password: str
