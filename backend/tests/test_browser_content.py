"""What answers are made of, in a real Chromium: tables, code, formulas, links, diagrams; and long conversations."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from fake_provider.directive import answer_option
from tests.browser import ask, messages, screenshot, visitor
from tests.long_conversation import FORMULAS, PROSE, TABLE, long_conversation
from tests.stack import Stack

pytestmark = pytest.mark.browser
LINKS = """See [the book](https://example.org/book), [a trap](javascript:document.title='run') and
![a leaf](https://example.org/leaf.png)."""
CODE = "```python\ntotal = sum(x * x for x in range(10))  # squares\n```"
FLOW = """```mermaid
flowchart LR
  light[Sunlight] -->|splits| water{Water}
  water --> oxygen[Oxygen]
  water --> carriers[ATP and NADPH]
  carriers --> sugar((Sugar))
```"""
SEQUENCE = """```mermaid
sequenceDiagram
  Student->>Lamla: What is light?
  Lamla-->>Student: A wave, and packets
```"""
WRONG = "```mermaid\nflowchart LR\n  a --> --> b\n```"
HOSTILE = (
    # Clicks, scripts and addresses that run something.
    """```mermaid
%%{init: {"securityLevel": "loose", "htmlLabels": true, "themeCSS": "* { fill: url(https://evil.example/css) }"}}%%
flowchart LR
  a["<img src=x onerror=alert(1)>one"] --> b["<script>alert(2)</script>two"]
  click a href "javascript:alert(3)"
  click b call alert(4)
  classDef bad fill:url(https://evil.example/fill)
  class a bad
```""",
    """```mermaid
flowchart TD
  p@{ img: "https://evil.example/picture.png", label: "three", pos: "t", w: 60, h: 60 }
```""",
    "```mermaid\nflowchart TD\n" + "\n".join(f"  n{number} --> n{number + 1}" for number in range(2_000)) + "\n```",
)
GAP = "\n\n"


@pytest.fixture(params=["desktop", "phone", "dark"])
def look(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def context(look: str, browser: Browser, stack: Stack) -> Iterator[BrowserContext]:
    with visitor(browser, stack, phone=look == "phone", dark=look == "dark") as context:
        yield context


def said(page: Page, stack: Stack, *texts: str) -> None:
    """Have an answer of these texts, whole at once."""
    stack.provider.queue(f"[[rate=0 first=0.02 {answer_option(GAP.join(texts))}]]")
    ask(page, "Show me.")
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)


def complaints(page: Page) -> list[str]:
    """What the browser says of broken policies and failed scripts, from now on."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def figures(page: Page) -> Locator:
    return messages(page).get_by_role("figure")


def draw_all(page: Page) -> None:
    """Ask for every diagram, by keyboard, and wait until each is drawn or refused."""
    to_draw = messages(page).get_by_role("button", name="Draw the diagram")
    for left in range(to_draw.count(), 0, -1):
        to_draw.first.press("Enter")
        expect(to_draw).to_have_count(left - 1)
    expect(messages(page).get_by_role("button", name="Drawing")).to_have_count(0)


def test_tables_code_formulas_links_and_diagrams(context: BrowserContext, stack: Stack, look: str) -> None:
    page = context.new_page()
    found = complaints(page)
    page.goto("/")
    said(page, stack, TABLE, FORMULAS, CODE, LINKS, FLOW, SEQUENCE, WRONG)
    shown = messages(page)
    expect(shown.get_by_role("columnheader", name="gives")).to_be_visible()
    expect(shown.locator(".katex-display")).to_have_count(1)
    expect(figures(page).first.locator(".hljs-keyword").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    context.grant_permissions(["clipboard-read", "clipboard-write"])
    figures(page).first.get_by_role("button", name="Copy code").click()
    expect(figures(page).first.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == CODE.split("\n")[1]

    links = shown.get_by_role("link")
    expect(links).to_have_count(2)
    assert [link.get_attribute("href") for link in links.all()] == [
        "https://example.org/book",
        "https://example.org/leaf.png",
    ]
    expect(shown.locator("img")).to_have_count(0)

    assert page.locator("iframe").count() == 0  # nothing of it is here before somebody asks
    draw_all(page)
    pictures = shown.get_by_role("img", name="Diagram; its source follows.")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        assert picture.evaluate("(img) => img.decode().then(() => img.naturalWidth > 100)")
    expect(shown.get_by_text("its source has a fault")).to_be_visible()
    expect(page.locator("iframe")).to_have_count(1)
    pictures.first.scroll_into_view_if_needed()
    screenshot(page, f"diagram-{look}")
    # The source can be read and copied all the while.
    shown.get_by_text("Source of the diagram").first.click()
    expect(shown.get_by_text("light[Sunlight]")).to_be_visible()
    shown.get_by_role("button", name="Show its source alone").first.click()
    expect(pictures).to_have_count(1)
    assert found == []


def test_a_hostile_diagram_does_nothing(browser: Browser, stack: Stack) -> None:
    with visitor(browser, stack) as context:
        page = context.new_page()
        left: list[str] = []  # what a policy refuses never comes as far as here
        own = re.compile(re.escape(stack.gateway.url))

        def refuse(route: Route) -> None:
            left.append(route.request.url)
            route.abort()

        context.route(lambda url: not own.match(url), refuse)
        page.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
        page.goto("/")
        said(page, stack, *HOSTILE, "The page lives.")
        draw_all(page)
        # The picture takes no clicks, and the page goes on.
        for picture in messages(page).get_by_role("img").all():
            picture.click()
        ask(page, "Are you there? [[tokens=3 rate=0]]")
        expect(messages(page)).to_contain_text("t2")
        assert len(context.pages) == 1
        assert left == []


def test_the_page_that_draws_may_reach_nothing(browser: Browser, stack: Stack) -> None:
    with visitor(browser, stack) as context:
        page = context.new_page()
        page.goto("/diagram.html")
        page.wait_for_load_state()
        refused = page.evaluate("fetch('/api/session/').then(() => false, () => true)")
        assert refused
        assert page.evaluate("window.open('about:blank')") is None


WATCH = """() => {
  window.seen = [];
  const look = () => {
    const article = [...document.querySelectorAll("article[aria-busy=true]")].at(-1)?.cloneNode(true);
    article?.querySelectorAll("annotation").forEach((source) => source.remove());  // TeX, for who copies a formula
    if (article) window.seen.push(article.textContent);
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
HALF_MARKS = re.compile(r"\*\*|```|\|[ -]*-{3}|\$\$|\\frac")


def test_an_answer_never_shows_half_of_its_marks_while_it_is_written(browser: Browser, stack: Stack) -> None:
    with visitor(browser, stack) as context:
        page = context.new_page()
        page.goto("/")
        said(page, stack, "$E = h f$")
        expect(messages(page).locator(".katex")).to_be_visible()  # until the typesetter is here, the source is shown
        stack.provider.queue(f"[[rate=60 first=0.02 {answer_option(GAP.join((PROSE, TABLE, FORMULAS, CODE)))}]]")
        page.evaluate(WATCH)
        ask(page, "And more?")
        expect(messages(page)).to_contain_text("the law of Rayleigh")
        expect(page.get_by_role("button", name="Stop")).to_have_count(0)
        seen = page.evaluate("window.seen")
        assert len(seen) > 10
        assert [text for text in seen if HALF_MARKS.search(text)] == []


# As it was painted: in between, the page may be in the middle of a change.
PAINTED = """const painted = (items) => new Promise((resolve) => {
  const observer = new IntersectionObserver(resolve);
  for (const item of items) observer.observe(item);
});"""
FIRST_SEEN = f"""async (box) => {{
  {PAINTED}
  const entries = await painted([...box.querySelectorAll("[data-message]")]);
  const {{ top }} = box.getBoundingClientRect();
  return entries.find(({{ boundingClientRect }}) => boundingClientRect.top >= top).target.dataset.message;
}}"""
TOP_OF = f"""async (item) => {{
  {PAINTED}
  return (await painted([item]))[0].boundingClientRect.top;
}}"""


def top_of(shown: Locator, message_id: str) -> float:
    return float(shown.locator(f"[data-message='{message_id}']").evaluate(TOP_OF))


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_long_conversation_is_read_to_its_beginning_and_found_in_the_middle(
    browser: Browser, stack: Stack, phone: bool
) -> None:
    with visitor(browser, stack, phone=phone) as context:
        page = context.new_page()
        conversation_id = long_conversation(page, stack, title="A long term", count=300)
        page.goto(f"/c/{conversation_id}")
        shown = messages(page)
        end = shown.get_by_text("End of answer 149.", exact=True)
        expect(end).to_be_in_viewport()
        assert shown.locator("table").count() < 20  # what is far is its text alone

        # Earlier ones come by themselves, and what is read stays where it is.
        shown.evaluate("(box) => { box.scrollTop = box.clientHeight; }")
        read = shown.evaluate(FIRST_SEEN)
        before = top_of(shown, read)
        expect(shown.get_by_text("Question 100: what follows from that?")).to_be_attached()
        assert abs(top_of(shown, read) - before) < 3

        # Who asks is brought to the answer, which is followed until somebody scrolls away.
        ask(page, "One more [[tokens=900 rate=150]]")
        expect(shown.get_by_text(re.compile("t200 "))).to_be_in_viewport()
        shown.evaluate("(box) => { box.scrollTop -= 2 * box.clientHeight; }")
        read = shown.evaluate(FIRST_SEEN)
        before = top_of(shown, read)
        expect(shown.get_by_text(re.compile("t899"))).to_be_attached()
        assert abs(top_of(shown, read) - before) < 3
        page.get_by_role("button", name="To the end").click()
        expect(shown.get_by_text(re.compile("t899"))).to_be_in_viewport()

        # A place that was searched for: it is shown, and stays while the others around it are drawn.
        newest = page.request.get(f"/api/conversations/{conversation_id}/?limit=200").json()["messages"]
        message_id = next(entry["id"] for entry in newest if entry["text"].endswith("End of answer 60."))
        page.goto(f"/c/{conversation_id}?m={message_id}")
        sought = shown.locator(f"[data-message='{message_id}']")
        expect(sought).to_be_focused()
        expect(sought).to_be_in_viewport()
        expect(sought.get_by_role("button", name="Copy answer")).to_be_visible()
        screenshot(page, f"sought-{'phone' if phone else 'desktop'}")
        expect(sought).to_contain_text("End of answer 60.")
