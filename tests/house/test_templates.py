"""Templates hold no script, no style and no event handler: the content security policy would refuse them."""

from __future__ import annotations

import re

import pytest

from tests.house.project import below, name_of

JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"<[a-zA-Z][^<>]*>")
INLINE_ATTRIBUTE = re.compile(r"""[\s"'](style|on[a-z]+)\s*=""", re.IGNORECASE)
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc\s*=)", re.IGNORECASE)
STYLE_ELEMENT = re.compile(r"<style[\s>]", re.IGNORECASE)
SCRIPT_ADDRESS = re.compile(r"""=\s*["']?\s*javascript:""", re.IGNORECASE)


def faults(template: str) -> list[str]:
    """The pieces of a template that a strict content security policy refuses."""
    html = JINJA.sub("x", template)
    found = [tag for tag in TAG.findall(html) if INLINE_ATTRIBUTE.search(tag) or SCRIPT_ADDRESS.search(tag)]
    return [*found, *INLINE_SCRIPT.findall(html), *STYLE_ELEMENT.findall(html)]


def test_no_template_holds_inline_script_or_style_T02():
    templates = [path for path in below("src", ".html") if "templates" in path.parts]

    found = {name_of(path): faults(path.read_text(encoding="utf-8")) for path in templates}

    assert not {name: pieces for name, pieces in found.items() if pieces}


@pytest.mark.parametrize(
    "template",
    [
        '<p style="color: red">',
        '<a class="x"onclick="go()">',
        "<button {% if a > b %}disabled{% endif %} OnClick = go()>",
        "<script>go()</script>",
        "<script nonce='{{ nonce }}'>go()</script>",
        "<style>p {}</style>",
        '<a href="javascript:go()">',
    ],
)
def test_an_inline_piece_is_seen(template):
    assert faults(template)


@pytest.mark.parametrize(
    "template",
    [
        '<script type="module" src="{{ url }}"></script>',
        '<link rel="stylesheet" href="x.css"><p data-on-change="save" class="style">on = off</p>',
        "{# <p style='x'> #}{% set style = 1 %}",
    ],
)
def test_what_looks_alike_is_let_through(template):
    assert not faults(template)
