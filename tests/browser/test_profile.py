"""One's own profile in a browser: the dialog that edits it, and its photo on the FTP server (T70 to T74)."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.support.pictures import picture

DASHBOARD = {"IDENTITY_FRESH_FOR": "1"}
EIGHT = {
    "full_name": "Ada Lovelace",
    "bio": "Engines that do more than arithmetic.",
    "address": "12 St James's Square, London",
    "zipcode": "SW1Y 4JH",
    "phone": "+44 20 7946 0018",
    "email": "hello@ada.example.com",
    "website": "https://ada.example.com",
}


@pytest.fixture
def me(page, site):
    """Somebody who is signed in and looks at their profile."""
    who = site.sign_in(page)
    page.goto("/profile")
    return who


@pytest.fixture
def dialog(page, me):
    """The dialog of the profile, open and filled."""
    return opened(page)


def opened(page):
    page.get_by_role("link", name="Edit profile").click()
    found = page.get_by_role("dialog", name="Edit profile")
    expect(found.get_by_label("Full name")).to_be_focused()
    return found


def saved(page):
    return page.request.get("/edit_user", headers={"Accept": "application/json"}).json()["response"]["user"]


def save(dialog):
    dialog.get_by_role("button", name="Save profile").click()


def file(kind="PNG", name="me.png", mime="image/png", **more):
    return {"name": name, "mimeType": mime, "buffer": picture(kind, **more)}


def test_all_fields_are_saved_from_the_dialog_E3_E7_T70(page, dialog):
    for name, text in EIGHT.items():
        dialog.locator(f"[name='profile.{name}']").fill(text)
    expect(dialog.get_by_text("37 of 2,000 characters")).to_be_visible()
    save(dialog)
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("link", name="Edit profile")).to_be_focused()
    expect(page.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
    link = page.get_by_role("link", name="ada.example.com", exact=True)
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    assert {name: saved(page)["profile"][name] for name in EIGHT} == EIGHT


@pytest.mark.parametrize(("kind", "name"), [("PNG", "me.png"), ("JPEG", "me.jpg"), ("WEBP", "me.webp")])
def test_a_photo_is_looked_at_sent_to_the_ftp_server_and_shown_E10_T71(page, dialog, kind, name):
    dialog.get_by_label("Photo", exact=True).set_input_files(file(kind, name, f"image/{kind.lower()}"))
    expect(dialog.locator("[data-picture-show] img")).to_have_attribute("src", re.compile("^data:image/"))
    save(dialog)
    shown = page.locator(".fi-cover-face img")
    expect(shown).to_be_visible()
    assert shown.evaluate("async (img) => { await img.decode(); return img.naturalWidth; }") > 0
    profile = saved(page)["profile"]
    assert profile["image"].startswith("ftp://127.0.0.1:")
    assert "@" not in profile["image"]
    page.reload()
    expect(shown).to_have_attribute("src", profile["image_url"])


def test_a_photo_is_removed_again(page, dialog):
    dialog.get_by_label("Photo", exact=True).set_input_files(file())
    save(dialog)
    expect(page.locator(".fi-cover-face img")).to_be_visible()
    page.get_by_role("link", name="Change photo").click()
    expect(dialog.get_by_label("Photo", exact=True)).to_be_focused()
    dialog.get_by_role("button", name="Remove photo").click()
    save(dialog)
    expect(page.locator(".fi-cover-face img")).to_have_count(0)
    assert saved(page)["profile"]["image"] is None


def test_what_is_no_picture_or_too_large_is_said_before_it_is_sent_T72(page, dialog):
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    photo = dialog.get_by_label("Photo", exact=True)
    photo.set_input_files({"name": "me.txt", "mimeType": "text/plain", "buffer": b"hello"})
    expect(dialog.get_by_text("Choose a PNG, JPEG or WebP picture.")).to_be_visible()
    photo.set_input_files({"name": "me.png", "mimeType": "image/png", "buffer": b"x" * (5 * 1024 * 1024 + 1)})
    expect(dialog.get_by_text("Choose a picture of at most 5 MB.")).to_be_visible()
    assert "PUT" not in sent


def test_a_file_that_only_has_the_name_of_a_picture_is_refused_at_its_field_T72(page, dialog):
    dialog.get_by_label("Full name").fill("Not Saved")
    fake = {"name": "me.png", "mimeType": "image/png", "buffer": b"<svg onload='alert(1)'/>"}
    dialog.get_by_label("Photo", exact=True).set_input_files(fake)
    save(dialog)
    expect(dialog.get_by_role("alert")).to_contain_text("no picture that can be used")
    assert saved(page)["profile"]["full_name"] is None


def test_a_photo_may_be_dropped_and_chosen_by_keyboard_T74(page, me):
    # Before anything else: a chooser that opens before the browser was told to hand it over is never seen.
    page.on("filechooser", lambda chooser: chooser.set_files(file()))
    dialog = opened(page)
    dialog.get_by_label("Photo", exact=True).press("Space")
    expect(dialog.locator("[data-picture-show] img")).to_be_visible()
    dialog.get_by_role("button", name="Remove photo").click()
    expect(dialog.locator("[data-picture-show] img")).to_have_count(0)
    data = page.evaluate_handle(
        "(bytes) => { const data = new DataTransfer();"
        " data.items.add(new File([new Uint8Array(bytes)], 'me.png', {type: 'image/png'})); return data; }",
        list(picture()),
    )
    zone = dialog.get_by_label("Photo", exact=True)
    zone.dispatch_event("dragenter", {"dataTransfer": data})
    expect(dialog.locator(".fi-drop[data-over]")).to_be_visible()
    zone.dispatch_event("drop", {"dataTransfer": data})
    # A made event has no default action; a real drop lets the browser set the files.
    zone.evaluate("(input, data) => { input.files = data.files; input.dispatchEvent(new Event('change')); }", data)
    expect(dialog.locator("[data-picture-show] img")).to_be_visible()


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost_T07(page, dialog):
    dialog.get_by_label("Full name").fill("Ada")
    dialog.get_by_label("Website").fill("javascript:alert(1)")
    save(dialog)
    website = dialog.get_by_label("Website")
    expect(website).to_be_focused()
    expect(website).to_have_attribute("aria-invalid", "true")
    expect(dialog.locator("[data-field='profile.website'] [data-error]")).to_contain_text("Enter a web address")
    expect(dialog.get_by_label("Full name")).to_have_value("Ada")


def test_an_address_that_is_taken_is_seen_while_it_is_typed(page, dialog, site):
    other = site.person()
    email = dialog.get_by_label("Email to sign in with")
    email.fill("")
    email.press_sequentially(other.email)
    expect(dialog.get_by_text("This email already has an account.")).to_be_visible()


def test_another_address_asks_for_the_password_and_comes_back_with_what_was_typed_T86(page, dialog, me):
    page.wait_for_timeout(2100)  # past FRESH_FOR
    new = f"new.{me.email}"
    dialog.get_by_label("Email to sign in with").fill(new)
    dialog.get_by_label("Full name").fill("Ada Byron")
    save(dialog)
    page.wait_for_url("**/verify?next=*")
    page.get_by_label("Password", exact=True).fill(me.password)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/profile")
    expect(dialog.get_by_label("Email to sign in with")).to_have_value(new)
    save(dialog)
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    assert (saved(page)["email"], saved(page)["profile"]["full_name"]) == (new, "Ada Byron")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_T54(page, dialog):
    headers = {"Content-Type": "application/json", "Origin": page.url.rpartition("/")[0]}
    page.request.put("/edit_user", data=json.dumps({"profile": {"full_name": "Elsewhere"}}), headers=headers)
    dialog.get_by_label("Full name").fill("Here")
    save(dialog)
    expect(dialog.get_by_role("alert")).to_contain_text("changed elsewhere meanwhile")
    dialog.get_by_role("button", name="Load it anew").click()
    expect(dialog.get_by_label("Full name")).to_have_value("Elsewhere")


def answering(page, *answers):
    """The questions the page will have asked; each gets the next answer."""
    asked: list[str] = []

    def answer(question):
        asked.append(question.message)
        getattr(question, answers[len(asked) - 1])()

    page.on("dialog", answer)
    return asked


def test_changes_are_not_thrown_away_without_a_question_T55(page, dialog):
    asked = answering(page, "dismiss", "accept")
    dialog.get_by_label("Full name").fill("Half")
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Photo", exact=True).set_input_files(file())
    expect(dialog.locator("[data-picture-show] img")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    assert asked == ["Discard 1 change?", "Discard 2 changes?"]


def test_a_photo_alone_is_a_change_that_is_asked_for_T55(page, dialog):
    """Also its removal, which is in no field."""
    asked = answering(page, "dismiss", "dismiss")
    dialog.get_by_label("Photo", exact=True).set_input_files(file())
    page.keyboard.press("Escape")
    save(dialog)
    expect(page.locator(".fi-cover-face img")).to_be_visible()

    opened(page).get_by_role("button", name="Remove photo").click()
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[data-picture-show] img")).to_have_count(0)
    assert asked == ["Discard 1 change?"] * 2


def test_everything_works_without_scripts(browser, dashboard, site):
    context = browser.new_context(base_url=dashboard, java_script_enabled=False)
    page = context.new_page()
    site.sign_in(page)
    page.goto("/profile")
    page.get_by_role("link", name="Edit profile").click()
    page.get_by_label("Full name").fill("No Scripts")
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_role("heading", name="No Scripts")).to_be_visible()
    context.close()
