"""The chat in a real Chromium, beyond asking: ways to begin, going on with an answer, its receipt, half-typed texts."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import ask, messages, screenshot, visitor
from tests.stack import Stack
from tests.streams import tokens

pytestmark = pytest.mark.browser

SIZES = pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
SUGGESTION = "Quiz me on …, one question at a time"


def words_of(page: Page) -> str:
    return " ".join(messages(page).inner_text().split())


@SIZES
def test_a_stopped_answer_is_gone_on_with_and_says_how_it_came_about(
    browser: Browser, stack: Stack, *, phone: bool
) -> None:
    with visitor(browser, stack, phone=phone) as context:
        page = context.new_page()
        page.goto("/")
        composer = page.get_by_role("textbox", name="Message", exact=True)
        page.get_by_role("button", name=SUGGESTION).click()
        expect(composer).to_be_focused()
        screenshot(page, f"begin-{'phone' if phone else 'desktop'}")
        page.keyboard.type("light")
        expect(composer).to_have_value("Quiz me on light, one question at a time")
        composer.fill("")

        ask(page, "What is light? [[tokens=120 rate=40]]")
        expect(messages(page).get_by_text("t9 ")).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        screenshot(page, f"stopped-{'phone' if phone else 'desktop'}")
        messages(page).get_by_role("button", name="Continue").click()
        expect(messages(page).get_by_text("t119")).to_be_visible()
        expect(page.get_by_role("group", name="Version 2 of 2")).to_be_visible()
        # The whole of it, nothing twice: as it was told, and as it is stored.
        assert tokens(120).strip() in words_of(page)
        page.reload()
        expect(messages(page).get_by_text("t119")).to_be_visible()
        assert tokens(120).strip() in words_of(page)

        receipt = messages(page).get_by_role("button", name="How this answer came about")
        receipt.click()
        panel = page.get_by_role("dialog", name="Receipt")
        expect(panel.get_by_text("fake").first).to_be_visible()
        expect(panel.get_by_text("answered")).to_be_visible()
        expect(panel.get_by_text("read,")).to_be_visible()
        screenshot(page, f"receipt-{'phone' if phone else 'desktop'}")
        page.keyboard.press("Escape")
        expect(panel).to_have_count(0)
        expect(receipt).to_be_focused()

        messages(page).get_by_role("button", name="Bad answer").click()
        reason = page.get_by_role("dialog", name="What is wrong with this answer?")
        reason.get_by_role("radio", name="Something is missing").check()
        reason.get_by_role("button", name="Send").click()
        expect(reason).to_have_count(0)
        expect(messages(page).get_by_role("button", name="Bad answer")).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@SIZES
def test_what_is_half_typed_outlives_the_page(browser: Browser, stack: Stack, *, phone: bool) -> None:
    with visitor(browser, stack, phone=phone) as context:
        page = context.new_page()
        page.goto("/")
        ask(page, "What is light? [[tokens=4 rate=0]]")
        expect(messages(page).get_by_text("t3")).to_be_visible()
        page.get_by_role("textbox", name="Message", exact=True).fill("And sound?")
        messages(page).get_by_role("button", name="Edit your message").click()
        edit = messages(page).get_by_role("textbox", name="Your message, another way")
        edit.fill("What is heat? [[tokens=5 rate=0]]")

        # The renderer dies without a word to the page.
        address = page.url
        page.close(run_before_unload=False)
        page = context.new_page()
        other = context.new_page()
        page.goto(address)
        other.goto(address)
        composer = page.get_by_role("textbox", name="Message", exact=True)
        expect(composer).to_have_value("And sound?")
        edit = messages(page).get_by_role("textbox", name="Your message, another way")
        expect(edit).to_have_value("What is heat? [[tokens=5 rate=0]]")

        # Two tabs write the same text, whichever is typed in.
        other.get_by_role("textbox", name="Message", exact=True).fill("And sound, and smell?")
        expect(composer).to_have_value("And sound, and smell?")
        messages(page).get_by_role("button", name="Ask again").click()
        expect(messages(page).get_by_text("t4")).to_be_visible()
        page.reload()
        expect(messages(page).get_by_text("What is heat?")).to_be_visible()
        expect(page.get_by_role("textbox", name="Your message, another way")).to_have_count(0)
        expect(page.get_by_role("textbox", name="Message", exact=True)).to_have_value("And sound, and smell?")
