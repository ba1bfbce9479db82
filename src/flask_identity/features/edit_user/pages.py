"""The door for people, without JavaScript."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request

from ...base.errors import IdentityRefusal
from ...base.ports import Row
from ...core import administration, confirming
from ...models.behaviour import UserProfileMixin, role_name
from ...web.arrival import signed_in
from ...web.current import services, state
from ...web.payload import image_url
from ...web.replies import go, page
from ...web.uploads import sent_file
from ...web.vary import vary
from . import actions, pictures
from .api import target
from .inputs import EditForm, Profile, Which


def show(which: Which) -> Response:
    """Show the form."""
    return _form(*actions.read(services, signed_in(), target(which.id)))


def _form(user: Row, profile: Row | None, **more: Any) -> Response:
    values = {name: getattr(profile, name, None) for name in UserProfileMixin.FIELDS}
    values |= {"account_email": user.email, "username": getattr(user, "username", None), "role": role_name(user)}
    values["version"] = getattr(user, "version", None)
    return page("edit_user/edit_user.html", user=user, values=values, **_beside(user, profile), **more)


def submit(given: EditForm, id: str) -> Response:
    """Change the account and go back to where it is shown."""
    user_id, who = services.store.user_id(id), signed_in()
    account: dict[str, Any] = {"email": given.account_email}
    if "username" in request.form:
        account["username"] = given.username
    profile = {name: getattr(given, name) for name in Profile.model_fields if name in request.form}
    wanted = actions.Edit(account, given.role, profile, given.version)
    picture = pictures.checked(pictures.Change(sent_file("image"), given.remove_image))
    done = pictures.edit(services, who, user_id, wanted, picture)
    if not done.picture_saved:
        return _form(done.user, done.profile, picture_not_saved=True)
    return go("profile") if user_id == who.id and state().on("profile") else go("edit_user", id=id)


def again(refusal: IdentityRefusal, values: Mapping[str, Any]) -> Response:
    """Show the form with what was wrong and what was typed."""
    user_id = services.store.user_id((request.view_args or {})["id"])
    user, profile = actions.read(services, signed_in(), user_id)
    return page("edit_user/edit_user.html", refusal=refusal, user=user, values=values, **_beside(user, profile))


def _beside(user: Row, profile: Row | None) -> dict[str, Any]:
    awaited = confirming.awaited(services, user)
    picture = {"picture": image_url(getattr(profile, "image", None)), "keeps_pictures": services.images is not None}
    return {"pending_email": awaited, **picture}


def ask(id: str) -> Response:
    """Ask before deleting; for a dialog of a page, only who it is and what comes of it."""
    user, profile = actions.read(services, signed_in(), services.store.user_id(id))
    sessions = len(services.sessions.of(user.id))
    alone = "X-Fragment" in request.headers
    template = "edit_user/_delete_facts.html" if alone else "edit_user/delete_user.html"
    return vary(page(template, user=user, profile=profile, sessions=sessions), "X-Fragment")


def delete(id: str) -> Response:
    """Delete the account and go back to the list."""
    administration.delete(services, signed_in(), services.store.user_id(id))
    return go("user_list")
