"""Known ways to have a page run a script, by what they abuse. Our own selection; each would call `pwn()`.

They are sent wherever somebody else's text is shown: answers, prompts, titles, names and texts of files. Each is a line
of JSON in injections.jsonl, under a line that names their kind.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

LINES = (Path(__file__).parent / "injections.jsonl").read_text().splitlines()
INJECTIONS: tuple[str, ...] = tuple(dict.fromkeys(json.loads(line) for line in LINES if not line.startswith("#")))


def packed(payloads: Sequence[str], *, most_chars: int, between: str = " ") -> Iterator[str]:
    """The payloads joined to as few texts as there must be, none of them cut; one that is too long is left out."""
    text = ""
    for payload in payloads:
        if len(payload) > most_chars:
            continue
        joined = f"{text}{between}{payload}" if text else payload
        if len(joined) > most_chars:
            yield text
            joined = payload
        text = joined
    yield text
