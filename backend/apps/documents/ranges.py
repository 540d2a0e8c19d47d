"""Numbers of pages as a reader would say them."""

from collections.abc import Iterable
from itertools import groupby

MAX_RANGES = 12


def listed(unit: str, numbers: Iterable[int]) -> str:
    """`("page", [4, 5, 6, 9])` as "pages 4 to 6 and 9"; after MAX_RANGES of them the rest is only counted."""
    ordered = sorted(numbers)
    runs = [[number for _, number in run] for _, run in groupby(enumerate(ordered), key=lambda pair: pair[1] - pair[0])]
    words = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs[:MAX_RANGES]]
    if rest := sum(len(run) for run in runs[MAX_RANGES:]):
        words.append(f"{rest} more")
    joined = " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
    return f"{unit if len(ordered) == 1 else unit + 's'} {joined}"
