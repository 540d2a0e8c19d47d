"""Other answers and other questions in a real Chromium: asked for, kept, and gone through."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser import ask, messages, screenshot, visitor
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_answers_left")]
WAVE = "Light is an **electromagnetic wave**. In a vacuum it travels at 299,792 km/s, whatever its colour."
PACKETS = """Light comes in packets, called **photons**. Each has an energy in proportion to its frequency:

$$E = h f$$

- Red light has the lower frequency, so each photon carries less.
- Blue light carries more: enough to free an electron from some metals."""
COLOUR = "The colour of light is its **wavelength**: about 700 nm for red, 400 nm for violet."


@pytest.fixture(params=["desktop", "phone", "dark"])
def context(request: pytest.FixtureRequest, browser: Browser, stack: Stack) -> Iterator[BrowserContext]:
    with visitor(browser, stack, phone=request.param == "phone", dark=request.param == "dark") as context:
        yield context


def article(page: Page, text: str) -> Locator:
    """The message that says so."""
    return messages(page).get_by_role("article").filter(has_text=text)


def press(page: Page, name: str, *, of: str) -> None:
    """Press a button of the message that says `of`, as a finger or a pointer does."""
    target = article(page, of).get_by_role("button", name=name)
    target.hover()
    target.click()


def test_answers_and_questions_have_versions_that_can_be_gone_through(
    context: BrowserContext, stack: Stack, request: pytest.FixtureRequest
) -> None:
    look = request.node.callspec.params["context"]
    stack.provider.queue(WAVE, PACKETS, COLOUR)
    page = context.new_page()
    page.goto("/")
    ask(page, "What is light?")
    press(page, "Answer again", of="electromagnetic wave")
    expect(messages(page)).to_contain_text("free an electron")
    expect(article(page, "photons").get_by_role("group", name="Version 2 of 2")).to_be_visible()
    screenshot(page, f"versions-{look}")

    press(page, "Previous version", of="photons")
    expect(article(page, "electromagnetic wave").get_by_role("group", name="Version 1 of 2")).to_be_visible()

    press(page, "Edit your message", of="What is light?")
    field = page.get_by_role("textbox", name="Your message, another way")
    expect(field).to_be_focused()
    field.fill("What is the colour of light?")
    screenshot(page, f"edit-{look}")
    page.get_by_role("button", name="Ask again").click()
    expect(messages(page)).to_contain_text("400 nm for violet")
    expect(article(page, "colour of light?").get_by_role("group", name="Version 2 of 2")).to_be_visible()
    screenshot(page, f"edited-{look}")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    # What was chosen is kept, also the version of the answer within the version of the question.
    press(page, "Previous version", of="colour of light?")
    expect(article(page, "What is light?").get_by_role("group", name="Version 1 of 2")).to_be_visible()
    page.reload()
    expect(article(page, "What is light?").get_by_role("group", name="Version 1 of 2")).to_be_visible()


def test_what_is_pressed_stays_in_its_place_while_versions_change(browser: Browser, stack: Stack) -> None:
    with visitor(browser, stack) as context:
        page = context.new_page()
        page.goto("/")
        ask(page, "[[tokens=900 rate=0]]")
        expect(messages(page)).to_contain_text("t899")
        stack.provider.queue("\n\n".join(["A long answer."] * 60), "A short one.")
        ask(page, "What is light?")
        press(page, "Answer again", of="A long answer.")
        expect(messages(page)).to_contain_text("A short one.")
        ask(page, "And more? [[tokens=600 rate=0]]")
        expect(messages(page)).to_contain_text("t599")
        press(page, "Previous version", of="A short one.")
        button = article(page, "A long answer.").get_by_role("button", name="Next version")
        before = button.bounding_box()
        button.click()
        expect(messages(page)).to_contain_text("t599")
        after = article(page, "A short one.").get_by_role("button", name="Next version").bounding_box()
        assert before
        assert after
        assert abs(before["y"] - after["y"]) < 2


def test_a_keyboard_alone_edits_and_goes_through_versions(browser: Browser, stack: Stack) -> None:
    with visitor(browser, stack) as context:
        page = context.new_page()
        stack.provider.queue("Air that swings.", "Heat is motion.")
        page.goto("/")
        ask(page, "What is sound?")
        expect(messages(page)).to_contain_text("Air that swings.")
        pencil = page.get_by_role("button", name="Edit your message")
        expect(pencil).to_be_enabled()
        pencil.focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Control+A")
        page.keyboard.type("What is heat?")
        page.keyboard.press("Enter")
        expect(messages(page)).to_contain_text("Heat is motion.")
        expect(page.get_by_role("textbox", name="Message", exact=True)).to_be_focused()
        previous = page.get_by_role("button", name="Previous version")
        expect(previous).to_be_enabled()
        previous.focus()
        page.keyboard.press("Enter")
        expect(messages(page)).to_contain_text("Air that swings.")
        expect(previous).to_be_focused()
