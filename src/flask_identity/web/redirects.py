"""Where to go next: only a path on this site, rebuilt and quoted."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit

LONGEST = 2048


def safe_next(target: str | None) -> str | None:
    """Return a path on this site, or None for anything else (S-074).

    Args:
        target: What the caller sent. It is accepted only with exactly one leading `/`, without backslash or control
            character, also after undoing percent-encoding twice, and up to 2,048 characters.
    """
    if not target or len(target) > LONGEST:
        return None
    read = target
    for _ in range(3):
        if not read.startswith("/") or read.startswith("//") or "\\" in read:
            return None
        if any(ord(char) < 0x20 or ord(char) in (0x7F, 0x85, 0x2028, 0x2029) for char in read):
            return None
        read = unquote(read)
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.lstrip("/ \t") != parts.path[1:]:
        return None
    path = quote(unquote(parts.path), safe="/-._~!$&'()*+,;=:@", errors="replace")
    query = quote(parts.query, safe="/-._~!$&'()*+,;=:@?%", errors="replace")
    return path + (f"?{query}" if query else "")
