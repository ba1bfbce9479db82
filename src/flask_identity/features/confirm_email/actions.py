"""The verb: ask for the letter again. What links do is in `core.confirming`, since other features send some, too."""

from __future__ import annotations

from ...core import confirming, names
from ...core.services import Services
from .inputs import SendAgain
from .letters import AGAIN


def again(services: Services, given: SendAgain) -> None:
    """Write a letter to an address. Whether anybody waits for one is asked when it is sent, so that this does and takes
    the same for everybody (S-026, S-027).

    Raises:
        InvalidInput: for what can be no address.
        TooManyRequests: for one that was written to too often, known or not.
    """
    address = names.email(given.email)
    services.throttle.spend(confirming.PER_ADDRESS, address)
    services.outbox.put(AGAIN, address)
