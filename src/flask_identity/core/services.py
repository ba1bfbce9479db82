"""The parts of one application's identity layer, assembled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..base.image_store import ImageStore
from ..base.ports import Store
from ..base.settings import Settings, setting
from . import strength
from .accounts import Accounts
from .lockout import Lockout
from .one_time import OneTime
from .outbox import Outbox
from .passwords import Passwords
from .proof import Proof
from .sessions import Sessions
from .sign_in import SignIn
from .throttle import Throttle


@dataclass(frozen=True)
class PasswordSettings(Settings):
    product_name: str = setting("Flask-Identity", "The application's name: shown on pages, refused inside passwords.")
    password_min_length: int = setting(8, "Fewest characters of a new password.", minimum=8, maximum=256)
    password_min_score: int = setting(3, "Lowest zxcvbn score of a new password, 0 to 4.", minimum=0, maximum=4)
    password_pepper: str | None = setting(
        None,
        "Keys mixed into every password, as `id:secret` pairs, newest first; kept outside the database.",
        secret=True,
    )
    flask_security_salt: str | None = setting(
        None, "SECURITY_PASSWORD_SALT of the Flask-Security application whose people came over.", secret=True
    )
    argon2_memory: int = setting(19456, "KiB of memory per password hash.", minimum=8)
    argon2_time: int = setting(2, "Passes over that memory.", minimum=1)
    argon2_parallelism: int = setting(1, "Lanes of a password hash.", minimum=1)


@dataclass(frozen=True)
class ThrottleSettings(Settings):
    throttle: bool = setting(
        True, "Limit requests per address, site and route. False lifts these limits, never the lock."
    )


@dataclass(frozen=True)
class Services:
    """What actions are written against."""

    store: Store
    accounts: Accounts
    passwords: Passwords
    password_rules: PasswordSettings
    sessions: Sessions
    sign_in: SignIn
    proof: Proof
    lockout: Lockout
    throttle: Throttle
    one_time: OneTime
    outbox: Outbox
    sender: Any
    """What signals are sent from: the application."""
    images: ImageStore | None = None
    """Where pictures are kept; None where the application keeps none."""

    def judge_password(self, password: str, about: Sequence[str | None], *, field: str = "password") -> None:
        """Refuse a new password that is too easy to guess by the application's settings.

        Args:
            password: The password as it was typed.
            about: Names and addresses of the person, which it may not contain; nor may it the application's name.
            field: Under which field the message is given.

        Raises:
            WeakPassword: with what to do about it.
            InvalidInput: over 256 characters or 1,024 bytes.
        """
        rules = self.password_rules
        minimum, score = rules.password_min_length, rules.password_min_score
        strength.judge(password, about=(*about, rules.product_name), minimum=minimum, score=score, field=field)
