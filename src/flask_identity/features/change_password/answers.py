"""What is answered."""

from __future__ import annotations

from ...web.answers import Answer, sometimes


class Changed(Answer):
    """Nothing to a browser, whose cookie is replaced; to a bearer session its new value."""

    authentication_token: str = sometimes()
