"""Draws the icons under frontend/public/icons from the logo: `python -m scripts.icons`, after the logo has changed."""

import os
import re
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.paths import FRONTEND

LOGO = FRONTEND / "public" / "favicon.svg"
ICONS = FRONTEND / "public" / "icons"
SAFE_SHARE = 0.8  # of a maskable icon: what stands outside of it may be cut away


def square(svg: str) -> str:
    """The drawing alone, on ground up to the edges, small enough for whatever shape a phone cuts."""
    inner = re.sub(r"<rect[^>]*/>", "", svg)
    ground = re.search(r'<rect[^>]*fill="(#\w+)"', svg)
    assert ground, "the logo has a ground"
    margin = 32 * (1 / SAFE_SHARE - 1) / 2
    size = 32 + 2 * margin
    inner = inner.replace('viewBox="0 0 32 32"', f'viewBox="{-margin} {-margin} {size} {size}"')
    return inner.replace("<title>", f'<rect x="-32" y="-32" width="96" height="96" fill="{ground[1]}"/><title>')


def main() -> None:
    svg = LOGO.read_text()
    ICONS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        executable = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page()
        for name, drawing, size in (
            ("lamla-192", svg, 192),
            ("lamla-512", svg, 512),
            ("lamla-maskable-512", square(svg), 512),
        ):
            page.set_viewport_size({"width": size, "height": size})
            page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:100vw}}</style>{drawing}")
            page.screenshot(path=Path(ICONS / f"{name}.png"), omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
