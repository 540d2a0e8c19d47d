"""Every screen in a real Chromium, by axe, mirrored, enlarged, and under a finger."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from apps.documents.tests import sample_files
from tests.accounts import sign_up
from tests.axe import Audit
from tests.browser import PHONE, answer, ask, messages, visitor
from tests.reflow import NARROW, small_targets, strays
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_answers_left")]
QUOTE = "Water is split in the thylakoid membrane, and oxygen is set free."
QUESTION = "Where does oxygen come from?"
RICH = f"""## Leaves

{QUOTE} [1] The moon is made of *cheese*. [1]

| Part | Work |
|---|---|
| stroma | sugar |

```python
print("oxygen")
```

1. Light falls on $E = h \\nu$.
2. See [the source](https://example.org/leaves).
"""


@pytest.fixture
def leaves(tmp_path: Path) -> Path:
    file = tmp_path / "leaves.pdf"
    file.write_bytes(sample_files.text_pdf([QUOTE, "Sugar is made in the stroma."]))
    return file


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def close(page: Page) -> None:
    """What is open on top: a menu, a dialog, a sheet."""
    page.keyboard.press("Escape")


def left_of(place: Locator) -> float:
    box = place.bounding_box()
    assert box
    return box["x"]


class Walk:
    """From screen to screen: each is looked at by axe, and must keep within the window, mirrored and narrow as well."""

    def __init__(self, page: Page, *, phone: bool) -> None:
        self.page = page
        self.phone = phone
        self.audit = Audit(page)
        self.faults = self.audit.faults

    def look(self, screen: str) -> None:
        self.audit.look(screen)
        self._keeps_within(screen)
        if self.phone:
            self.faults += [f"{screen}, too small: {target}" for target in small_targets(self.page)]
        self._mirror(True)
        self._keeps_within(f"{screen}, mirrored")
        if self.phone:
            self._enlarge()
            self._keeps_within(f"{screen}, mirrored, enlarged")
        self._mirror(False)
        if self.phone:
            self._keeps_within(f"{screen}, enlarged")
            self._usual()

    def _mirror(self, mirrored: bool) -> None:
        self.page.evaluate("(dir) => { document.documentElement.dir = dir; }", "rtl" if mirrored else "ltr")

    def _enlarge(self) -> None:
        """To 400 % of a desk's window, with larger text and more room between letters: WCAG 1.4.4, 1.4.10, 1.4.12."""
        self.page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a plain dict
        self.page.evaluate("Object.assign(document.documentElement.dataset, { reading: 'easy', textSize: 'larger' })")

    def _usual(self) -> None:
        self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a plain dict
        self.page.evaluate("['reading', 'textSize'].forEach((name) => delete document.documentElement.dataset[name])")

    def look_at_sides(self) -> None:
        """Mirrored, what was at the left is at the right, and what points along the line points the other way."""
        sides = {mirrored: self._sides(mirrored) for mirrored in (False, True)}
        panel = self.page.get_by_role("button", name="Hide conversations").locator("svg")
        assert panel.evaluate("(icon) => getComputedStyle(icon).transform") == "matrix(-1, 0, 0, 1, 0, 0)"
        self._mirror(False)
        assert all(one < other for one, other in sides[False]), sides
        assert all(one > other for one, other in sides[True]), sides

    def _sides(self, mirrored: bool) -> list[tuple[float, float]]:
        """Pairs of which the first one comes first in reading, each by its place from the left."""
        self._mirror(mirrored)
        settings = self.page.get_by_role("button", name="Settings", exact=True)
        pairs = [
            (settings, self.page.get_by_role("textbox", name="Message")),
            (self.page.get_by_role("button", name="Add files"), self.page.get_by_role("button", name="Send")),
            (messages(self.page).get_by_role("button", name="Copy answer").first, self.page.get_by_text(QUESTION).last),
        ]
        return [(left_of(one), left_of(other)) for one, other in pairs]

    def _keeps_within(self, screen: str) -> None:
        self.faults += [f"{screen}: {stray}" for stray in strays(self.page)]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_every_screen_is_for_everybody(browser: Browser, stack: Stack, leaves: Path, phone: bool) -> None:
    with visitor(browser, stack, phone=phone) as context:
        page = context.new_page()
        walk = Walk(page, phone=phone)
        look_at_the_library(page, walk, leaves)
        look_at_the_chat(page, walk, stack)
        look_at_the_list(page, walk)
        look_at_settings_and_palette(page, walk)
        look_at_sign_in(page, walk)
        look_at_an_account(context, page, walk, stack, email=f"axe-{'phone' if phone else 'desktop'}@example.org")
        assert walk.faults == [], "\n".join(walk.faults)


def look_at_the_library(page: Page, walk: Walk, leaves: Path) -> None:
    page.goto("/library")
    expect(page.get_by_text("Your slides, notes and papers belong here.")).to_be_visible()
    walk.look("library, empty")
    press(page, "New course")
    walk.look("course dialog")
    page.get_by_role("dialog").get_by_label("Name").fill("Botany")
    press(page, "Create")
    expect(page.get_by_role("button", name="Botany", exact=True)).to_have_attribute("aria-pressed", "true")
    page.locator("input[type=file][multiple]").set_input_files(leaves)
    row = page.get_by_role("list", name="Files", exact=True).get_by_role("listitem").filter(has_text="leaves.pdf")
    expect(row).to_contain_text("2 pages read")
    walk.look("library, with a file")
    press(page, "Actions for leaves.pdf")
    walk.look("menu of a file")
    close(page)


def look_at_the_chat(page: Page, walk: Walk, stack: Stack) -> None:
    page.goto("/")
    expect(page.get_by_role("textbox", name="Message")).to_be_visible()
    walk.look("chat, empty")
    press(page, "Choose a course")
    walk.look("menu of courses")
    page.get_by_role("menuitemradio", name="Botany").click()
    stack.provider.queue(RICH)
    ask(page, QUESTION)
    expect(messages(page).get_by_role("button", name="Copy answer")).to_be_visible()
    walk.look("chat, with an answer")
    if not walk.phone:
        walk.look_at_sides()
    page.get_by_role("button", name="Open passage 1").first.click()
    expect(page.get_by_role("heading", name="Sources")).to_be_visible()
    walk.look("sources")
    page.get_by_role("tab", name="Text").click()
    walk.look("sources, text")
    close(page)
    press(page, "Bad answer")
    walk.look("feedback dialog")
    close(page)
    press(page, "How this answer came about")
    walk.look("receipt")
    close(page)
    press(page, "Actions for this chat")
    walk.look("menu of the open conversation")
    page.get_by_role("menuitem", name="Share").click()
    press(page, "Make a link")
    address = page.get_by_role("dialog").get_by_role("textbox", name="Link")
    expect(address).to_be_visible()
    walk.look("share dialog")
    shared = address.input_value()
    close(page)
    ask(page, "And sugar? [[tokens=4000 rate=20]]")
    expect(answer(page)).to_contain_text("t3 ")
    walk.look("chat, streaming")
    press(page, "Stop")
    expect(page.get_by_text("Stopped.")).to_be_visible()
    walk.look("chat, stopped")
    page.goto(shared)
    expect(page.get_by_text("A shared chat")).to_be_visible()
    walk.look("shared page")
    page.go_back()
    expect(page.get_by_text("Stopped.")).to_be_visible()


def look_at_the_list(page: Page, walk: Walk) -> None:
    if walk.phone:
        press(page, "Show conversations")
    walk.look("list")
    press(page, f"Actions for {QUESTION}")
    walk.look("menu of a conversation")
    close(page)
    page.get_by_role("searchbox", name="Search your chats").fill("oxygen")
    expect(page.locator("mark").first).to_be_visible()
    walk.look("search")
    page.get_by_role("searchbox", name="Search your chats").fill("")
    press(page, f"Actions for {QUESTION}")
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    walk.look("toast")
    press(page, "Undo")
    page.goto("/nowhere")
    expect(page.get_by_role("heading", name="There is no page at this address.")).to_be_visible()
    walk.look("not found")


def look_at_settings_and_palette(page: Page, walk: Walk) -> None:
    page.goto("/settings")
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()
    walk.look("settings")
    page.get_by_role("radio", name="High").check()
    page.get_by_role("radio", name="Dyslexia-friendly").check()
    walk.look("settings, high contrast, easy reading")
    page.get_by_role("group", name="Contrast").get_by_role("radio", name="As the system").check()
    press(page, "Show all shortcuts")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    walk.look("shortcut sheet")
    close(page)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    walk.look("palette")
    page.keyboard.type("oxygen")
    expect(page.get_by_role("option").locator("mark").first).to_be_visible()
    walk.look("palette, found")
    close(page)


def look_at_sign_in(page: Page, walk: Walk) -> None:
    for path in ("login", "signup", "reset"):
        page.goto(f"/account/{path}")
        expect(page.get_by_label("E-mail")).to_be_visible()
        walk.look(path)
    page.goto("/account")
    expect(page.get_by_role("region", name="Your data")).to_be_visible()
    walk.look("account of a guest")


def look_at_an_account(context: BrowserContext, page: Page, walk: Walk, stack: Stack, *, email: str) -> None:
    client = stack.client()
    sign_up(stack, client, email)
    context.add_cookies(
        [{"name": name, "value": value, "url": stack.gateway.url} for name, value in client.cookies.items()]
    )
    page.goto("/account")
    expect(page.get_by_role("region", name="Devices").get_by_text("This device")).to_be_visible()
    expect(page.get_by_text("Loading")).to_have_count(0)
    two_step = page.get_by_role("region", name="Two-step login")
    two_step.get_by_role("button", name="Set up", exact=True).click()
    expect(two_step.get_by_label("Code of the app")).to_be_visible()
    press(page, "New token")
    walk.look("account")
    press(page, "Delete account")
    walk.look("dialog that deletes an account")
    close(page)
