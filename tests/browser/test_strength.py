"""The meter that says how hard a new password is to guess: as the server would, while it is typed."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import TELL_VIOLATIONS
from tests.support.passwords import MINIMUM, cases

WORDS = ["Weak: easy to guess", "Weak: easy to guess", "Fair: make it longer", "Good", "Strong"]
FORM = """<!doctype html><html lang="en"><title>Meter</title><link rel="icon" href="/identity-static/icon.svg">
<link rel="stylesheet" href="/identity-static/fi.css">
<link rel="stylesheet" href="/identity-static/parts.css">
<script type="module" src="/identity-static/js/strength.js"></script>
<form><input id="email" name="email" autocomplete="username"><input id="full_name" name="full_name">
<input id="password" name="password" type="password" autocomplete="new-password">
<div class="fi-strength" data-strength-for="password" data-min-length="{length}" data-min-score="{score}"
 data-words='{words}' data-product="Flask-Identity" hidden>
<div class="fi-strength-bar"><span data-strength-segment></span><span data-strength-segment></span>
<span data-strength-segment></span><span data-strength-segment></span></div><p data-strength-word></p>
<ul class="fi-strength-list"><li data-strength-rule="length">{length} or more characters</li>
<li data-strength-rule="common">Not a common password</li>
<li data-strength-rule="personal">Not your name or email</li></ul></div></form>
"""


def form(page, *, length=MINIMUM, score=3):
    """A form with a meter, under the dashboard's own headers."""
    policy = page.request.get("/login").headers["content-security-policy"]
    body = FORM.format(length=length, score=score, words=json.dumps(WORDS))
    headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
    page.route("**/meter", lambda route: route.fulfill(body=body, headers=headers))
    page.goto("/meter")
    return page.locator("[data-strength-for]")


def contrast(one, other):
    """Of two colours, as #rrggbb or rgb(r, g, b): 1 to 21 (WCAG 2.2)."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour):
    hexes = re.findall("[0-9a-f]{2}", colour) if colour.startswith("#") else None
    parts = [int(part, 16) for part in hexes] if hexes else [int(part) for part in re.findall(r"\d+", colour)]
    linear = [part / 3294.6 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def typed(page, password):
    page.locator("#password").fill(password)


def lit(box):
    return box.locator("[data-lit]").count()


def rules(box):
    items = box.locator("[data-strength-rule]").all()
    return {item.get_attribute("data-strength-rule"): item.get_attribute("data-met") for item in items}


def test_the_browser_says_of_each_password_what_the_list_says_T25(page):
    form(page)
    asked = [[case.password, case.about] for case in cases()]

    said = page.evaluate(
        """async (asked) => {
            const { rate } = await import("/identity-static/js/strength.js");
            const { count, holdsOwnWord, ownWords } = await import("/identity-static/js/strength-rules.js");
            const said = [];
            for (const [password, about] of asked) {
                const words = ownWords(about);
                const { score, common } = await rate(password, words);
                said.push([count(password), holdsOwnWord(password, words), common, score]);
            }
            return said;
        }""",
        asked,
    )

    found = []
    for length, personal, common, score in said:
        because = "length" if length < MINIMUM else "personal" if personal else "common" if common else None
        found.append((because, None if because else score))
    assert dict(zip(map(str, asked), found, strict=True)) == {
        str([case.password, case.about]): (case.verdict.because, case.shown) for case in cases()
    }


def test_the_meter_never_promises_what_the_server_refuses(page):
    form(page)
    asked = [(case, lowest) for case in cases() for lowest in range(5)]

    said = page.evaluate(
        """async (asked) => {
            const { shown } = await import("/identity-static/js/strength.js");
            return asked.map((each) => shown(...each));
        }""",
        [[case.shown or 0, case.verdict.because is not None, lowest] for case, lowest in asked],
    )

    promised = [
        (case.password, lowest)
        for (case, lowest), score in zip(asked, said, strict=True)
        if score >= 3 and (case.verdict.score is None or case.verdict.score < lowest)
    ]
    assert not promised


@pytest.mark.parametrize(
    ("password", "score", "segments"),
    [
        ("password", 1, 1),
        ("qwertyui", 1, 1),
        ("blue house", 2, 2),
        ("otter kettle", 3, 3),
        ("tin kettle orbit", 4, 4),
    ],
)
def test_the_bar_and_the_word_follow_the_score_T24(page, password, score, segments):
    box = form(page)
    typed(page, password)

    expect(box).to_have_attribute("data-strength-score", re.compile(f"^[{'01' if score == 1 else score}]$"))
    expect(box.locator("[data-strength-word]")).to_have_text(WORDS[score])
    assert lit(box) == segments


def test_nothing_typed_shows_nothing(page):
    box = form(page)
    neutral = {"length": None, "common": None, "personal": None}
    expect(box).to_be_visible()
    assert (lit(box), rules(box), box.get_attribute("data-strength-score")) == (0, neutral, None)

    typed(page, "tin kettle orbit")
    expect(box).to_have_attribute("data-strength-score", "4")
    typed(page, "")

    expect(box).not_to_have_attribute("data-strength-score", re.compile(""))
    expect(box.locator("[data-strength-word]")).to_have_text("")
    assert (lit(box), rules(box)) == (0, neutral)


def test_each_rule_is_ticked_by_itself(page):
    box = form(page)
    typed(page, "monkey")
    expect(box).to_have_attribute("data-strength-score", re.compile("[01]"))
    assert rules(box) == {"length": "false", "common": "false", "personal": "true"}

    typed(page, "my flask-identity login 42!")
    expect(box.locator("[data-strength-word]")).to_have_text(WORDS[0])
    expect(box.locator("[data-strength-rule=common]")).to_have_attribute("data-met", "true")
    assert rules(box) == {"length": "true", "common": "true", "personal": "false"}


def test_a_name_typed_after_the_password_counts_too(page):
    box = form(page)
    typed(page, "lovelace kettle orbit")
    expect(box.locator("[data-strength-word]")).to_have_text("Strong")

    page.locator("#full_name").fill("Ada Lovelace")

    expect(box.locator("[data-strength-word]")).to_have_text(WORDS[0])
    assert rules(box)["personal"] == "false"


def test_the_length_and_the_lowest_score_are_the_servers_settings(page):
    box = form(page, length=12, score=4)
    typed(page, "otter maps")
    expect(box.locator("[data-strength-word]")).to_have_text(WORDS[0])
    assert rules(box)["length"] == "false"

    typed(page, "otter kettle")  # scores 3

    expect(box.locator("[data-strength-rule=length]")).to_have_attribute("data-met", "true")
    expect(box).to_have_attribute("data-strength-score", "2")


def test_it_is_said_aloud_once_and_only_after_typing_has_stopped(page):
    form(page)
    page.evaluate(
        """() => {
            const live = document.querySelector("[role=status]");
            window.said = [];
            window.last = 0;
            document.addEventListener("input", () => (window.last = performance.now()));
            const note = () => window.said.push([live.textContent, performance.now() - window.last]);
            new MutationObserver(note).observe(live, { childList: true });
        }"""
    )
    page.locator("#password").press_sequentially("otters", delay=120)
    expect(page.get_by_role("status")).to_have_text(re.compile(f"^{WORDS[1]}\\. {MINIMUM} or more characters"))

    ((_, waited),) = page.evaluate("window.said")
    assert 850 < waited < 3000


def test_the_word_lists_are_fetched_once_and_only_for_a_new_password(page):
    fetched = []
    page.context.on("request", lambda request: fetched.append(request.url))
    box = form(page)
    page.locator("#email").fill("ada@example.com")
    page.wait_for_load_state("networkidle")
    assert not [url for url in fetched if "zxcvbn" in url or "worker" in url]

    page.locator("#password").focus()
    typed(page, "tin kettle orbit")
    expect(box).to_have_attribute("data-strength-score", "4")
    page.locator("#email").focus()
    page.locator("#password").focus()

    assert len([url for url in fetched if url.endswith("/vendor/zxcvbn.js")]) <= 1
    assert len([url for url in fetched if url.endswith("/strength-worker.js")]) == 1


def test_while_the_word_lists_are_on_their_way_only_what_is_known_is_said(page):
    box = form(page)
    held = []
    page.context.route("**/strength-worker.js", lambda route: held.append(route))
    typed(page, "kettle")
    expect(box).to_have_attribute("aria-busy", "true")
    assert (lit(box), rules(box)) == (0, {"length": "false", "common": None, "personal": "true"})

    typed(page, "tin kettle orbit")
    held.pop().continue_()

    expect(box).to_have_attribute("data-strength-score", "4")
    expect(box).not_to_have_attribute("aria-busy", "true")


def test_without_the_word_lists_the_form_still_works(page):
    box = form(page)
    page.context.route("**/strength-worker.js", lambda route: route.fulfill(status=404, body=""))
    typed(page, "kettle")
    expect(box.locator("[data-strength-rule=length]")).to_have_attribute("data-met", "false")
    typed(page, "tin kettle orbit")

    expect(box.locator("[data-strength-rule=length]")).to_have_attribute("data-met", "true")
    expect(box).not_to_have_attribute("aria-busy", "true")
    assert lit(box) == 0


@pytest.mark.parametrize(
    ("theme", "surfaces"), [("light", ("#ffffff", "#f6f6f9", "#f2f2f6")), ("dark", ("#15171d", "#0d0e12", "#1d2028"))]
)
def test_each_colour_of_the_bar_stands_out_from_what_it_lies_on(page, theme, surfaces):
    """3:1, WCAG 2.2 1.4.11."""
    box = form(page)
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("theme => (document.documentElement.dataset.bsTheme = theme)", theme)
    seen = set()
    for password, score in (
        ("password", "[01]"),
        ("blue house", "2"),
        ("otter kettle", "3"),
        ("tin kettle orbit", "4"),
    ):
        typed(page, password)
        expect(box).to_have_attribute("data-strength-score", re.compile(f"^{score}$"))
        page.evaluate("() => Promise.allSettled(document.getAnimations().map((each) => each.finished))")
        colour = box.locator("[data-lit]").first.evaluate("it => getComputedStyle(it).backgroundColor")
        seen.add(colour)
        assert all(contrast(colour, surface) >= 3 for surface in surfaces), (password, colour)
    assert len(seen) >= 3


def test_only_our_own_worker_may_be_started(page):
    form(page)

    refused = page.evaluate(
        """async () => {
            const { policy } = await import("/identity-static/js/fragment.js");
            try { policy.createScriptURL("/images/evil.js"); } catch (error) { return error.name; }
        }"""
    )

    assert refused == "TypeError"


def test_without_scripts_nothing_is_shown(browser, dashboard):
    context = browser.new_context(base_url=dashboard, java_script_enabled=False)
    context.add_init_script(TELL_VIOLATIONS)
    try:
        expect(form(context.new_page())).to_be_hidden()
    finally:
        context.close()


def test_sign_up_shows_the_bar_from_red_to_green_E7_T24(page):
    """E7: on the page itself, with the words of its list."""
    page.goto("/register")
    bar = page.locator("[data-strength-for=password]")

    page.locator("#password").fill("password")
    expect(bar).to_have_attribute("data-strength-score", "0")
    expect(bar.locator("[data-strength-word]")).to_have_text(WORDS[0])
    red = bar.locator("[data-strength-segment]").first.evaluate("each => getComputedStyle(each).backgroundColor")

    page.locator("#password").fill("tin kettle orbit")
    expect(bar).to_have_attribute("data-strength-score", "4")
    expect(bar.locator("[data-strength-word]")).to_have_text(WORDS[4])
    green = bar.locator("[data-strength-segment]").last.evaluate("each => getComputedStyle(each).backgroundColor")

    assert (red, green) == ("rgb(217, 72, 63)", "rgb(29, 143, 95)")
