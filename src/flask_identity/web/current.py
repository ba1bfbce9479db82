"""The state of the current application, and `services`, the proxy actions are written against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import Request, current_app, request
from werkzeug.local import LocalProxy

from ..base.settings import Settings, setting
from ..core.services import Services
from ..models.behaviour import EXTENSION
from .catalogs import Languages
from .feature import Feature
from .postman import Postman

S = TypeVar("S", bound=Settings)

_application: Any = current_app
_request: Any = request


@dataclass(frozen=True)
class WebSettings(Settings):
    base_url: str | None = setting(
        None, "Where people reach the application, such as https://app.example.com: links in mails, and the origin."
    )
    url_prefix: str = setting("/identity", "Under which path the library's routes are; empty for the root.")
    trusted_proxies: int = setting(
        0, "How many proxies in front of the application set X-Forwarded-* headers; others' are ignored.", minimum=0
    )
    basic: bool = setting(False, "Accept HTTP Basic: every such request computes a password hash.")
    languages: str | None = setting(
        None, "Languages of the pages, such as `de, en`; the first is for who asks for none of them. None offers all."
    )


@dataclass(frozen=True)
class State:
    """The identity layer of one application, under `app.extensions`."""

    services: Services
    web: WebSettings
    settings: Mapping[type[Settings], Settings]
    features: Sequence[Feature]
    register: Any
    """The input model of a sign-up: `Register` or the application's subclass."""
    confirmation: bool
    """Whether an address must be confirmed before its account can be used."""
    languages: Languages
    postman: Postman | None
    """Who delivers letters; None where none are sent."""

    def get(self, cls: type[S]) -> S:
        """Return the settings object of a class."""
        return cast(S, self.settings[cls])

    def on(self, feature: str) -> bool:
        """Say whether a feature is switched on."""
        return any(each.name == feature for each in self.features)


def state() -> State:
    """Return the current application's identity layer.

    Raises:
        RuntimeError: outside an application context, or where the application has none.
    """
    found: State | None = _application._get_current_object().extensions.get(EXTENSION)
    if found is None:
        raise RuntimeError("This application has no Flask-Identity; call Identity().init_app(app, store) first.")
    return found


def current_request() -> Request:
    """Return the request itself, for what every request runs: each attribute asked of Flask's proxy costs 1 µs."""
    found: Request = _request._get_current_object()
    return found


services: Services = cast(Services, LocalProxy(lambda: state().services))
