"""Which scopes there are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..base.errors import ConfigurationError
from ..base.settings import Settings, setting
from .principal import READ, WRITE

_SCOPE = re.compile(r"[a-z0-9_.:-]{1,40}")
_LONGEST = 255  # characters of all scopes of a token together: the width of the column


@dataclass(frozen=True)
class ApiTokenSettings(Settings):
    api_token_scopes: str = setting(
        "", "Scopes of the application's own, parted by blanks; `read` and `write` are always there."
    )

    def __post_init__(self) -> None:
        for name in self.api_token_scopes.split():
            if not _SCOPE.fullmatch(name):
                raise ConfigurationError(
                    "IDENTITY_API_TOKEN_SCOPES must be names parted by blanks, each of 1 to 40 small letters, digits "
                    "and _.:-"
                )
        if len(" ".join(self.scopes)) > _LONGEST:
            raise ConfigurationError("IDENTITY_API_TOKEN_SCOPES is too long: 240 characters are possible.")

    @property
    def scopes(self) -> tuple[str, ...]:
        """All scopes a token may have, in the order in which they are offered."""
        return tuple(dict.fromkeys((READ, WRITE, *self.api_token_scopes.split())))
