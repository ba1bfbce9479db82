"""Where a request came from. Forwarded headers count only as far as proxies are trusted."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from flask import request

from ..core.sessions import Client
from .current import current_request, state


def client() -> Client:
    """Return the network address and the user agent of the current request."""
    return Client(address(), request.headers.get("User-Agent", ""))


def address() -> str | None:
    """Return the network address: with n trusted proxies, the n-th from the right of X-Forwarded-For."""
    proxies = state().web.trusted_proxies
    found = request.remote_addr
    if proxies:
        hops = [hop.strip() for hop in ",".join(request.headers.getlist("X-Forwarded-For")).split(",") if hop.strip()]
        found = hops[-proxies] if len(hops) >= proxies else found
    try:
        return str(ipaddress.ip_address(found or ""))
    except ValueError:
        return None


def scheme() -> str:
    """Return `http` or `https` as the person's browser sees it."""
    proxies = state().web.trusted_proxies
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-Proto", "").split(",") if hop.strip()]
        if len(hops) >= proxies and hops[-proxies] in ("http", "https"):
            return hops[-proxies]
    return current_request().scheme


def origins() -> set[str]:
    """Return the origins that are this site: the request's own, and that of IDENTITY_BASE_URL."""
    found = {f"{scheme()}://{request.host}".lower()}
    base = state().web.base_url
    if base:
        parts = urlsplit(base)
        found.add(f"{parts.scheme}://{parts.netloc}".lower())
    return found


@lru_cache
def on_loopback(host: str) -> bool:
    """Say whether a host, with or without port, is this machine."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
