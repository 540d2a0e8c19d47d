"""The main screens as a student has them, in a real Chromium: light, dark and on a phone, each kept as a picture.

`make pictures` shows some of them in the README. The words of the answers are written here; passages, quotes, pages and
marks are what Lamla finds and checks.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.documents.tests import sample_files
from apps.documents.tests.course import COURSE
from fake_provider.directive import answer_option
from tests.accounts import sign_up
from tests.browser import ask, messages, screenshot, visitor
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("no_answers_left")]
LOOKS = ("light", "dark", "phone")
COURSE_NAME = "Biology, second term"
FILE = "light reactions.pdf"  # short enough to be read whole, so that its passages are numbered as its pages
OTHERS = ("Why is the sky blue?", "Plan my week before the exam", "What is a confidence interval?")

WATER = "Where does the oxygen that plants give off come from?"
OXYGEN = """All of it comes from **water**, not from carbon dioxide. In the thylakoid membrane light lifts an electron \
in photosystem II, and the hole it leaves is filled from water:

- A cluster with four manganese atoms splits water into oxygen, protons and electrons. [1]
- This is the only source of the oxygen that plants give off. [1]

The protons stay inside and flow back through ATP synthase, which makes ATP. [2] So one and the same step gives us \
air to breathe and the cell its fuel."""

PLANCK = "Explique-moi la loi de Planck, avec un calcul"
RADIATION = r"""Un corps noir à la température $T$ rayonne, à chaque fréquence $f$, la densité d'énergie

$$u(f, T) = \frac{8 \pi h f^3}{c^3} \cdot \frac{1}{e^{h f / k_B T} - 1}$$

Deux limites aident à la retenir :

| Domaine | Condition | Loi |
|---|---|---|
| Basses fréquences | $h f \ll k_B T$ | Rayleigh et Jeans |
| Hautes fréquences | $h f \gg k_B T$ | Wien |

Pour le Soleil, le maximum se calcule en une ligne :

```python
b = 2.898e-3  # constante de Wien, en m·K
print(f"{b / 5772 * 1e9:.0f} nm")  # 502 nm : vert
```

**À toi** : que devient le maximum si la température double ?"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    contents = {
        "membranes.docx": sample_files.docx_file(),
        "photosynthesis.pdf": sample_files.study_pdf(),
        FILE: sample_files.text_pdf(COURSE[5:8]),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return [tmp_path / name for name in contents]


@pytest.mark.parametrize("look", LOOKS)
def test_the_main_screens(browser: Browser, stack: Stack, files: list[Path], look: str) -> None:
    client = stack.client()
    sign_up(stack, client, f"amina-{look}@example.org")
    with visitor(browser, stack, phone=look == "phone", dark=look == "dark") as context:
        context.add_cookies(
            [{"name": name, "value": value, "url": stack.gateway.url} for name, value in client.cookies.items()]
        )
        album = Album(context.new_page(), stack, look)
        album.beginning()
        album.library(files)
        album.questions()
        album.formulas()
        album.citation()
        album.search()
        album.settings()
        album.shared()


class Album:
    """Goes from screen to screen and takes a picture of each."""

    def __init__(self, page: Page, stack: Stack, look: str) -> None:
        self.page = page
        self.stack = stack
        self.look = look

    def beginning(self) -> None:
        self.page.goto("/")
        expect(self.page.get_by_role("heading", name="What are you studying?")).to_be_visible()
        expect(self.page.get_by_role("list", name="Ways to begin")).to_be_visible()
        self._take("beginning")

    def library(self, files: list[Path]) -> None:
        self.page.goto("/library")
        self.page.get_by_role("button", name="New course").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Name").fill(COURSE_NAME)
        dialog.get_by_role("button", name="Create").click()
        expect(self.page.get_by_role("button", name=COURSE_NAME, exact=True)).to_have_attribute("aria-pressed", "true")
        chosen = self.page.locator("input[type=file][multiple]")
        chosen.set_input_files(files)
        for pages in (2, 3, 12):
            expect(self.page.get_by_role("list", name="Files", exact=True)).to_contain_text(f"{pages} pages read")
        self._take("library")

    def questions(self) -> None:
        for question in OTHERS:
            self._ask(question, "Gladly. What do you know about it already?")
        expect(messages(self.page)).to_contain_text("Gladly.")

    def formulas(self) -> None:
        self._ask(PLANCK, RADIATION)
        expect(messages(self.page).locator(".katex-display")).to_be_visible()
        expect(messages(self.page).locator(".hljs-keyword, .hljs-built_in").first).to_be_visible()
        self._take("formulas")

    def citation(self) -> None:
        self.page.goto("/library")
        self.page.get_by_role("button", name=f"Ask about {FILE}").click()
        expect(self.page.get_by_role("list", name="Files to send")).to_contain_text("3 pages read")
        self._send(WATER, OXYGEN)
        self.page.get_by_role("button", name="Open passage 1", exact=True).first.click()
        sources = self.page.get_by_role("dialog" if self.look == "phone" else "complementary", name="Sources")
        picture = sources.get_by_role("img", name="with the quote marked")
        expect(picture).to_be_visible()
        assert picture.evaluate("(picture) => picture.decode().then(() => picture.naturalWidth > 100)")
        self._take("citation")
        self.page.keyboard.press("Escape")
        expect(sources).to_have_count(0)
        self._take("answer")

    def search(self) -> None:
        if self.look == "phone":
            self.page.get_by_role("button", name="Show conversations").click()
        self.page.get_by_role("searchbox", name="Search your chats").fill("oxygen")
        expect(self.page.locator("mark").first).to_be_visible()
        self._take("search")
        self.page.get_by_role("searchbox", name="Search your chats").fill("")
        self.page.keyboard.press("Escape")

    def settings(self) -> None:
        self.page.goto("/settings")
        expect(self.page.get_by_role("heading", name="Settings")).to_be_visible()
        self._take("settings")
        self.page.goto("/account")
        expect(self.page.get_by_role("region", name="Devices").get_by_text("This device")).to_be_visible()
        self._take("account")

    def shared(self) -> None:
        self.page.goto("/")
        if self.look == "phone":
            self.page.get_by_role("button", name="Show conversations").click()
        self.page.get_by_role("link", name=WATER).click()
        self.page.get_by_role("button", name="Actions for this chat").click()
        self.page.get_by_role("menuitem", name="Share").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_role("button", name="Make a link").click()
        address = dialog.get_by_role("textbox", name="Link")
        expect(address).to_be_visible()
        self._take("share")
        self.page.goto(address.input_value())
        expect(self.page.get_by_role("listitem").filter(has_text="four manganese atoms").first).to_be_visible()
        self._take("shared")

    def _ask(self, question: str, text: str) -> None:
        self.page.goto("/")
        self._send(question, text)

    def _send(self, question: str, text: str) -> None:
        self.stack.provider.queue(f"[[rate=0 first=0 {answer_option(text)}]]")
        ask(self.page, question)
        expect(messages(self.page).get_by_role("button", name="Copy answer")).to_be_visible()

    def _take(self, name: str) -> None:
        expect(self.page.get_by_text("Loading")).to_have_count(0)
        screenshot(self.page, f"screen-{name}-{self.look}")
