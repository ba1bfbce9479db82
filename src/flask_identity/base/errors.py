"""Refusals and faults of configuration.

A refusal has a name, an HTTP status, a code for programs, which stays, and one sentence for people in any language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from .texts import Sentence

FieldErrors = Mapping[str, Sequence[str]]


class ConfigurationError(Exception):
    """The application is set up in a way that cannot work; the message says in one sentence what to do."""


class IdentityRefusal(Exception):
    """A request the library understood and will not carry out.

    Args:
        message: What to tell the person; None takes the refusal's own sentence.
        field_errors: Messages by input field. Never holds a submitted value.
        retry_after: Whole seconds to wait before it makes sense to try again.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    message: str = Sentence("That cannot be done.")

    def __init__(
        self,
        message: str | None = None,
        *,
        field_errors: FieldErrors | None = None,
        retry_after: int | None = None,
    ) -> None:
        if message is not None:
            self.message = message
        self.field_errors: FieldErrors = field_errors or {}
        self.retry_after = retry_after
        super().__init__(self.message)


class InvalidInput(IdentityRefusal):
    code = "invalid_input"
    message: str = Sentence("Some of what was sent cannot be used. Check the fields named below.")


class UnknownField(IdentityRefusal):
    code = "unknown_field"
    message: str = Sentence("The request has a field that is not known here.")


class WeakPassword(IdentityRefusal):
    code = "weak_password"
    message: str = Sentence("Choose a password that is harder to guess.")


class WrongPassword(IdentityRefusal):
    code = "wrong_password"
    message: str = Sentence("That is not your current password.")


class SortNotOffered(IdentityRefusal):
    code = "sort_not_offered"
    message: str = Sentence("The list cannot be sorted that way together with this search.")


class UnknownRole(IdentityRefusal):
    code = "unknown_role"
    message: str = Sentence("There is no role of that name.")


class NotSignedIn(IdentityRefusal):
    code = "not_signed_in"
    status = 401
    message: str = Sentence("Sign in to continue.")


class InvalidCredentials(IdentityRefusal):
    """One answer for a wrong password and for an unknown, locked, suspended or pending account."""

    code = "invalid_credentials"
    status = 401
    message: str = Sentence("That email and password don't match. Check them and try again.")


class NotAllowed(IdentityRefusal):
    code = "not_allowed"
    status = 403
    message: str = Sentence("You don't have access to this.")


class FieldNotAllowed(IdentityRefusal):
    code = "field_not_allowed"
    status = 403
    message: str = Sentence("You may not set one of these fields.")


class InsufficientScope(IdentityRefusal):
    code = "insufficient_scope"
    status = 403
    message: str = Sentence("This API token was not made for that.")


class TokenNotAllowed(IdentityRefusal):
    code = "token_not_allowed"
    status = 403
    message: str = Sentence("An API token may not do this. Sign in to do it.")


class FreshSignInRequired(IdentityRefusal):
    code = "fresh_sign_in_required"
    status = 403
    message: str = Sentence("Enter your password again to continue.")


class CrossSite(IdentityRefusal):
    code = "cross_site"
    status = 403
    message: str = Sentence(
        "This request did not come from this site, so it was refused. Open the page here and try again."
    )


class NotFound(IdentityRefusal):
    code = "not_found"
    status = 404
    message: str = Sentence("There is nothing here under that address.")


class MethodNotAllowed(IdentityRefusal):
    code = "method_not_allowed"
    status = 405
    message: str = Sentence("This address does not answer that method.")


class EmailTaken(IdentityRefusal):
    code = "email_taken"
    status = 409
    message: str = Sentence("This email already has an account. Sign in instead.")


class UsernameTaken(IdentityRefusal):
    code = "username_taken"
    status = 409
    message: str = Sentence("This username is taken. Choose another.")


class AlreadyThere(IdentityRefusal):
    code = "already_there"
    status = 409
    message: str = Sentence("Something with that name is there already.")


class ChangedMeanwhile(IdentityRefusal):
    code = "changed_meanwhile"
    status = 409
    message: str = Sentence("Someone else changed this meanwhile. Load it again to see what is there now.")


class TooManyTokens(IdentityRefusal):
    code = "too_many_tokens"
    status = 409
    message: str = Sentence("You have as many API tokens as one account may have. End one that is not used any more.")


class InUse(IdentityRefusal):
    code = "in_use"
    status = 409
    message: str = Sentence("Other records still refer to this account. Remove them first, or suspend the account.")


class OwnAccount(IdentityRefusal):
    code = "own_account"
    status = 409
    message: str = Sentence("You cannot do this to your own account.")


class LastAdmin(IdentityRefusal):
    code = "last_admin"
    status = 409
    message: str = Sentence("This is the last active administrator. Make someone else an administrator first.")


class TooLarge(IdentityRefusal):
    code = "too_large"
    status = 413
    message: str = Sentence("The request is larger than is accepted here.")


class NotJson(IdentityRefusal):
    code = "not_json"
    status = 415
    message: str = Sentence("Send the body as application/json.")


class TooManyRequests(IdentityRefusal):
    code = "too_many_requests"
    status = 429
    message: str = Sentence("Too many tries. Wait a little and try again.")


class Internal(IdentityRefusal):
    """What an unforeseen error shows; the log has the rest under the same request id."""

    code = "internal"
    status = 500
    message: str = Sentence("Something went wrong on our side. It has been logged.")


class Busy(IdentityRefusal):
    """Every hashing slot stayed taken for as long as a caller is let wait."""

    code = "busy"
    status = 503
    message: str = Sentence("Many people are signing in right now. Try again in a moment.")


class Unavailable(IdentityRefusal):
    """The database is away or could not take the change. Never means "signed out"."""

    code = "unavailable"
    status = 503
    message: str = Sentence("The service cannot reach its data right now. Try again in a moment.")


class Deadlock(Unavailable):
    """The database chose this transaction to give way; what began clean is tried once more."""


class Taken(Exception):
    """A unique rule of a table refused a row.

    Args:
        kind: The table, as its `Kind` value.
        column: The column whose rule it was, "" when the database did not say.
    """

    def __init__(self, kind: str, column: str) -> None:
        super().__init__(f"{kind}.{column} is taken")
        self.kind = kind
        self.column = column


class Gone(Exception):
    """A row that this change refers to is no longer there."""
