"""Refusals of links from letters."""

from __future__ import annotations

from .errors import IdentityRefusal
from .texts import Sentence


class LinkExpired(IdentityRefusal):
    """One answer for a link that was used, ran out, was made void or never was."""

    code = "link_expired"
    status = 404
    message: str = Sentence("This link does not work any more. Ask for a new one.")
