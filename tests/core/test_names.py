"""The canonical form of addresses and usernames: A-106, A-107, A-108, A-116, R-51."""

# ruff: noqa: RUF001 - characters that look like others are what is tested

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_identity.base.errors import InvalidInput
from flask_identity.core import names


def refused(read, text):
    with pytest.raises(InvalidInput) as caught:
        read(text)
    messages = [message for each in caught.value.field_errors.values() for message in each]
    assert messages
    assert len(text) < 4 or not any(text in message for message in messages)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ada@Example.COM", "ada@example.com"),
        ("  ada@example.com\t\n", "ada@example.com"),
        ("ada+tag@example.com", "ada+tag@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
        ("JOSÉ@example.com", "josé@example.com"),
        ("ada@host.test", "ada@host.test"),
    ],
)
def test_spellings_of_one_address_get_one_form(typed, kept):
    assert names.email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "mıke@example.com",  # dotless i
        "miĸe@example.com",
        "мike@example.com",  # Cyrillic м
        "straße@example.com",
        "mi̇ke@example.com",
        "MİKE@example.com",  # capital dotted I
    ],
)
def test_a_look_alike_stays_distinct_or_is_refused(typed):
    """A-106, A-107: it never becomes the plain spelling."""
    try:
        kept = names.email(typed)
    except InvalidInput:
        return
    assert kept not in ("mike@example.com", "strasse@example.com")


@pytest.mark.parametrize(
    "typed",
    [
        "mi\u212ae@example.com",  # Kelvin sign
        "\u212bke@example.com",  # Ångström sign
        "\u2126@example.com",  # Ohm sign
        "a\u1fefb@example.com",  # Greek varia, which NFC turns into a backtick
        "\uf900x@example.com",  # compatibility ideograph
        "mike＠example.com",
        "mike@example.com＠",
        "ﬁne@example.com",
        "ｍike@example.com",
        "ſam@example.com",  # long s
        "mi\u200bke@example.com",
        "mi\u200dke@example.com",
        "mi\u00adke@example.com",
        "\ufeffmike@example.com",
        "mike\u202e@example.com",
        "mike@exam\u200bple.com",
        "mike@ｅxample.com",
        "mike@example.com.",
        "mike.@example.com",
        ".mike@example.com",
        "mi..ke@example.com",
        "mike@example",
        "mike@@example.com",
        "mike@exa mple.com",
        "mike@[127.0.0.1]",
        '"mike"@example.com',
        "Mike <mike@example.com>",
        "mike@example.com,eve@example.com",
        "mike@example.com\r\nBcc: eve@example.com",
        "mike\0@example.com",
        "mike@example.com\0",
        "\ud800@example.com",
        "mike",
        "@host.example",
        "",
        " ",
        "a" * 65 + "@example.com",
        "mike@" + "a" * 64 + ".com",
        "mike@" + "a.b" * 100 + ".com",
    ],
)
def test_what_is_no_plain_address_is_refused(typed):
    """A-106, A-109, A-139."""
    refused(names.email, typed)


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=12), st.sampled_from(["example.com", "bücher.example", "Host.Test"]))
def test_the_canonical_form_is_stable_and_free_of_look_alikes(local, domain):
    """A-106: reading it again changes nothing, and nothing but letter case and NFC was folded."""
    try:
        kept = names.email(f"{local}@{domain}")
    except InvalidInput:
        return
    assert names.email(kept) == kept
    folded = kept.rpartition("@")[0]
    assert folded == unicodedata.normalize("NFC", local.strip()).lower()
    assert unicodedata.normalize("NFKC", folded) == unicodedata.normalize("NFC", folded)


@pytest.mark.parametrize(
    ("typed", "kept"), [("Ada", "ada"), (" ada_1815 ", "ada_1815"), ("Ünal", "ünal"), ("名前", "名前")]
)
def test_usernames_are_trimmed_and_lower_case(typed, kept):
    assert names.username(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "  ",
        "a" * 65,
        "ada@example.com",
        "a@b",
        "＠da",
        "two words",
        "a\tb",
        "a\0b",
        "a\u200bb",
        "\u212ada",
        "ﬁne",
        "\ud800",
    ],
)
def test_what_is_no_username_is_refused(typed):
    """A-108: a username never looks like somebody's address."""
    refused(names.username, typed)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Ada@Example.com", ("email", "ada@example.com")),
        ("Ada", ("username", "ada")),
        ("not an address@", None),
        ("two words", None),
        ("", None),
    ],
)
def test_a_sign_in_name_speaks_of_one_column(typed, meant):
    assert names.identity(typed) == meant


@pytest.mark.parametrize("name", ["", "a b", "a" * 81, "ä", "a\n", "a,b", None, 7, ["a"]])
def test_what_is_no_role_name_is_refused(name):
    """A-127."""
    with pytest.raises(InvalidInput):
        names.role(name)


@pytest.mark.parametrize("name", ["Upper", "a b", "", "a" * 81, "a\n", None])
def test_what_is_no_permission_is_refused(name):
    with pytest.raises(InvalidInput):
        names.permission(name)


@pytest.mark.parametrize(
    "text", ["a" * 1_000_000, "a@" * 500_000, "." * 100_000 + "@x", "\u0301" * 100_000, "@" * 100_000]
)
def test_huge_names_cost_little(text):
    """A-116, S-115."""
    began = time.thread_time()
    for read in (names.email, names.username):
        with pytest.raises(InvalidInput):
            read(text)
    assert names.identity(text) is None
    assert time.thread_time() - began < 1
