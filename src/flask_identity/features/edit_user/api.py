"""The door for programs."""

from __future__ import annotations

from typing import Any

from ...base.errors import InvalidInput
from ...base.ports import Row
from ...base.texts import Sentence
from ...core import administration, confirming
from ...models.behaviour import role_name, status
from ...web.arrival import signed_in
from ...web.current import services
from ...web.payload import moment, payload, profile_payload
from . import actions, pictures
from .inputs import EditUser, Which, Whom

NOT_SAVED = {"field": "image", "code": "image_not_saved"}
_TIMES = ("last_login_at", "current_login_at")
_PLAIN = ("username", "failed_logins", "last_login_ip", "current_login_ip", "login_count", "version")


def read(which: Which) -> dict[str, Any]:
    """Return an account with its profile."""
    return {"user": detail(*actions.read(services, signed_in(), target(which.id)))}


def edit(given: EditUser) -> dict[str, Any]:
    """Change an account."""
    sent = given.model_fields_set
    if "role" in sent and given.role is None:
        actions.may_set_role(signed_in())
        raise InvalidInput(field_errors={"role": [Sentence("Name a role.")]})
    wanted = actions.Edit(
        account={name: getattr(given, name) for name in ("email", "username") if name in sent},
        role=given.role,
        profile=given.profile.model_dump(exclude_unset=True) if "profile" in sent else {},
        version=given.version,
    )
    done = pictures.edit(services, signed_in(), target(given.id), wanted, pictures.change(given))
    answer: dict[str, Any] = {"user": detail(done.user, done.profile)}
    return answer if done.picture_saved else {**answer, "warnings": [NOT_SAVED]}


def delete(whom: Whom) -> dict[str, Any]:
    """Delete an account."""
    user_id = target(whom.id)
    administration.delete(services, signed_in(), user_id)
    return {"id": user_id}


def target(sent: Any) -> Any:
    """Return the id that is meant; None means one's own."""
    return signed_in().id if sent is None else services.store.user_id(sent)


def detail(user: Row, profile: Row | None) -> dict[str, Any]:
    """Return all that is told of an account to its owner and to administrators."""
    return {
        **payload(user),
        **{name: getattr(user, name, None) for name in _PLAIN},
        **{name: moment(getattr(user, name, None)) for name in _TIMES},
        "role": role_name(user),
        "status": status(user),
        "pending_email": confirming.awaited(services, user),
        "profile": profile_payload(profile),
    }
