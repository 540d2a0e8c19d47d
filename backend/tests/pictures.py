"""The pictures of the README: `make pictures` has a test take them, and lays some of them into docs/images.

They have a palette of 256 colours, which is all that the page needs, so that each takes less than 150 kB.
"""

import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.browser import ARTIFACTS

IMAGES = Path(__file__).resolve().parents[2] / "docs" / "images"
CHOSEN = (
    "answer-phone",
    "beginning-phone",
    "citation-light",
    "formulas-dark",
    "library-light",
    "search-dark",
    "shared-phone",
)
MAX_BYTES = 150_000


def main() -> int:
    """Returns 1 when a picture could not be taken, or is too large."""
    if pytest.main(["-q", str(Path(__file__).with_name("test_browser_pictures.py"))]) != pytest.ExitCode.OK:
        return 1
    IMAGES.mkdir(exist_ok=True)
    sizes = [keep(name) for name in CHOSEN]
    return int(max(sizes) > MAX_BYTES)


def keep(name: str) -> int:
    """Make one of them smaller, and lay it into the folder. Returns its bytes."""
    file = IMAGES / f"{name}.png"
    with Image.open(ARTIFACTS / f"screen-{name}.png") as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    size = file.stat().st_size
    print(f"{size / 1_000:6.1f} kB  {file.name}")
    return size


if __name__ == "__main__":
    sys.exit(main())
