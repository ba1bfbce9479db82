"""The languages an application offers, and their texts: the library's own, and above them the application's."""

from __future__ import annotations

import gettext
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ..base.errors import ConfigurationError
from ..base.texts import Sentence

DOMAIN = "flask_identity"
SOURCE = "en"
"""The language everything is written in."""

OURS = Path(__file__).resolve().parent.parent / "translations"
_OWN_NAMES = MappingProxyType(
    {
        "ar": "العربية", "bg": "Български", "bn": "বাংলা", "ca": "Català", "cs": "Čeština", "da": "Dansk",
        "de": "Deutsch", "el": "Ελληνικά", "en": "English", "es": "Español", "et": "Eesti",
        "fa": "فارسی", "fi": "Suomi", "fr": "Français", "he": "עברית",
        "hi": "हिन्दी", "hr": "Hrvatski", "hu": "Magyar", "id": "Indonesia",
        "it": "Italiano", "ja": "日本語", "ko": "한국어", "lt": "Lietuvių", "lv": "Latviešu", "nb": "Norsk bokmål",
        "nl": "Nederlands", "pl": "Polski", "pt": "Português", "ro": "Română", "ru": "Русский", "sk": "Slovenčina",
        "sl": "Slovenščina", "sr": "Српски", "sv": "Svenska", "th": "ไทย", "tr": "Türkçe", "uk": "Українська",
        "ur": "اردو", "vi": "Tiếng Việt", "zh": "中文",
    }
)  # fmt: skip
"""What languages call themselves: who looks for one reads no other."""

_RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True)
class Language:
    """One language: `tag` is what HTML and browsers call it, such as `pt-BR`."""

    tag: str
    catalog: gettext.NullTranslations

    @property
    def direction(self) -> str:
        """Which way it is written, as the attribute `dir` takes it."""
        return "rtl" if _primary(self.tag) in _RIGHT_TO_LEFT else "ltr"

    @property
    def name(self) -> str:
        """What it calls itself, with its region or script where it has one; its tag where that is not known."""
        primary, _, rest = self.tag.partition("-")
        known = _OWN_NAMES.get(primary.lower())
        return self.tag if known is None else f"{known} ({rest})" if rest else known

    def say(self, text: str) -> str:
        """Return a text in this language; as it is where there is no translation of it."""
        if isinstance(text, Sentence) and text.values:
            return self.catalog.gettext(text.message) % text.values
        return self.catalog.gettext(text) if text else ""  # what is filed under "" is about the catalog itself

    def count(self, one: str, many: str, number: int) -> str:
        """Return the one of two texts, translated, that this language uses for a number."""
        return self.catalog.ngettext(one, many, number)


@dataclass(frozen=True)
class Languages:
    """What an application offers, the first for whoever asks for none of it.

    Args:
        tags: The languages.
        folders: Where catalogs are, those of the application before ours.
    """

    tags: tuple[str, ...]
    folders: tuple[Path, ...]
    _read: dict[str, Language] = field(default_factory=dict, compare=False, repr=False)

    def get(self, tag: str) -> Language:
        """Return a language that is offered; its catalogs are read when it is first asked for."""
        found = self._read.get(tag)
        if found is None:
            found = self._read[tag] = Language(tag, _catalog(tag, self.folders))
        return found

    def best(self, wanted: Iterable[str]) -> str:
        """Return the first language wanted that is offered; `de` serves who wants `de-AT`, and the other way round."""
        for tag in wanted:
            parts = tag.replace("_", "-").lower().split("-")
            for size in range(len(parts), 0, -1):
                for offered in self.tags:
                    if offered.lower() == "-".join(parts[:size]):
                        return offered
            for offered in self.tags:
                if _primary(offered) == parts[0]:
                    return offered
        return self.tags[0]


def offered(setting: str | None, own: Path) -> Languages:
    """Return what an application offers.

    Args:
        setting: Its IDENTITY_LANGUAGES; None offers English and every language there is a catalog of.
        own: The folder of its own catalogs, which need not be there.

    Raises:
        ConfigurationError: for a language there is no catalog of.
    """
    folders = (own, OURS)
    found = {_tag(path) for folder in folders for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")}
    known = (SOURCE, *sorted(found - {SOURCE}))
    tags = known if setting is None else tuple(dict.fromkeys(setting.replace(",", " ").replace("_", "-").split()))
    missing = [tag for tag in tags if tag not in known]
    if missing or not tags:
        raise ConfigurationError(
            f"IDENTITY_LANGUAGES names {missing[0] if missing else 'no language'}; there are {', '.join(known)}."
        )
    return Languages(tags, folders)


def _catalog(tag: str, folders: Iterable[Path]) -> gettext.NullTranslations:
    made = gettext.NullTranslations()
    for folder in folders:
        made.add_fallback(gettext.translation(DOMAIN, folder, [tag.replace("-", "_")], fallback=True))
    return made


def _tag(path: Path) -> str:
    return path.parent.parent.name.replace("_", "-")


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
