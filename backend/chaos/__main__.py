"""`python -m chaos`, as `make chaos` calls it."""

import signal
import sys
from types import FrameType
from typing import NoReturn

from chaos.options import read_options
from chaos.running import run

TERMINATED = 143


def end(_signal: int, _frame: FrameType | None) -> NoReturn:
    """SIGTERM as an exception, so that all processes of the site are ended before we are."""
    raise SystemExit(TERMINATED)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, end)
    sys.exit(run(read_options()))
