"""Settings of profiles."""

from __future__ import annotations

from dataclasses import dataclass

from ...base.settings import Settings, setting


@dataclass(frozen=True)
class ProfileSettings(Settings):
    image_url: str | None = setting(
        None,
        "Where pictures are kept: ftps://user:password@host/folder, ftp://… or file:///an/absolute/folder. Without it "
        "none can be sent.",
        secret=True,
    )
    image_cache: str | None = setting(
        None, "Folder for copies of pictures that are on an FTP server; None is image_cache in the instance folder."
    )
