"""`current_user` and `current_identity`: who is calling, and the identity layer that asks."""

from __future__ import annotations

from typing import Any, cast

from flask import has_request_context
from werkzeug.local import LocalProxy

from ..base.ports import Kind
from ..core.principal import Principal
from .authenticate import caller
from .current import State, state

_INSTANCE = "flask_identity.user"
_NOBODY: dict[str, Any] = {"id": None, "email": None, "roles": frozenset(), "permissions": frozenset()}


class CurrentUser:
    """Whoever is calling; falsy for nobody, also outside a request.

    `id`, `email`, `roles` and `permissions` (frozensets of names) cost no SQL beyond reading who is calling. Anything
    else is looked up on the model instance, the same one within a request.
    """

    __slots__ = ()

    id: Any
    email: str
    roles: frozenset[str]
    permissions: frozenset[str]

    def _get_current_object(self) -> Any:
        """Return the model instance, or None for nobody."""
        from flask import request

        principal = _principal()
        if principal is None:
            return None
        kept: tuple[Any, Any] | None = request.environ.get(_INSTANCE)
        if kept is None or kept[0] != principal.id:
            kept = (principal.id, state().services.store.first(Kind.USER, {"id": principal.id}))
            request.environ[_INSTANCE] = kept
        return kept[1]

    def __getattr__(self, name: str) -> Any:
        if name in _NOBODY:
            principal = _principal()
            return _NOBODY[name] if principal is None else getattr(principal, name)
        found = self._get_current_object()
        if found is None:
            raise AttributeError(f"Nobody is signed in, so current_user has no {name!r}")
        return getattr(found, name)

    def __setattr__(self, name: str, value: Any) -> None:
        found = self._get_current_object()
        if found is None:
            raise AttributeError(f"Nobody is signed in, so current_user.{name} cannot be set")
        setattr(found, name, value)

    def __bool__(self) -> bool:
        return _principal() is not None

    def __eq__(self, other: object) -> bool:
        if isinstance(other, CurrentUser):
            return True
        return bool(self._get_current_object() == other)

    def __hash__(self) -> int:
        return hash(self._get_current_object())

    def __repr__(self) -> str:
        principal = _principal()
        return "<current_user: nobody>" if principal is None else f"<current_user: {principal.id}>"


def _principal() -> Principal | None:
    return caller() if has_request_context() else None


current_user: CurrentUser = CurrentUser()
current_identity: State = cast(State, LocalProxy(state))
