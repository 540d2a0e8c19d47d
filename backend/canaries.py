"""What must never be written anywhere: the tests plant it everywhere, and their whole output is searched for it."""

import re

KEY = "a-private-key"
SECRET = "a-secret-of-the-tests"  # noqa: S105  of the tests
CANARIES = {
    "a provider's key": re.compile(re.escape(KEY)),
    "the internal secret": re.compile(re.escape(SECRET)),
    "a prompt": re.compile(r"\[\[\w+(\.\w+)?="),  # the fake provider's directives, which stand in the tests' prompts
    "an answer": re.compile(r"t\d+ t\d+ "),  # the fake provider's tokens
}


def leaks(output: str) -> list[str]:
    """What of it stands in `output`, each with the line where it was found."""
    found = []
    for name, pattern in CANARIES.items():
        for match in pattern.finditer(output):
            start = output.rfind("\n", 0, match.start()) + 1
            end = output.find("\n", match.end())
            found.append(f"{name}: {output[start : end if end >= 0 else None][:300]}")
    return found
