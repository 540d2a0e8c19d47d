"""Saying what one thinks of an answer, in a real Chromium."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import ask, messages, screenshot, visitor
from tests.stack import Stack

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("look", ["desktop", "phone", "dark"])
def test_what_is_wrong_with_an_answer_is_said_and_kept(browser: Browser, stack: Stack, look: str) -> None:
    with visitor(browser, stack, phone=look == "phone", dark=look == "dark") as context:
        page = context.new_page()
        page.goto("/")
        ask(page, "What is light? [[tokens=20 rate=200]]")
        page.get_by_role("button", name="Bad answer").click()
        dialog = page.get_by_role("dialog", name="What is wrong with this answer?")
        dialog.get_by_role("radio", name="Something is missing").check()
        dialog.get_by_role("textbox", name="In your words").fill("It says nothing of photons.")
        screenshot(page, f"feedback-{look}")
        with page.expect_response(lambda response: "/feedback/" in response.url) as told:
            dialog.get_by_role("button", name="Send").click()
        assert told.value.json()["reason"] == "incomplete"
        expect(dialog).not_to_be_visible()
        page.reload()
        pressed = messages(page).get_by_role("button", name="Bad answer", pressed=True)
        expect(pressed).to_be_visible()
        pressed.click()
        expect(messages(page).get_by_role("button", name="Bad answer", pressed=False)).to_be_visible()
