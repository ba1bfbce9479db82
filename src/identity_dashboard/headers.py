"""The headers that tell browsers what the dashboard's pages never do (S-072)."""

from __future__ import annotations

from flask import Flask, Response

_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types fi-fragment"
)

_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "publickey-credentials-get=(self), publickey-credentials-create=(self)",
}

_A_YEAR = 31_536_000  # seconds


def send_with_every_answer(app: Flask) -> None:
    """Add the headers to every answer that does not set them itself; HSTS where people come over HTTPS."""
    added = dict(_HEADERS)
    if (app.config.get("IDENTITY_BASE_URL") or "").startswith("https://"):
        added["Strict-Transport-Security"] = f"max-age={_A_YEAR}"

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in added.items():
            response.headers.setdefault(name, value)
        return response
