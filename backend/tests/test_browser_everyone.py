"""The page without eyes or without a mouse, and as somebody wants to have it, in a real Chromium."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from fake_provider.directive import answer_option
from tests.browser import answer, ask, messages, visitor
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser
SENTENCES = [
    "Light falls on a leaf.",
    "Chlorophyll takes up the red and the blue of it!",
    "What is left over?",
    "It is green, and that is what we see.",
    "Water is split in the thylakoids.",
    "Sugar is made in the stroma, without any light.",
]
SPOKEN = """() => {
  window.spoken = [];
  new MutationObserver(() => {
    const text = document.querySelector("p[aria-live]")?.textContent ?? "";
    if (text && text !== spoken.at(-1)?.text) spoken.push({ text, at: performance.now() });
  }).observe(document, { subtree: true, childList: true, characterData: true });
}"""
BETWEEN_MS = 1_500
SHOWN_MS = 1_000  # what is written into the page is seen a little later


def test_a_streamed_answer_is_heard_in_sentences(browser: Browser, stack: Stack) -> None:
    text = " ".join(SENTENCES)
    with visitor(browser, stack) as context:
        page = context.new_page()
        page.add_init_script(f"({SPOKEN})()")
        page.goto("/")
        tree = Tree(page)
        ask(page, f"What is light? [[{answer_option(text)} rate=8]]")
        expect(answer(page)).to_contain_text("Light falls")
        assert "busy" in tree.properties_of("article", last=True)
        expect(messages(page).get_by_role("button", name="Copy answer")).to_be_visible()
        assert "busy" not in tree.properties_of("article", last=True)
        assert text in tree.text()

        def spoken() -> list[dict[str, Any]]:
            return list(page.evaluate("spoken"))

        wait_until(lambda: "The answer is complete." in spoken()[-1]["text"], what="the end is said")
        said = [entry["text"] for entry in spoken()]
        assert " ".join(said) == f"Lamla is answering. {text} The answer is complete."
        assert len(said) > 3
        assert all(re.search(r"[.!?]$", part) for part in said)
        times = [entry["at"] for entry in spoken()]
        assert (len(times) - 1) * BETWEEN_MS <= times[-1] - times[0] + SHOWN_MS


class Tree:
    """What a screen reader is given of the page: Chromium's tree of accessible nodes."""

    def __init__(self, page: Page) -> None:
        self._devtools = page.context.new_cdp_session(page)

    def _nodes(self) -> list[dict[str, Any]]:
        nodes = self._devtools.send("Accessibility.getFullAXTree")["nodes"]
        return [node for node in nodes if not node["ignored"]]

    def properties_of(self, role: str, *, last: bool) -> set[str]:
        """The names of the properties that hold of the last node of this role."""
        found = [node for node in self._nodes() if node["role"]["value"] == role]
        return {entry["name"] for entry in found[-1 if last else 0]["properties"] if entry["value"].get("value")}

    def text(self) -> str:
        parts = [node["name"]["value"] for node in self._nodes() if node["role"]["value"] == "StaticText"]
        return re.sub(r"\s+", " ", " ".join(parts))


FOCUS = """() => {
  const here = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(here);
  const { top, bottom, left, right } = here.getBoundingClientRect();
  return {
    name: here.getAttribute("aria-label") ?? here.textContent.trim(),
    isBody: here === document.body,
    // The frame around a field shows its focus, too.
    isSeen: (outlineStyle !== "none" && outlineWidth !== "0px") || here.matches("input, textarea"),
    isInWindow: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
  };
}"""


def focus(page: Page) -> dict[str, Any]:
    return dict(page.evaluate(FOCUS))


def test_everything_works_by_keyboard_alone(browser: Browser, stack: Stack) -> None:
    with visitor(browser, stack) as context:
        page = context.new_page()
        page.goto("/")
        field = page.get_by_role("textbox", name="Message")
        for question in ("What is water?", "What is light?"):
            page.goto("/")
            ask(page, f"{question} [[tokens=5]]")
            expect(messages(page).get_by_role("button", name="Copy answer")).to_be_visible()
        from_the_top(page)
        page.keyboard.press("Tab")
        assert focus(page)["name"] == "Skip to the page"
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        walk_with_tab(page)
        menus_and_dialogs_give_the_focus_back(page, field)
        shortcuts_act_and_leave_what_is_typed_alone(page, field)


def from_the_top(page: Page) -> None:
    """As after the page has been loaded: the next Tab goes to its first stop."""
    page.evaluate("() => { document.body.tabIndex = -1; document.body.focus(); }")


def walk_with_tab(page: Page) -> None:
    """Once around: each stop is seen, and in the window."""
    from_the_top(page)
    names: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        here = focus(page)
        if here["isBody"] or (names and here["name"] == names[0]):
            break
        assert here["isSeen"], here
        assert here["isInWindow"], here
        names.append(here["name"])
    wanted = ["Skip to the page", "New chat", "Library", "Search your chats", "Settings", "Copy answer", "Message"]
    assert [name for name in names if name in wanted] == wanted


def menus_and_dialogs_give_the_focus_back(page: Page, field: Locator) -> None:
    settings = page.get_by_role("button", name="Settings", exact=True)
    settings.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(settings).to_be_focused()
    bad = page.get_by_role("button", name="Bad answer")
    bad.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(bad).to_be_focused()
    field.focus()
    for keys, name in (("Control+k", "Find or do"), ("Control+/", "Keyboard shortcuts")):
        page.keyboard.press(keys)
        expect(page.get_by_role("dialog", name=name)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(field).to_be_focused()


def shortcuts_act_and_leave_what_is_typed_alone(page: Page, field: Locator) -> None:
    page.keyboard.press("Control+Shift+c")
    expect(page.get_by_text("The answer is copied.", exact=True)).to_be_visible()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("heading", name="What is water?")).to_be_visible()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.get_by_role("heading", name="What is light?")).to_be_visible()
    expect(field).to_be_focused()
    page.keyboard.type("n?/")
    expect(field).to_have_value("n?/")
    page.keyboard.press("Control+Shift+e")
    editor = page.get_by_role("textbox", name="Your message, another way")
    expect(editor).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Edit your message")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search your chats")).to_be_focused()
    page.keyboard.press("Control+b")
    expect(page.get_by_role("searchbox")).to_have_count(0)
    page.keyboard.press("Control+b")
    # The palette: found by its words, done by Enter, and the focus goes where it leads.
    page.keyboard.press("Control+k")
    page.keyboard.type("write mess")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.press("Control+,")
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    page.get_by_role("heading", name="Settings", exact=True).click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("group", name="Shortcuts of a single key").get_by_role("radio", name="Off").check()
    page.keyboard.press("n")
    page.keyboard.press("Control+Shift+o")
    expect(page.get_by_role("heading", name="What are you studying?")).to_be_visible()


# Set in a document as soon as it has a body: before anything can be painted.
EARLY = """() => {
  const observer = new MutationObserver(() => {
    if (!document.body) return;
    observer.disconnect();
    window.early = { ...document.documentElement.dataset };
  });
  observer.observe(document, { childList: true, subtree: true });
}"""


def test_choices_are_kept_in_all_tabs_and_stand_before_the_first_paint(browser: Browser, stack: Stack) -> None:
    with visitor(browser, stack) as context:
        page, other = context.new_page(), context.new_page()
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        other.goto("/")
        page.goto("/settings")
        for name in ("Dark", "High", "Reduced", "Dyslexia-friendly", "125%"):
            page.get_by_role("radio", name=name, exact=True).check()
        assert not [url for url in fetched if "/fr-" in url]
        page.get_by_role("radio", name="Français").click()
        expect(page.get_by_role("heading", name="Réglages")).to_be_visible()
        expect(other.get_by_text("Qu’étudiez-vous ?")).to_be_visible()
        chosen = {
            "theme": "dark",
            "contrast": "high",
            "motion": "reduced",
            "reading": "easy",
            "textSize": "larger",
        }
        assert other.evaluate("({ ...document.documentElement.dataset })") == chosen
        style = "getComputedStyle(document.body)"
        assert other.evaluate(f"{style}.backgroundColor") == "rgb(0, 0, 0)"
        assert other.evaluate(f"parseFloat({style}.letterSpacing) > 0.5")
        assert other.evaluate(f"parseFloat({style}.getPropertyValue('--motion'))") == 0
        page.add_init_script(f"({EARLY})()")
        page.reload()
        expect(page.get_by_role("heading", name="Réglages")).to_be_visible()
        assert page.evaluate("early") == chosen
        assert page.evaluate("document.documentElement.lang") == "fr"
