"""The table of invitations."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, String, Table

from .types import key_string


def invitations(metadata: Any, inviter: Column[Any]) -> Table:
    """Return the table of people who were invited and have no account yet; `inviter` refers to who invited them."""
    return Table(
        "identity_invitation",
        metadata,
        Column("id", key_string(16), primary_key=True),
        Column("digest", String(64), nullable=False),
        Column("email", key_string(254), nullable=False, unique=True),
        Column("role", key_string(80), nullable=False),
        inviter,
        Column("created_at", BigInteger, nullable=False),
        Column("expires_at", BigInteger, nullable=False, index=True),
    )
