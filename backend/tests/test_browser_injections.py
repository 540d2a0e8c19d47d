"""Known script injections wherever somebody else's text is shown: nothing runs, the policy has nothing to report."""

import json
import re
from collections.abc import Iterator, Sequence

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from fake_provider.directive import answer_option
from tests.browser import ask, messages, visitor
from tests.injections import INJECTIONS, packed
from tests.stack import Stack
from tests.streams import csrf
from tests.test_browser_leaks import another_server, settle
from tests.test_documents import added, events_of

pytestmark = pytest.mark.browser
KNOWN_MIN = 200
PER_ANSWER = 90
END = "That is all."
FIRES = re.compile("on(error|load|toggle|loadstart)=")
# Notes a call of what the injections call, and each report of the policy, from before the page's own first script.
WATCH = """
window.pwned = [];
window.pwn = () => { window.pwned.push(new Error().stack); };
document.addEventListener("securitypolicyviolation", (event) => {
  window.pwned.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""
# What no text of a user or a model may ever become in the page.
FOREIGN = """() => {
  const harmless = ({ name }) => !name.startsWith("on") && name !== "srcdoc" && name !== "formaction";
  const elements = "iframe, object, embed, base, #root script, #root style, form[action], meta[http-equiv]";
  const address = /^\\s*(javascript|vbscript|data:text)/i;
  return [...document.querySelectorAll("body *")].filter((element) =>
    element.matches(elements) || ![...element.attributes].every(harmless) ||
    address.test(element.getAttribute("href") ?? "") || address.test(element.getAttribute("src") ?? "")
  ).map((element) => element.outerHTML.slice(0, 200));
}"""


@pytest.fixture
def context(browser: Browser, stack: Stack) -> Iterator[BrowserContext]:
    with visitor(browser, stack) as context:
        context.add_init_script(WATCH)
        yield context


def client_of(context: BrowserContext, stack: Stack) -> httpx.Client:
    """The API for the same visitor."""
    client = stack.client()
    for cookie in context.cookies():
        client.cookies.set(cookie["name"], cookie["value"], domain=cookie["domain"])
    return client


def nothing_ran(page: Page) -> None:
    settle(page)
    assert page.evaluate("window.pwned") == []
    assert page.evaluate(FOREIGN) == []


def spread(payloads: Sequence[str]) -> str:
    """Each by itself, in a line of text, in a link, in a cell and in a list, so that every way of drawing meets it."""
    blocks = []
    for number, payload in enumerate(payloads):
        line = " ".join(payload.split("\n"))
        cell, link = f"| a | b |\n| - | - |\n| {line} | c |", f"[{line}](https://example.org)"
        inline = (f"So {line} is it.", link, cell, f"- {line}")
        blocks += [payload, inline[number % len(inline)]]
    return "\n\n".join([*blocks, END])


def test_the_injections_run_where_nothing_guards_the_page(browser: Browser) -> None:
    """The control: without Lamla's page many of them do what they are known for, and are seen to."""
    with another_server() as unguarded:
        context = browser.new_context()
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(unguarded.url)
        ran = page.evaluate(
            """async (payloads) => {
              for (const payload of payloads) {
                const place = document.createElement("div");
                document.body.append(place);
                place.innerHTML = payload;
                await new Promise((done) => requestAnimationFrame(done));
              }
              return window.pwned.length;
            }""",
            [payload for payload in INJECTIONS if payload.startswith("<") and FIRES.search(payload)],
        )
        assert len(INJECTIONS) >= KNOWN_MIN
        assert ran >= 20
        context.close()


def test_nothing_runs_in_answers_and_prompts(context: BrowserContext, stack: Stack) -> None:
    page = context.new_page()
    page.goto("/")
    for start in range(0, len(INJECTIONS), PER_ANSWER):
        some = INJECTIONS[start : start + PER_ANSWER]
        ask(page, "\n".join([*map(readable, some), f"[[rate=0 {answer_option(spread(some))}]]"]))
        expect(messages(page).get_by_text(END)).to_have_count(1 + start // PER_ANSWER)
        nothing_ran(page)
    page.reload()
    expect(messages(page).get_by_text(END).last).to_be_visible()
    nothing_ran(page)
    page.get_by_role("searchbox", name="Search your chats").fill("pwn")
    expect(page.get_by_role("navigation").locator("mark").first).to_be_visible()
    nothing_ran(page)
    client = client_of(context, stack)
    share = f"/api/conversations/{page.url.rpartition('/')[2]}/share/"
    page.goto(f"/s/{client.post(share, headers=csrf(client)).raise_for_status().json()['token']}")
    expect(page.get_by_text(END).last).to_be_visible()
    nothing_ran(page)


def test_nothing_runs_in_titles(context: BrowserContext, stack: Stack) -> None:
    page = context.new_page()
    page.goto("/")
    ask(page, "Hello [[tokens=2]]")
    expect(messages(page).get_by_text("t1")).to_be_visible()
    client = client_of(context, stack)
    titles = list(packed(INJECTIONS, most_chars=200))
    for title in titles:
        begun = client.post("/api/chat/", json={"message": "Hello [[tokens=1]]"}, headers=csrf(client)).json()
        address = f"/api/conversations/{begun['conversation']['id']}/"
        client.patch(address, json={"title": readable(title)}, headers=csrf(client)).raise_for_status()
    page.reload()
    rows = page.get_by_role("navigation").get_by_role("link").filter(has_text="pwn")
    expect(rows.first).to_be_visible()
    nothing_ran(page)
    rows.first.click()
    expect(page.get_by_role("banner").or_(page.locator("header")).get_by_text("pwn").first).to_be_visible()
    nothing_ran(page)


def test_nothing_runs_in_names_and_texts_of_files_and_courses(context: BrowserContext, stack: Stack) -> None:
    page = context.new_page()
    page.goto("/")
    ask(page, "Hello [[tokens=2]]")
    expect(messages(page).get_by_text("t1")).to_be_visible()
    client = client_of(context, stack)
    whole_id = added(client, "\n\n".join(map(readable, INJECTIONS)).encode(), name="All.txt")
    assert [frame.data["data"]["state"] for frame in events_of(client, whole_id)[:-1]][-1] == "ready"
    names = {added(client, b"A page", name="a.txt"): name for name in packed(INJECTIONS, most_chars=200)}
    # The API takes the last part of a path: here even those with a slash stand in the library.
    named = f"import json; from apps.documents.models import Document; names = json.loads({json.dumps(names)!r})"
    each = "[Document.objects.filter(pk=pk).update(filename=name) for pk, name in names.items()]"
    stack.manage("shell", "--verbosity", "0", "-c", f"{named}; {each}")
    for name in packed(INJECTIONS, most_chars=120):
        client.post("/api/courses/", json={"name": readable(name)}, headers=csrf(client)).raise_for_status()
    page.goto("/library")
    rows = page.get_by_role("list", name="Files", exact=True).get_by_role("listitem").filter(has_text="pwn")
    expect(rows.first).to_contain_text("read")
    nothing_ran(page)
    page.get_by_role("searchbox", name="Search your files").fill("pwn")
    expect(page.locator("mark").first).to_be_visible()
    nothing_ran(page)
    page.get_by_role("button", name="Clear the search").click()
    page.get_by_role("button", name="All.txt", exact=True).click()
    expect(page.get_by_role("complementary").get_by_text("pwn").first).to_be_visible()
    nothing_ran(page)


def readable(payload: str) -> str:
    """Without what the API refuses in a name: control characters."""
    return "".join(letter for letter in payload if letter.isprintable() or letter == "\n")
