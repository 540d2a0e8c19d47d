"""Entry of every `make` command: refuses a Python that is too old, then hands over to `scripts.tasks`.

This file alone has to run on any Python from 3.6 on, so that an old one says a sentence and not a SyntaxError.
"""

import importlib
import sys

MINIMUM = (3, 11)


def refusal(version: "tuple[int, ...]", executable: str) -> str:
    """The sentence for a Python that is too old, or an empty string for one that will do."""
    if version[:2] >= MINIMUM:
        return ""
    found = ".".join(str(number) for number in version[:3])
    needed = ".".join(str(number) for number in MINIMUM)
    return (
        f"Lamla needs Python {needed} or newer, and {executable} is {found}: install a newer one, "
        f"or name yours with PYTHON=/path/to/python3.12."
    )


if __name__ == "__main__":
    sentence = refusal(tuple(sys.version_info[:3]), sys.executable)
    if sentence:
        sys.exit(sentence)
    sys.exit(importlib.import_module("scripts.tasks").main(sys.argv[1:]))
