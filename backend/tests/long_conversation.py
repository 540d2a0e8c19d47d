"""A conversation as a student has after weeks: questions, and answers with tables, code, formulas and marks."""

from playwright.sync_api import Page, expect

from tests.browser import ask, messages
from tests.stack import Stack

PROSE = """Plants take up **carbon dioxide** through their stomata and fix it in the *Calvin cycle*. The light
reactions come first: they split water, set oxygen free and load the carriers that the cycle then spends [1].

- Water is split at photosystem II.
- Electrons pass through cytochrome b6f, which pumps protons.
- ATP synthase lets them back and makes ATP [2]."""
TABLE = """| step | place | takes | gives |
|---|---|---|---|
| light reactions | thylakoid | water, light | oxygen, ATP, NADPH |
| carbon fixation | stroma | carbon dioxide, RuBP | 3-PGA |
| reduction | stroma | ATP, NADPH | G3P |
| regeneration | stroma | ATP, G3P | RuBP |"""
CODE = """```python
def bisect(values: list[float], wanted: float) -> int:
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low
```"""
FORMULAS = r"""The energy of a photon is $E = h f = \frac{h c}{\lambda}$. Summed over all modes:

$$u(f, T) = \frac{8 \pi h f^3}{c^3} \cdot \frac{1}{e^{h f / k_B T} - 1}$$

For small $f$ this becomes $\frac{8 \pi f^2}{c^3} k_B T$, the law of Rayleigh and Jeans."""
ANSWERS = (PROSE, TABLE, CODE, FORMULAS, "\n\n".join((PROSE, TABLE, CODE, FORMULAS)))


def answer_text(number: int) -> str:
    """Answer `number` of such a conversation; its last line names it."""
    return f"{ANSWERS[number % len(ANSWERS)]}\n\nEnd of answer {number}."


def long_conversation(page: Page, stack: Stack, *, title: str, count: int) -> str:
    """Begin a conversation of this visitor, and let it have `count` messages; its id. The page stays where it began."""
    page.goto("/")
    ask(page, f"{title} [[tokens=3]]")
    expect(messages(page)).to_contain_text("t2")
    conversation_id = page.url.rsplit("/", 1)[1]
    code = f"from tests.long_conversation_rows import lengthen; lengthen({conversation_id!r}, {count - 2})"
    stack.manage("shell", "--verbosity", "0", "-c", code)
    return conversation_id
