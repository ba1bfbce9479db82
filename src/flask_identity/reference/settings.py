"""docs/settings.md, from the settings."""

from __future__ import annotations

from .. import catalog
from ..base.settings import Described

_INTRODUCTION = """# Settings

Every setting is a key of `app.config`. Booleans are `True` or `False`, times are whole seconds. A key that begins
with `IDENTITY_` and is not on this page stops start-up, as does a value of another type.

What is not part of this version can be off and nothing else: LATER.
"""


def settings_page() -> str:
    """Return docs/settings.md."""
    parts = [_INTRODUCTION.replace("LATER", ", ".join(f"`{item.key}`" for item in catalog.LATER))]
    for heading, items in catalog.settings():
        parts.append(f"## {heading}\n\n| Key | Type | Default | What for |\n|---|---|---|---|")
        parts[-1] += "".join(_row(item) for item in items) + "\n"
    return "\n".join(parts)


def _row(item: Described) -> str:
    default = "" if item.default is None else f"`{item.default!r}`"
    offered = f" One of {', '.join(f'`{choice}`' for choice in item.choices)}." if item.choices else ""
    return f"\n| `{item.key}` | {item.type_name} | {default} | {item.doc}{offered} |"
