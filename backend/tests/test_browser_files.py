"""Files in a real Chromium: added, read, asked about, cited at their page, searched, and deleted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from apps.documents.tests import sample_files
from tests.browser import ask, messages, screenshot, visitor
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_answers_left")]
COURSE = "Botany of the higher plants"
QUOTE = "Water is split in the thylakoid membrane, and oxygen is set free."
LEAVES = ["Leaves are green because of chlorophyll.", QUOTE, "Sugar is made in the stroma without any light."]
ANSWER = f"{QUOTE} [2]\n\nThe moon is made of green cheese. [1]\n\nSo it is written. [9]"


@pytest.fixture(params=["desktop", "phone", "dark"])
def context(request: pytest.FixtureRequest, browser: Browser, stack: Stack) -> Iterator[BrowserContext]:
    with visitor(browser, stack, phone=request.param == "phone", dark=request.param == "dark") as context:
        yield context


@pytest.fixture
def leaves(tmp_path: Path) -> Path:
    return saved(tmp_path, "leaves.pdf", sample_files.text_pdf(LEAVES))


def saved(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def add(page: Page, *files: Path) -> None:
    """Choose files in the system's dialog."""
    page.locator("input[type=file][multiple]").set_input_files(files)


def sources(page: Page) -> Locator:
    """The panel of sources: beside the chat, or over it on a phone."""
    return page.get_by_role("complementary", name="Sources").or_(page.get_by_role("dialog", name="Sources"))


def is_drawn(picture: Locator) -> bool:
    return bool(picture.evaluate("(picture) => picture.decode().then(() => picture.naturalWidth > 100)"))


def test_a_citation_opens_its_page_at_the_quote(
    context: BrowserContext, stack: Stack, leaves: Path, request: pytest.FixtureRequest
) -> None:
    look = request.node.callspec.params["context"]
    page = context.new_page()
    page.goto("/")
    add(page, leaves)
    expect(page.get_by_role("list", name="Files to send")).to_contain_text("3 pages read")
    stack.provider.queue(ANSWER)
    ask(page, "What happens to water?")
    page.get_by_role("button", name="Open passage 2", exact=True).click()
    picture = sources(page).get_by_role("img", name="Page 2 of leaves.pdf, with the quote marked")
    expect(picture).to_be_visible()
    assert is_drawn(picture)
    screenshot(page, f"source-{look}")
    sources(page).get_by_role("tab", name="Text").click()
    expect(sources(page).locator("mark")).to_have_text(QUOTE)
    sources(page).get_by_role("button", name="Previous page").click()
    expect(sources(page)).to_contain_text(LEAVES[0])
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.keyboard.press("Escape")
    expect(sources(page)).to_have_count(0)

    # What no page bears is kept, and marked, also after a reload.
    page.reload()
    expect(page.get_by_role("button", name="Open passage 9. The answer was given no passage 9")).to_be_visible()
    page.get_by_role("button", name="Open passage 1. Not found on that page").click()
    expect(sources(page).locator("q")).to_contain_text("The moon is made of green cheese.")
    expect(sources(page).get_by_role("img", name="Page 1 of leaves.pdf")).to_be_visible()
    screenshot(page, f"doubt-{look}")


def test_a_file_that_cannot_be_read_says_why_and_stays_behind(browser: Browser, stack: Stack, tmp_path: Path) -> None:
    locked = saved(tmp_path, "exam.pdf", sample_files.encrypted_pdf())
    with visitor(browser, stack, phone=True) as context:
        page = context.new_page()
        page.goto("/")
        add(page, locked)
        chips = page.get_by_role("list", name="Files to send")
        expect(chips).to_contain_text("password")
        expect(chips).to_contain_text("It does not go with your question.")
        screenshot(page, "unreadable-phone")
        ask(page, "What is light? [[tokens=5]]")
        expect(messages(page).get_by_text("t4")).to_be_visible()
        expect(messages(page)).not_to_contain_text("exam.pdf")
        page.get_by_role("button", name="Remove exam.pdf").click()
        expect(chips).to_have_count(0)


def test_the_library_keeps_searches_and_deletes_files(context: BrowserContext, leaves: Path) -> None:
    page = context.new_page()
    page.goto("/library")
    page.get_by_role("button", name="New course").click()
    page.get_by_role("dialog", name="New course").get_by_label("Name").fill(COURSE)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("button", name=COURSE, exact=True)).to_have_attribute("aria-pressed", "true")
    add(page, leaves)
    row = page.get_by_role("list", name="Files", exact=True).get_by_role("listitem").filter(has_text="leaves.pdf")
    expect(row).to_contain_text("3 pages read")
    expect(page.get_by_role("region", name=COURSE)).to_contain_text("1 file")
    page.get_by_role("button", name="All files").click()
    expect(row).to_contain_text(COURSE)
    page.get_by_role("button", name=COURSE, exact=True).click()

    page.get_by_role("searchbox", name="Search your files").fill("thylakoid")
    page.get_by_role("button", name="leaves.pdf page 2").click()
    opened = page.get_by_role("complementary", name="leaves.pdf").or_(page.get_by_role("dialog", name="leaves.pdf"))
    expect(opened.get_by_role("img", name="Page 2 of leaves.pdf, with the quote marked")).to_be_visible()
    opened.get_by_role("button", name="Close").click()

    page.get_by_role("button", name="Clear the search").click()
    row.get_by_role("button", name="Actions for leaves.pdf").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("There is nothing in this course yet.")).to_be_visible()
    page.get_by_role("button", name="Ask within this course").click()
    expect(page.get_by_role("button", name=f"Asks within {COURSE}")).to_be_visible()
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)


def test_a_line_that_is_cut_costs_neither_the_file_nor_the_page(browser: Browser, stack: Stack, leaves: Path) -> None:
    with visitor(browser, stack, phone=True) as context:
        page = context.new_page()
        page.goto("/")
        # What the page fetches when it is wanted is told to be missing where it would stand, and comes later.
        page.route("**/assets/library-page-*.js", lambda route: route.abort())
        page.get_by_role("button", name="Show conversations").click()
        page.get_by_role("link", name="Library").click()
        cut = page.get_by_role("alert").filter(has_text="This part of the page could not be loaded.")
        expect(cut).to_be_visible()
        page.unroute("**/assets/library-page-*.js")
        cut.get_by_role("button", name="Retry").click()
        expect(page.get_by_role("heading", name="Library")).to_be_visible()

        page.route("**/api/documents/", lambda route: route.abort())
        add(page, leaves)
        row = page.get_by_role("listitem").filter(has_text="leaves.pdf")
        expect(row.get_by_role("alert")).to_contain_text("The line was cut before it arrived.")
        screenshot(page, "interrupted-phone")
        page.unroute("**/api/documents/")
        row.get_by_role("button", name="Send leaves.pdf again").click()
        expect(row).to_contain_text("3 pages read")

        page.route("**/assets/source-panel-*.js", lambda route: route.abort())
        row.get_by_role("button", name="leaves.pdf", exact=True).click()
        expect(cut).to_be_visible()
        screenshot(page, "no-panel-phone")
        page.unroute("**/assets/source-panel-*.js")
        cut.get_by_role("button", name="Retry").click()
        expect(page.get_by_role("dialog", name="leaves.pdf").get_by_role("img")).to_be_visible()
