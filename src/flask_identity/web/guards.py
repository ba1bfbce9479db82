"""The decorators of an application's own views."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast, overload

from flask import current_app, request

from ..base.errors import FreshSignInRequired, IdentityRefusal, InsufficientScope, NotAllowed, NotSignedIn
from ..core.principal import Principal
from . import same_origin
from .authenticate import caller
from .current import current_request, state
from .replies import stop

View = TypeVar("View", bound=Callable[..., Any])
Check = Callable[[Principal], bool]

WAYS = ("session", "token", "basic")
_SCOPES = "identity_scopes"


@overload
def auth_required(view: View, /) -> View: ...
@overload
def auth_required(*ways: str) -> Callable[[View], View]: ...
def auth_required(*ways: Any) -> Any:
    """Let in only who is signed in, by one of the ways named; without a name, by any that is switched on.

    Args:
        *ways: `session`, `token`, `basic`.

    Raises:
        ValueError: at once, for a way there is not.
    """
    if len(ways) == 1 and callable(ways[0]):
        return _guarded(ways[0], frozenset(WAYS), _anyone)
    unknown = [way for way in ways if way not in WAYS]
    if unknown:
        raise ValueError(f"auth_required knows {', '.join(WAYS)}; not {unknown[0]!r}")
    return lambda view: _guarded(view, frozenset(ways or WAYS), _anyone)


def login_required(view: View) -> View:
    """Let in only who is signed in by session."""
    return _guarded(view, frozenset({"session"}), _anyone)


def roles_required(*names: str) -> Callable[[View], View]:
    """Let in only who holds all of these roles. No role implies another."""
    wanted = _names("roles_required", names)
    return lambda view: _guarded(view, frozenset(WAYS), lambda who: wanted <= who.roles)


def roles_accepted(*names: str) -> Callable[[View], View]:
    """Let in only who holds at least one of these roles."""
    wanted = _names("roles_accepted", names)
    return lambda view: _guarded(view, frozenset(WAYS), lambda who: not wanted.isdisjoint(who.roles))


def permissions_required(*names: str) -> Callable[[View], View]:
    """Let in only who has all of these permissions through any role."""
    wanted = _names("permissions_required", names)
    return lambda view: _guarded(view, frozenset(WAYS), lambda who: wanted <= who.permissions)


def permissions_accepted(*names: str) -> Callable[[View], View]:
    """Let in only who has at least one of these permissions."""
    wanted = _names("permissions_accepted", names)
    return lambda view: _guarded(view, frozenset(WAYS), lambda who: not wanted.isdisjoint(who.permissions))


def scopes_required(*names: str) -> Callable[[View], View]:
    """Let in only who is signed in; of API tokens only those that have all of these scopes.

    For them it takes the place of the rule by method, that reading needs `read` and everything else `write`. Any other
    way in has no scopes and is not asked for any.
    """
    wanted = _names("scopes_required", names)

    def mark(view: View) -> View:
        guarded: Any = _guarded(view, frozenset(WAYS), _anyone)
        setattr(guarded, _SCOPES, wanted | getattr(view, _SCOPES, frozenset()))
        return cast(View, guarded)

    return mark


def fresh_sign_in_required(view: View) -> View:
    """Let in only who has entered the password within IDENTITY_FRESH_FOR seconds; a page leads to /verify and back."""

    def check(who: Principal) -> bool:
        if not state().services.sessions.fresh(who):
            stop(FreshSignInRequired())
        return True

    return _guarded(view, frozenset(WAYS), check)


def admit(ways: frozenset[str], view: Any = None) -> Principal:
    """Return who is calling, let in by one of `ways`.

    Raises:
        NotSignedIn: where nobody is, or in another way.
        CrossSite: for an unsafe request that a cookie lets in from elsewhere.
        InsufficientScope: for an API token that was not made for this.
    """
    who = caller()
    if who is None or who.via not in ways:
        raise NotSignedIn
    if who.via == "session" and current_request().method not in same_origin.SAFE and not _opted_out(view):
        same_origin.check()
    if who.scopes is not None and not who.may(_scopes(view), reads=current_request().method in same_origin.SAFE):
        raise InsufficientScope
    return who


def _guarded(view: View, ways: frozenset[str], check: Check) -> View:
    def before() -> Any:
        if current_request().method == "OPTIONS":  # never runs the view
            return current_app.make_default_options_response()
        try:
            who = admit(ways, wrapped)
        except IdentityRefusal as refusal:
            stop(refusal)
        if not check(who):
            stop(NotAllowed())
        return None

    if inspect.iscoroutinefunction(view):

        @functools.wraps(view)
        async def wrapped(*args: Any, **kwargs: Any) -> Any:
            answer = before()
            return await view(*args, **kwargs) if answer is None else answer

    else:

        @functools.wraps(view)
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            answer = before()
            return view(*args, **kwargs) if answer is None else answer

    return cast(View, wrapped)


def _opted_out(view: Any) -> bool:
    if same_origin.opted_out(view):
        return True
    return same_origin.opted_out(current_app.view_functions.get(request.endpoint or ""))


def _scopes(view: Any) -> frozenset[str]:
    # Whichever guard is asked first: the outermost function of the view carries the marks of all below it.
    outermost = current_app.view_functions.get(current_request().endpoint or "")
    found: frozenset[str] = getattr(outermost, _SCOPES, frozenset()) | getattr(view, _SCOPES, frozenset())
    return found


def _names(guard: str, names: Iterable[str]) -> frozenset[str]:
    wanted = frozenset(names)
    if not wanted or not all(isinstance(name, str) and name for name in wanted):
        raise ValueError(f'{guard} needs at least one name, as in @{guard}("editor")')
    return wanted


def _anyone(_: Principal) -> bool:
    return True
