"""The verb: do one thing to many people. Each is a unit of its own, so that of each all happens or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from ...base.clock import now
from ...base.errors import (
    FreshSignInRequired,
    IdentityRefusal,
    InvalidInput,
    NotAllowed,
    NotFound,
    NotSignedIn,
    UnknownRole,
)
from ...base.ports import PeopleQuery
from ...base.roles import ADMIN, USER
from ...base.texts import Sentence
from ...core import administration, names
from ...core.principal import Principal
from ...core.services import Services
from ...images.keeping import together
from .inputs import Bulk

AT_ONCE = 1000
STATUS = {"activate": "active", "suspend": "suspended"}
_NEEDS_FRESH = ("set_role", "delete")


@dataclass
class Changed:
    """How many it was done to, who was left out and why, and whether to ask again for the rest."""

    done: int = 0
    skipped: list[dict[str, Any]] = field(default_factory=list)
    more: bool = False


def change(services: Services, who: Principal, wanted: Bulk, *, confirmation: bool) -> Changed:
    """Do one thing to everybody named, or to the next 1,000 who match and whom it would change.

    Raises:
        InvalidInput, UnknownRole: nothing has changed then.
        FreshSignInRequired: for a role or a deletion, a while after the caller has proved who they are.
        NotSignedIn, NotAllowed: where the caller may not any more when the first one's turn comes.
    """
    check(services, wanted)
    if wanted.action in _NEEDS_FRESH and not services.sessions.fresh(who):
        raise FreshSignInRequired
    found = Changed()
    if wanted.all_matching is not None:
        ids, more = _matching(services, wanted, confirmation)
    else:
        (ids, found.skipped), more = named(services, wanted.ids or []), False
    with together(services.images):
        stopped = _each(services, who, ids, wanted, found)
    # Where nothing could be done, asking again would come to the same.
    found.more = more and found.done > 0 and not stopped
    return found


def _each(services: Services, who: Principal, ids: list[Any], wanted: Bulk, found: Changed) -> str:
    """Do it to one after the other; return why the caller had no say any more from somebody on, or nothing."""
    stopped = ""
    for user_id in ids:
        try:
            if not stopped:
                _act(services, who, user_id, wanted)
                found.done += 1
                continue
        except (NotSignedIn, NotAllowed) as refusal:
            if not found.done and not found.skipped:
                raise
            stopped = refusal.code  # what has been done stays
        except IdentityRefusal as refusal:
            found.skipped.append({"id": user_id, "code": refusal.code})
            continue
        found.skipped.append({"id": user_id, "code": stopped})
    return stopped


def check(services: Services, wanted: Bulk) -> None:
    """Check what can be checked before anybody's turn.

    Raises:
        InvalidInput, UnknownRole: naming the field.
    """
    if (wanted.ids is None) == (wanted.all_matching is None):
        raise InvalidInput(field_errors={"ids": [Sentence("Name people, or all that match; not both.")]})
    if (wanted.role is not None) != (wanted.action == "set_role"):
        raise InvalidInput(field_errors={"role": [Sentence("A role is needed to set one, and for nothing else.")]})
    made_on_need = wanted.role is None or wanted.role in (ADMIN, USER)
    if not made_on_need and services.accounts.find_role(names.role(wanted.role or "")) is None:
        raise UnknownRole(field_errors={"role": [UnknownRole.message]})


def named(services: Services, ids: list[Any]) -> tuple[list[Any], list[dict[str, Any]]]:
    """Return the ids that were sent, each once, and those among them that no row can have.

    Raises:
        InvalidInput: where one is no id.
    """
    known: dict[Any, None] = {}
    skipped = []
    for sent in ids:
        try:
            known[services.store.user_id(sent)] = None
        except NotFound as refusal:  # a number that no row can have
            skipped.append({"id": sent, "code": refusal.code})
        except InvalidInput:
            raise InvalidInput(field_errors={"ids": [Sentence("One of these is not an id.")]}) from None
    return list(known), skipped


def _matching(services: Services, wanted: Bulk, confirmation: bool) -> tuple[list[Any], bool]:
    of = wanted.all_matching
    assert of is not None  # noqa: S101 - see `change`
    query = PeopleQuery(of.status, of.role, names.prefix(of.q) if of.q else None, "id", False, AT_ONCE)
    query = replace(query, changed_by_status=STATUS.get(wanted.action), changed_by_role=wanted.role)
    page = services.store.people(query, now(), confirmation)
    return [user.id for user in page.users], page.more_after


def _act(services: Services, who: Principal, user_id: Any, wanted: Bulk) -> None:
    if wanted.action in STATUS:
        administration.set_status(services, who, user_id, STATUS[wanted.action], None)
    elif wanted.action == "delete":
        administration.delete(services, who, user_id)
    else:
        assert wanted.role is not None  # noqa: S101 - see `check`
        administration.set_role(services, who, user_id, wanted.role)
