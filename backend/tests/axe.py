"""axe-core in a page: what it finds against WCAG 2.2 A and AA, and against good practice."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


class Audit:
    """Looks at one screen after another, and keeps what is wrong with each."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        # A colour on its way to another one is neither.
        page.emulate_media(reduced_motion="reduce")

    def look(self, screen: str) -> None:
        """What is shown now: all rules in the light, and its colours in the dark, too."""
        self.page.emulate_media(color_scheme="light")
        self._keep(screen, ALL)
        self.page.emulate_media(color_scheme="dark")
        self._keep(f"{screen}, dark", COLOURS)
        self.page.emulate_media(color_scheme="light")

    def _keep(self, screen: str, options: dict[str, Any]) -> None:
        if not self.page.evaluate("'axe' in window"):
            # Not by a <script>, which the page's own policy would refuse.
            self.page.evaluate(_source())
        result = self.page.evaluate("(options) => axe.run(document, options)", options)
        for fault in result["violations"]:
            for node in fault["nodes"]:
                self.faults.append(f"{screen}: {fault['id']} at {node['target']}: {node['failureSummary']}")


@cache
def _source() -> str:
    return SOURCE.read_text()
