"""A marker shows the evidence for a fact beside it: who says so, in which words, and where to read them."""

from pathlib import Path

from browsing import broken_now, dressed, visit
from playwright.sync_api import Page, expect

# A topic page of the treaty with facts that have quotations, and such a fact in another language.
PAGE, QUOTED = "bases/", "f/tartus-soviet"


MARKER = f'.md-content a.ref[href$="{QUOTED}/"]'


def test_a_card_shows_the_words_of_the_source(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/{PAGE}")
    page.locator(MARKER).first.click()
    card = page.locator("dialog.card")
    expect(card).to_be_visible()
    expect(card.locator("h2")).to_contain_text("1971")
    expect(card.locator("blockquote[lang=fr]")).to_contain_text("existe depuis 1971")
    expect(card.locator(".translation")).to_contain_text("has existed since 1971")
    expect(card.get_by_role("table")).to_contain_text("against a quotation from the source")
    context = card.get_by_role("link", name="Read in context")
    assert "#:~:text=la%20base%20logistique%20de," in (context.get_attribute("href") or "")
    source = card.get_by_role("link", name="Open the source")
    assert source.get_attribute("data-versiondate") == "2026-11-29"
    assert source.get_attribute("data-originalurl") == source.get_attribute("href")
    card.get_by_role("link", name="Open this fact").click()
    page.wait_for_url(f"**/{QUOTED}/")


def test_a_card_is_opened_and_closed_by_keyboard(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/{PAGE}")
    marker = page.locator(MARKER).first
    assert marker.get_attribute("aria-haspopup") == "dialog"
    marker.press("Enter")
    card = page.get_by_role("dialog", name="Sputnik Afrique")
    expect(card).to_be_visible()
    assert page.evaluate("document.activeElement.closest('dialog.card') !== null")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(marker).to_be_focused()


def test_a_card_closes_with_its_button_and_outside_it(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/{PAGE}")
    card = page.locator("dialog.card")
    page.locator(MARKER).first.click()
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_count(0)
    page.locator(MARKER).first.click()
    expect(card).to_be_visible()
    page.mouse.click(3, 3)
    expect(card).to_have_count(0)


def test_with_another_key_the_marker_is_a_link(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/{PAGE}")
    with page.context.expect_page() as opened:
        page.locator(MARKER).first.click(modifiers=["ControlOrMeta"])
    opened.value.wait_for_url(f"**/{QUOTED}/")


def test_without_scripts_the_marker_is_a_link(addresses: dict[str, str], page_without_scripts: Page) -> None:
    page = page_without_scripts
    page.goto(f"{addresses['treaty']}/{PAGE}")
    page.locator(MARKER).first.click()
    page.wait_for_url(f"**/{QUOTED}/")
    assert page.locator("blockquote[lang=fr]").is_visible()


def test_if_the_fact_cannot_be_loaded_the_marker_is_a_link(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/{PAGE}")
    page.route(
        f"**/{QUOTED}/", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_()
    )
    page.locator(MARKER).first.click()
    page.wait_for_url(f"**/{QUOTED}/")


def test_accessibility_of_a_card(addresses: dict[str, str], page: Page) -> None:
    visit(f"{addresses['treaty']}/{PAGE}", page, 390, "light")
    page.locator(MARKER).first.click()
    page.wait_for_selector("dialog.card[data-shown]")
    for width in (320, 1400):
        for _ in dressed(page, width):
            box = page.evaluate(
                "(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.querySelector('dialog.card'))"
            )
            assert box[0] <= box[1] <= width
            assert broken_now(page, among="dialog") == {}


def test_a_site_on_disk_has_links(sites: dict[str, Path], page: Page) -> None:
    page.goto(f"{(sites['treaty'] / PAGE / 'index.html').as_uri()}")
    page.locator('.md-content a.ref[href$="tartus-soviet/index.html"]').first.click()
    page.wait_for_url("**/f/tartus-soviet/index.html")


def test_a_double_click_opens_one_card(addresses: dict[str, str], page: Page) -> None:
    page.goto(f"{addresses['treaty']}/{PAGE}")
    page.locator(MARKER).first.dblclick()
    card = page.locator("dialog.card")
    expect(card).to_be_visible()
    assert page.evaluate("document.querySelector('dialog.card').matches(':modal')")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)


def test_words_in_a_card_can_be_selected(addresses: dict[str, str], page: Page) -> None:
    """A click on its edge, or a selection that ends outside, does not close it."""
    page.goto(f"{addresses['treaty']}/{PAGE}")
    page.locator(MARKER).first.click()
    card = page.locator("dialog.card")
    expect(card).to_be_visible()
    box = card.bounding_box()
    assert box
    page.mouse.click(box["x"] + 4, box["y"] + 40)
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] - 30)
    page.mouse.up()
    expect(card).to_be_visible()
