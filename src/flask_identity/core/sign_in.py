"""Signing in: four named phases, in one order, ending in one place whatever the way in."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from ..base import events
from ..base.errors import Busy, Gone, InvalidCredentials
from ..base.ports import Kind, Row, Store
from . import names
from .passwords import Passwords, Verdict
from .proof import Claim, Proof
from .retry import retried
from .sessions import Client, Sessions, Started
from .sweep import sweep_sometimes


@dataclass
class Entry:
    """One person on the way in. Steps read it and add to `changes`, which become one UPDATE of the user's row."""

    name: str
    client: Client
    user: Row | None = None
    changes: dict[str, Any] = field(default_factory=dict)


Step = Callable[[Entry], None]
Challenge = Callable[[Entry], str | None]


@dataclass(frozen=True)
class Phases:
    """Where features join. Inside a phase the order is that of the catalog.

    Args:
        before_password: May refuse before anything is looked up.
        after_failure: Runs inside the unit that counts a failure.
        challenges: Names the factor that is wanted next, or None.
        after_sign_in: Runs inside the unit that starts the session.
    """

    before_password: Sequence[Step] = ()
    after_failure: Sequence[Step] = ()
    challenges: Sequence[Challenge] = ()
    after_sign_in: Sequence[Step] = ()


@dataclass(frozen=True)
class SignedIn:
    """Someone is in."""

    user: Row
    session: Started


@dataclass(frozen=True)
class Challenged:
    """The password was right; one more factor is wanted."""

    user: Row
    factor: str


@dataclass(frozen=True)
class Ticket:
    """What kind of session is wanted.

    Args:
        kind: `cookie` or `bearer`.
        remember: Whether it outlives the browser.
        replaces: The id of the session that the request came with; it ends (S-054).
    """

    kind: str
    remember: bool = False
    replaces: str | None = None


class SignIn:
    """Signing in to one application. `sender` is what signals are sent from."""

    def __init__(self, store: Store, proof: Proof, passwords: Passwords, sessions: Sessions, sender: Any) -> None:
        self._store = store
        self._proof = proof
        self._passwords = passwords
        self._sessions = sessions
        self._sender = sender
        self.phases: Phases = Phases()

    def find(self, name: str) -> Row | None:
        """Return the user of a sign-in name, an address or a username."""
        known = names.identity(name)
        if known is None or not self._store.has(Kind.USER, known[0]):
            return None
        row: Row | None = self._store.first(Kind.USER, {known[0]: known[1]})
        return row

    def with_password(self, name: str, password: str, client: Client, ticket: Ticket) -> SignedIn | Challenged:
        """Sign in by name and password.

        Raises:
            InvalidCredentials: alike for a wrong password and an unknown, locked or suspended account.
            InvalidInput: for a password no account can have.
            Busy: where no hashing slot came free.
        """
        entry, claim, verdict = self._proved(name, password, client)
        for ask in self.phases.challenges:
            factor = ask(entry)
            if factor is not None:
                self._proof.withdraw(claim)
                return Challenged(entry.user, factor)
        self._upgrade(entry, verdict, password)
        return self._enter(entry, ticket, claim)

    def without_session(self, name: str, password: str, client: Client) -> Row:
        """Check name and password for one request (HTTP Basic) and return the user; the refusals are the same."""
        entry, claim, verdict = self._proved(name, password, client)
        self._upgrade(entry, verdict, password)
        self._proof.settle(claim, lambda: self._proof.write(entry.user, entry.changes, claim))
        return entry.user

    def start(self, user: Row, client: Client, ticket: Ticket) -> SignedIn:
        """Sign in a user who was identified in another way.

        Raises:
            InvalidCredentials: where the account is not active.
        """
        return self._enter(Entry("", client, user), ticket, None)

    def confirm(self, user: Row, password: str, client: Client) -> Claim:
        """Check the password of someone already signed in; the caller acts on it with `Proof.settle`.

        Raises:
            InvalidCredentials: where it is wrong, which counts as a failed sign-in.
        """
        entry = Entry("", client, user)
        return self._checked(entry, self._proof.claim(user, ""), password)[0]

    def _proved(self, name: str, password: str, client: Client) -> tuple[Entry, Claim, Verdict]:
        entry = Entry(name, client)
        for step in self.phases.before_password:
            step(entry)
        entry.user = self.find(name)
        canonical = names.identity(name)
        spelled = canonical[1] if canonical else unicodedata.normalize("NFKC", name).strip().casefold()
        claim, verdict = self._checked(entry, self._proof.claim(entry.user, spelled), password)
        return entry, claim, verdict

    def _checked(self, entry: Entry, claim: Claim, password: str) -> tuple[Claim, Verdict]:
        verdict = self._proof.evaluate(claim, password)
        if not verdict.right:
            retried(self._store, lambda: self._failed(entry, claim))
            raise InvalidCredentials
        return claim, verdict

    def _failed(self, entry: Entry, claim: Claim) -> None:
        with self._store.unit():
            if not self._proof.fail(claim):
                entry.user = None  # deleted since
            for step in self.phases.after_failure:
                step(entry)
            events.sign_in_failed.send(self._sender, user=entry.user, fields=())

    def _upgrade(self, entry: Entry, verdict: Verdict, password: str) -> None:
        if verdict.outdated:
            with suppress(Busy):  # the next sign-in will do; this one is right as it is
                entry.changes["password"] = self._passwords.hash(password)

    def _enter(self, entry: Entry, ticket: Ticket, claim: Claim | None) -> SignedIn:
        user = entry.user
        for step in self.phases.after_sign_in:
            step(entry)

        def begin() -> Started:
            uniquifier = self._proof.write(user, entry.changes, claim)
            if ticket.replaces:
                self._sessions.end(ticket.replaces)
            begun = self._sessions.start(user, ticket.kind, ticket.remember, entry.client, uniquifier)
            events.signed_in.send(self._sender, user=user, fields=tuple(entry.changes))
            return begun

        try:
            started = self._proof.settle(claim, begin)
        except Gone:
            raise InvalidCredentials from None
        sweep_sometimes(self._store)
        return SignedIn(user, started)
