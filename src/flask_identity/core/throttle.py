"""How often is too often: limits per address, for the whole site and per account, counted in the database."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from typing import Any

from ..base.clock import epoch
from ..base.errors import TooManyRequests
from ..base.ports import Store
from .sweep import sweep_sometimes


@dataclass(frozen=True)
class Limit:
    """How many requests are let through in a window of time.

    Args:
        name: What is counted; routes that share a name share the count.
        per_address: Requests of one network address; IPv6 counts by /64.
        site: Requests of everybody together; None for no such limit.
        seconds: Length of the window.
    """

    name: str
    per_address: int
    site: int | None = None
    seconds: int = 60


@dataclass(frozen=True)
class Allowance:
    """How often an account may do something in a window of time, wherever it does it from.

    Args:
        name: What is counted.
        most: How often.
        seconds: Length of the window.
    """

    name: str
    most: int
    seconds: int


class Throttle:
    """Counts requests against limits.

    Args:
        store: Where the counts are.
        enabled: Whether limits hold at all.
    """

    def __init__(self, store: Store, enabled: bool) -> None:
        self._store = store
        self._enabled = enabled

    def count(self, limit: Limit, address: str | None) -> None:
        """Count one request.

        Raises:
            TooManyRequests: with the seconds until the window ends, where a limit was reached before.
        """
        if not self._enabled:
            return
        now = epoch()
        window = now // limit.seconds
        ends = (window + 1) * limit.seconds
        self._spend(f"{limit.name}:{network(address)}:{window}", ends, limit.per_address, ends - now)
        if limit.site is not None:
            self._spend(f"{limit.name}:*:{window}", ends, limit.site, ends - now)

    def spend(self, allowance: Allowance, user_id: Any) -> None:
        """Count one use of what an account is allowed.

        Raises:
            TooManyRequests: with the seconds until the window ends, where all was used before.
        """
        if self._enabled:
            now = epoch()
            window = now // allowance.seconds
            ends = (window + 1) * allowance.seconds
            self._spend(f"{allowance.name}:of:{user_id}:{window}", ends, allowance.most, ends - now)

    def _spend(self, text: str, ends: int, allowed: int, wait: int) -> None:
        count = self._store.bump(key("limit", text), ends)
        if count == 1:
            sweep_sometimes(self._store)
        if count > allowed:
            raise TooManyRequests(retry_after=wait)


def network(address: str | None) -> str:
    """Return what an address counts as: itself for IPv4, its /64 for IPv6 (one household has a whole /64)."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def key(purpose: str, text: str) -> str:
    """Return the throttle key of a text: short, whatever was sent, and not readable in the database."""
    return f"{purpose}:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:40]}"
