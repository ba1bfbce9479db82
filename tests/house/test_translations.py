"""The texts of the source, the template for translators and every language that is shipped belong together."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from babel.messages.mofile import read_mo

from flask_identity.web.catalogs import OURS, offered
from scripts import messages
from tests.house.project import below, name_of

LANGUAGES = sorted(OURS.glob("*/LC_MESSAGES/flask_identity.po"))
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
TAG = re.compile(r"""<(?:"[^"]*"|'[^']*'|[^<>"'])*>|\baria-\w+=.*""")
SAID_BY_TAG = re.compile(r"""\b(?:alt|aria-label|placeholder|title|label)=(?:"([^"]*)"|'([^']*)')""")
LETTERS = re.compile(r"[^\W\d_]{2,}")
SAID_BY_SCRIPT = re.compile(
    r"(?:textContent|title|placeholder|ariaLabel)\s*=\s*[\"'`][^\"'`]*[a-z]{2}"
    r"|\b(?:toast|announce|confirm|alert)\(\s*[\"'`]|\"aria-label\":\s*[\"'`]"
)


def key(message):
    return (message.context, *texts(message.id))


@pytest.fixture(scope="module")
def source():
    return messages.collected()


@pytest.fixture(params=LANGUAGES, ids=lambda path: path.parent.parent.name)
def language(request):
    return messages.language(request.param)


def test_the_template_holds_the_texts_of_the_source(source):
    assert messages.TEMPLATE.read_bytes() == messages.template(source), "run `make messages`"


def test_german_is_shipped_and_offered():
    assert offered(None, OURS / "nowhere").tags == ("en", "de")


def test_nothing_is_missing_left_over_or_doubtful(language, source):
    assert {key(each) for each in language} == {key(each) for each in source}
    assert [each.id for each in language if each.fuzzy and each.id] == []
    assert [each.id for each in language if each.id and not all(texts(each.string))] == []
    assert not language.obsolete


def texts(entry):
    return entry if isinstance(entry, (tuple, list)) else (entry,)


def gaps(text):
    """The places of a text that are filled in: `%(name)s` and `{name}`."""
    named = set(re.findall(r"%\((\w+)\)s", text))
    return named | {f"{{{name}}}" for _, name, _, _ in Formatter().parse(text) if name}


def test_every_form_of_a_text_has_the_places_of_the_original(language):
    for each in language:
        if not each.id:
            continue
        ids, said = texts(each.id), texts(each.string)
        assert len(said) == (language.num_plurals if isinstance(each.id, tuple) else 1), each.id
        # What is said of one may do without the number, as in "yesterday"; what is said of many may not.
        assert gaps(said[-1]) == gaps(ids[-1]), each.id
        assert all(gaps(form) in (gaps(ids[0]), gaps(ids[-1])) for form in said), each.id
        assert "%" not in re.sub(r"%\(\w+\)s", "", "".join(said)), each.id


def test_a_text_ends_as_the_original_does(language):
    ends = {each.id: texts(each.string)[-1] for each in language if each.id and texts(each.id)[-1][-1:] in ".?…:"}

    assert {id: said for id, said in ends.items() if said[-1] != texts(id)[-1][-1]} == {}


def test_what_is_compiled_is_what_is_written(language):
    with (OURS / str(language.locale) / "LC_MESSAGES/flask_identity.mo").open("rb") as file:
        compiled = read_mo(file)

    written, read = ({key(each): [*texts(each.string)] for each in found if each.id} for found in (language, compiled))
    assert read == written, "run `make messages`"
    assert compiled.plural_forms == language.plural_forms


def bare(html):
    """What a template says without having it translated."""
    html = JINJA.sub("", html)
    said = ["".join(found) for found in SAID_BY_TAG.findall(html)]
    said += TAG.sub("\n", html).split("\n")
    return [text.strip() for text in said if LETTERS.search(text.replace("UTC", ""))]


def test_no_template_says_anything_untranslated():
    templates = [path for path in below("src", ".html") if "templates" in path.parts]
    found = {name_of(path): bare(path.read_text(encoding="utf-8")) for path in templates}

    assert len(templates) > 30
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize("html", ["<p>Hello</p>", '<a title="Go {{ x }}">', "{{ _('a') }} and {{ b }}"])
def test_an_untranslated_text_would_be_seen(html):
    assert bare(html)


def test_no_script_says_anything_itself():
    scripts = below("src/flask_identity/static/js", ".js")
    found = {name_of(path): SAID_BY_SCRIPT.findall(path.read_text(encoding="utf-8")) for path in scripts}

    assert len(scripts) > 15
    assert {name: said for name, said in found.items() if said} == {}


@pytest.mark.parametrize(
    "script", ['toast("Saved")', "line.textContent = `All {n}`", 'element("a", {"aria-label": "Go"})']
)
def test_what_a_script_says_itself_would_be_seen(script):
    assert SAID_BY_SCRIPT.search(script)
