"""Lighthouse over the main screens: performance, accessibility and best practice, on a phone's slow line and a desktop.

Run it with `make lighthouse`: real gateway and worker on this machine alone, a fake provider, the machine's Chromium.
Lighthouse is a package of npm, installed into a folder of its own on the first run (180 MB); nothing else needs it. It
exits with 1 when a score is below the bound. `--runs 3` takes of each page the run in the middle: other work on the
machine costs points, and shows in `machine`, Lighthouse's own index of how fast it is just now. `--json` prints the
scores alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from fake_provider.directive import answer_option
from tests.browser import FLAGS, chromium_path
from tests.long_conversation import answer_text
from tests.stack import Stack, running_stack
from tests.streams import csrf

VERSION = "13.5.0"
BOUND = 95
CATEGORIES = ("performance", "accessibility", "best-practices")
METRICS: Mapping[str, str] = {
    "first_paint": "first-contentful-paint",
    "largest_paint": "largest-contentful-paint",
    "blocked": "total-blocking-time",
    "shift": "cumulative-layout-shift",
}
FORMS: Mapping[str, tuple[str, ...]] = {"phone": (), "desktop": ("--preset=desktop",)}
RUN_SECONDS = 180.0
ATTEMPTS = 3


@dataclass(frozen=True)
class Score:
    """Of one screen in one form; each category from 0 to 100."""

    screen: str
    form: str
    scores: Mapping[str, int]
    metrics: Mapping[str, float]  # milliseconds; the layout shift is a share of the window, `machine` the benchmark's
    failed: tuple[str, ...]  # audits that cost something, of the categories below the bound

    @property
    def is_enough(self) -> bool:
        return min(self.scores.values()) >= BOUND


def installed(folder: Path) -> Path:
    """The command, installed where it is not yet."""
    command = folder / "node_modules" / ".bin" / "lighthouse"
    if not command.exists():
        folder.mkdir(parents=True, exist_ok=True)
        install = ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", f"lighthouse@{VERSION}"]
        subprocess.run(install, check=True, stdout=sys.stderr)  # noqa: S603  a pinned version
    return command


def screens(stack: Stack) -> tuple[dict[str, str], str]:
    """Path by name, and the cookies of the guest whose conversation it is."""
    client: httpx.Client = stack.client()
    prompt = f"What is photosynthesis? [[rate=0 {answer_option(answer_text(1))}]]"
    client.get("/api/session/").raise_for_status()
    asked = client.post("/api/chat/", json={"message": prompt}, headers=csrf(client)).raise_for_status().json()
    conversation_id = asked["conversation"]["id"]
    shared = client.post(f"/api/conversations/{conversation_id}/share/", headers=csrf(client)).raise_for_status().json()
    paths = {"empty chat": "/", "conversation": f"/c/{conversation_id}", "library": "/library"}
    paths |= {"log in": "/account/login", "account": "/account", "shared link": f"/s/{shared['token']}"}
    return paths, "; ".join(f"{cookie.name}={cookie.value}" for cookie in client.cookies.jar)


def measured(command: Path, url: str, *, cookies: str, options: tuple[str, ...]) -> dict[str, object]:
    """Lighthouse's report of one page."""
    with tempfile.TemporaryDirectory(prefix="lamla-lighthouse-") as folder:
        report = Path(folder) / "report.json"
        headers = Path(folder) / "headers.json"
        headers.write_text(json.dumps({"Cookie": cookies}))
        arguments = ["--quiet", "--output=json", f"--output-path={report}", f"--extra-headers={headers}"]
        arguments += [f"--only-categories={','.join(CATEGORIES)}", *options]
        arguments += [f"--chrome-flags={' '.join(['--headless', *FLAGS])}"]
        env = {**os.environ, "CHROME_PATH": chromium_path()}
        # On a busy machine it now and then finds no beginning in its own recording, and asks to be run again.
        for _ in range(ATTEMPTS):
            done = subprocess.run([command, url, *arguments], env=env, timeout=RUN_SECONDS, stdout=sys.stderr)  # noqa: S603  ours
            if done.returncode == 0:
                break
        done.check_returncode()
        found: dict[str, object] = json.loads(report.read_text())
        return found


def score_of(report: Mapping[str, object], *, screen: str, form: str) -> Score:
    categories, audits = report["categories"], report["audits"]
    assert isinstance(categories, dict)
    assert isinstance(audits, dict)
    scores = {name: round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES}
    environment = report["environment"]
    assert isinstance(environment, dict)
    metrics = {name: round(audits[audit]["numericValue"], 2) for name, audit in METRICS.items()}
    metrics["machine"] = round(environment["benchmarkIndex"])
    low = [
        ref["id"]
        for name in CATEGORIES
        if scores[name] < BOUND
        for ref in categories[name]["auditRefs"]
        if ref["weight"]
    ]
    failed = [audit for audit in low if (audits[audit]["score"] or 0) < 0.9]
    return Score(screen, form, scores, metrics, tuple(failed))


def all_scores(command: Path, stack: Stack, *, only: str, runs: int) -> Iterator[Score]:
    paths, cookies = screens(stack)
    for screen, path in paths.items():
        for form, options in FORMS.items():
            if only in screen:
                url = stack.gateway.url + path
                reports = [measured(command, url, cookies=cookies, options=options) for _ in range(runs)]
                yield middle([score_of(report, screen=screen, form=form) for report in reports])


def middle(scores: Sequence[Score]) -> Score:
    """By performance: the other categories do not change from run to run."""
    return sorted(scores, key=lambda score: score.scores["performance"])[len(scores) // 2]


def row(score: Score) -> str:
    scores = "  ".join(f"{name} {value:3d}" for name, value in score.scores.items())
    metrics = "  ".join(f"{name} {value:g}" for name, value in score.metrics.items())
    return f"{score.screen:14} {score.form:8} {scores}  {metrics}  {' '.join(score.failed)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--json", action="store_true", help="print the scores alone, as JSON")
    parser.add_argument("--only", default="", help="screens whose name holds this")
    parser.add_argument("--runs", type=int, default=1, help="of each page")
    parser.add_argument("--tools", type=Path, default=Path(tempfile.gettempdir()) / f"lamla-lighthouse-{VERSION}")
    options = parser.parse_args()
    command = installed(options.tools)
    found = []
    with tempfile.TemporaryDirectory(prefix="lamla-bench-") as folder, running_stack(Path(folder)) as stack:
        for score in all_scores(command, stack, only=options.only, runs=options.runs):
            found.append(score)
            if not options.json:
                print(row(score), flush=True)
    if options.json:
        print(json.dumps([{"screen": each.screen, "form": each.form, **each.scores, **each.metrics} for each in found]))
    return 0 if all(score.is_enough for score in found) else 1


if __name__ == "__main__":
    sys.exit(main())
