"""What a conversation of 2,000 messages costs the page: opening it, and typing while an answer streams.

Run it with `make bench-page`: real gateway and worker on this machine alone, a fake provider, a real Chromium whose CPU
is slowed down to a quarter. Bounded to a minute and a half. `--json` prints the figures alone.

*Opened by a link* is from the click to the frame that shows the whole last message; *cold* is from the navigation, with
an empty cache. Input delay is the Event Timing API's: from the key to the first handler; its duration ends with the
next paint, in steps of 8 ms, and what it does not report took less than 16 ms. *Frames behind* counts the frames that
were drawn between the arrival of a piece of the answer and the one that shows it, without the slow-down.
"""

import argparse
import json
import math
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, expect

from fake_provider.directive import answer_option
from tests.browser import ask, messages, running_browser, visitor
from tests.long_conversation import answer_text, long_conversation
from tests.stack import Stack, running_stack

MESSAGES = 2_000
SLOW_DOWN = 4
TOKENS_PER_SECOND = 100
KEYS, KEY_PAUSE_S = 200, 0.03
TYPING_SECONDS = 20.0  # a page that is slow to take keys is left at that
PROBE = Path(__file__).with_name("page_probe.js")
TITLE = "A long term of biology"
STREAMED = "\n\n".join(answer_text(number) for number in range(1, 41))  # a minute and more
WORDS = "\n\n".join(["Light is a wave and comes in packets. " * 8] * 40)  # each of them is seen as it comes


@dataclass(frozen=True)
class Opened:
    """A page on the long conversation, and the browser's own tools for it."""

    page: Page
    devtools: CDPSession

    @classmethod
    def of(cls, page: Page) -> "Opened":
        page.add_init_script(path=PROBE)
        devtools = page.context.new_cdp_session(page)
        devtools.send("Performance.enable")
        return cls(page, devtools)

    def slow_down(self, rate: float) -> None:
        self.devtools.send("Emulation.setCPUThrottlingRate", {"rate": rate})

    def painted_ms(self, marker: str) -> float:
        """When the last message, which says `marker`, was painted, by the page's clock."""
        return float(self.page.evaluate("(marker) => pageProbe.whenPainted(marker)", marker))

    def noted(self) -> dict[str, Any]:  # Any: JSON of the probe
        found: dict[str, Any] = self.page.evaluate("pageProbe.noted")
        return found

    def memory(self) -> dict[str, float]:
        """What is left after a collection."""
        self.devtools.send("HeapProfiler.collectGarbage")
        found = {entry["name"]: entry["value"] for entry in self.devtools.send("Performance.getMetrics")["metrics"]}
        return {"heap_mb": round(found["JSHeapUsedSize"] / 1e6, 1), "elements": found["Nodes"]}


def cold_ms(page: Page, conversation_id: str, marker: str) -> float:
    """From the navigation to the last message, with nothing in the cache."""
    opened = Opened.of(page)
    opened.devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    opened.slow_down(SLOW_DOWN)
    page.goto(f"/c/{conversation_id}", wait_until="commit")
    return round(opened.painted_ms(marker))


def warm_ms(opened: Opened, marker: str) -> float:
    """From a click in the list to the last message, in a page that has been used, but not for this conversation."""
    opened.page.goto("/")
    link = opened.page.get_by_role("link", name=TITLE).first
    expect(link).to_be_visible()
    opened.slow_down(SLOW_DOWN)
    script = """(link) => { window.clicked = performance.now(); link.click(); }"""
    link.evaluate(script)
    painted = opened.painted_ms(marker)
    return round(painted - float(opened.page.evaluate("window.clicked")))


def begin_answer(page: Page, stack: Stack, text: str) -> None:
    stack.provider.queue(f"[[rate={TOKENS_PER_SECOND} first=0.02 {answer_option(text)}]]")
    ask(page, "And what follows from all of that?")
    expect(messages(page)).to_contain_text("And what follows from all of that?")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()


def end_answer(page: Page) -> None:
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_have_count(0)
    page.get_by_role("textbox", name="Message").fill("")


def typing(opened: Opened, stack: Stack) -> dict[str, float]:
    """Type while an answer is written, with the slow CPU."""
    page = opened.page
    begin_answer(page, stack, STREAMED)
    opened.slow_down(SLOW_DOWN)
    page.evaluate("pageProbe.watchInput()")
    page.get_by_role("textbox", name="Message").click()
    typed = type_keys(page)
    page.wait_for_timeout(500)  # the last entries come with a later frame
    noted = opened.noted()
    opened.slow_down(1)
    end_answer(page)
    keys = [event for event in noted["events"] if event["name"] == "keydown"]
    unseen = [0.0] * (typed - len(keys))
    delays = unseen + [event["delay"] for event in keys]
    durations = unseen + [event["duration"] for event in keys]
    long_tasks: list[float] = noted["longTasks"]
    return {
        "keys": typed,
        **spread("input_delay", delays),
        **spread("input_to_paint", durations),
        "long_tasks": len(long_tasks),
        "longest_task_ms": round(max(long_tasks, default=0)),
    }


def type_keys(page: Page) -> int:
    """Type up to KEYS letters; how many were taken in time."""
    until = time.monotonic() + TYPING_SECONDS
    for number in range(KEYS):
        if time.monotonic() > until:
            return number
        page.keyboard.press("abcdef "[number % 7])
        time.sleep(KEY_PAUSE_S)
    return KEYS


def painting(opened: Opened, stack: Stack) -> dict[str, float]:
    """How far what is seen is behind what has arrived, with the CPU as it is."""
    begin_answer(opened.page, stack, WORDS)
    opened.page.evaluate("pageProbe.watchFrames()")
    opened.page.wait_for_timeout(5_000)
    missed = opened.noted()["missed"]
    end_answer(opened.page)
    frames = [entry["frames"] for entry in missed]
    late = sum(count > 1 for count in frames)
    return {
        "pieces": len(frames),
        "frames_behind_most": max(frames),
        "pieces_later_than_a_frame": late,
        **spread("arrival_to_frame", [entry["ms"] for entry in missed]),
    }


def load_all(page: Page) -> None:
    """Have every earlier message loaded, as by scrolling up, and come back to the end."""
    first = messages(page).get_by_text(TITLE)
    older = page.get_by_role("button", name="Show earlier messages")
    expect(older).to_be_attached()
    while not first.count():
        messages(page).evaluate("(box) => { box.scrollTop = 0; }")
        page.wait_for_timeout(20)
    messages(page).evaluate("(box) => { box.scrollTop = box.scrollHeight; }")


def spread(name: str, values: Sequence[float]) -> dict[str, float]:
    ordered = sorted(values)
    at = {"p50": 0.5, "p95": 0.95}
    found = {f"{name}_{part}_ms": ordered[math.ceil(len(ordered) * share) - 1] for part, share in at.items()}
    return {key: round(value, 1) for key, value in {**found, f"{name}_most_ms": ordered[-1]}.items()}


Figures = tuple[str, dict[str, float]]


def measured(stack: Stack, browser: Browser, *, count: int) -> Iterator[Figures]:
    """What was done, and its figures."""
    marker = f"End of answer {count // 2 - 1}."
    with visitor(browser, stack) as context:
        opened = Opened.of(context.new_page())
        conversation_id = long_conversation(opened.page, stack, title=TITLE, count=count)
        with context.new_page() as other:
            cold = cold_ms(other, conversation_id, marker)
        yield "opening", {"cold_ms": cold, "by_a_link_ms": warm_ms(opened, marker)}
        opened.slow_down(1)
        yield "painting", painting(opened, stack)
        yield "typing, the newest page loaded", typing(opened, stack) | opened.memory()
        opened.page.reload()
        load_all(opened.page)
        yield "typing, all loaded", typing(opened, stack) | opened.memory()


def main() -> None:
    """Print a table; figures to read, never a test."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, running_stack(Path(name)) as stack, running_browser() as browser:
        for title, values in measured(stack, browser, count=options.messages):
            if options.json:
                print(json.dumps({"done": title, **values}), flush=True)
                continue
            print(f"\n{title}")
            for key, value in values.items():
                print(f"  {key:28}{value:>10g}", flush=True)


if __name__ == "__main__":
    main()
