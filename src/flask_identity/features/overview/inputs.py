"""What may be sent."""

from __future__ import annotations

from typing import Literal

from ...web.inputs import Input


class Asked(Input):
    """Over how many days the overview looks, today among them."""

    days: Literal["7", "14", "30"] = "14"
