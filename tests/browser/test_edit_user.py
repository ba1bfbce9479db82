"""The dialog in which an administrator edits somebody."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.people import at_list, edit, menu, row, sent, told


def test_t50_e7_e8_a_click_loads_the_person_and_the_first_field_has_the_focus(page, site):
    """E7, E8, T50; also when the answer is slower than the dialog."""
    who = site.person(email="loaded@example.com", username="loadedname")
    at_list(page, site, "?q=loaded")
    page.route("**/edit_user?*", lambda route: (page.wait_for_timeout(600), route.continue_()))

    dialog = edit(page, who)

    expect(dialog.get_by_label("Email to sign in with")).to_have_value("loaded@example.com")
    expect(dialog.get_by_label("Username")).to_have_value("loadedname")
    expect(dialog.get_by_label("Role")).to_have_value("user")
    expect(dialog.locator("[data-picture-show]")).to_have_attribute("data-initials", "L")


def test_t51_what_is_wrong_stands_at_its_field_and_has_the_focus(page, site):
    """T51."""
    who = site.person(email="wrong-site@example.com")
    at_list(page, site, "?q=wrong-site")
    dialog = edit(page, who)

    dialog.get_by_label("Website").fill("javascript:alert(1)")
    dialog.get_by_role("button", name="Save changes").click()

    field = dialog.get_by_label("Website")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Enter a web address, like https://example.com.")


def test_t52_e8_submit_saves_by_put_and_only_what_was_changed(page, site):
    """E8, T52: the row changes in its place and the focus is back where it was."""
    who = site.person(email="saved@example.com")
    at_list(page, site, "?q=saved")
    asked = sent(page, "PUT")
    dialog = edit(page, who)

    dialog.get_by_label("Full name").fill("Grace Hopper")
    dialog.get_by_label("About").fill("Compilers")
    dialog.get_by_label("About").press("Control+Home")
    dialog.get_by_role("button", name="Save changes").click()

    expect(dialog).to_be_hidden()
    expect(row(page, who).get_by_role("link", name="Grace Hopper", exact=True)).to_be_visible()
    expect(row(page, who).get_by_role("link", name="Edit").first).to_be_focused()
    expect(page.get_by_role("region", name="Notifications")).to_contain_text("Grace Hopper is saved.")
    body = asked[0].post_data_json or {}
    assert body.pop("version") is not None
    assert body == {"id": who.id, "profile": {"full_name": "Grace Hopper", "bio": "Compilers"}}


def test_t52_opened_from_the_menu_the_focus_goes_back_to_the_menu(page, site):
    """T52."""
    who = site.person(email="from-menu@example.com")
    at_list(page, site, "?q=from-menu")

    menu(page, who, "Edit…")
    expect(page.get_by_role("dialog").get_by_label("Full name")).to_be_focused()
    page.keyboard.press("Escape")

    expect(row(page, who).get_by_role("button", name="More for")).to_be_focused()


def test_t53_e7_an_address_that_is_taken_is_said_while_typing_and_when_sent(page, site):
    """E7, E8, T53: the live check leaves the person's own address out."""
    site.person(email="taken-already@example.com")
    who = site.person(email="wants-it@example.com")
    at_list(page, site, "?q=wants-it")
    dialog = edit(page, who)
    field = dialog.get_by_label("Email to sign in with")

    field.fill("taken-already@example.com")
    expect(dialog.get_by_text("This email already has an account.")).to_be_visible()
    dialog.get_by_role("button", name="Save changes").click()

    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()


def test_t54_somebody_elses_change_is_not_overwritten(page, site):
    """T54."""
    who = site.person(email="stale@example.com")
    at_list(page, site, "?q=stale")
    dialog = edit(page, who)
    told(page, site, "PUT", "/edit_user", {"id": who.id, "username": "otherhand"})

    dialog.get_by_label("Full name").fill("Too Late")
    dialog.get_by_role("button", name="Save changes").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Someone else changed this user.")
    dialog.get_by_role("button", name="Load their changes").click()

    expect(dialog.get_by_label("Username")).to_have_value("otherhand")
    expect(dialog.get_by_label("Full name")).to_have_value("")
    expect(dialog.get_by_label("Full name")).to_be_focused()


def test_t55_t56_closing_with_changes_asks_and_without_does_not(page, site):
    """T55, T56."""
    who = site.person(email="discarded@example.com")
    at_list(page, site, "?q=discarded")
    asked = []

    def stay(question):
        asked.append(question.message)
        question.dismiss()

    page.once("dialog", stay)
    dialog = edit(page, who)
    dialog.get_by_label("Full name").fill("Half")
    dialog.get_by_label("Phone").fill("1")

    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    expect(dialog).to_be_visible()
    assert asked == ["Discard 2 changes?"]

    page.once("dialog", lambda question: question.accept())
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    edit(page, who)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_t57_a_person_who_is_gone_is_said_and_nothing_opens(page, site):
    """T57."""
    who = site.person(email="vanished@example.com")
    at_list(page, site, "?q=vanished")
    told(page, site, "DELETE", f"/delete_user?id={who.id}")

    row(page, who).get_by_role("link", name="Edit").first.click()

    expect(page.get_by_role("region", name="Notifications").get_by_role("paragraph")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_role_of_administrator_is_warned_of(page, site):
    who = site.person(email="promoted@example.com", roles=("user",))
    at_list(page, site, "?q=promoted")
    dialog = edit(page, who)

    dialog.get_by_label("Role").select_option("admin")
    expect(dialog.get_by_text("An administrator can see, change and delete everybody here.")).to_be_visible()
    dialog.get_by_role("button", name="Save changes").click()

    expect(row(page, who).get_by_role("cell", name="Admin", exact=True)).to_be_visible()
