"""What may be sent."""

from __future__ import annotations

from ...web.inputs import Input, Password


class ChangePassword(Input):
    """The present password and the one that replaces it."""

    password: Password
    new_password: Password
