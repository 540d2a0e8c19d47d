"""Writes .env, once, from .env.example, with random secrets."""

import os
import re
import secrets
from collections import defaultdict
from pathlib import Path

SECRET_BYTES = 32


def fill_in(example: str) -> str:
    """The example with a random value for each secret, the same one on all lines of a name."""
    values: defaultdict[str, str] = defaultdict(lambda: secrets.token_urlsafe(SECRET_BYTES))
    return re.sub(
        r"^(SECRET_KEY|FASTAPI_SECRET|POSTGRES_PASSWORD)=\S*",
        lambda line: f"{line[1]}={values[line[1]]}",
        example,
        flags=re.MULTILINE,
    )


def write_once(target: Path, example: Path) -> bool:
    """Write `target`, readable by its owner alone; False, and nothing is touched, when there is one already."""
    content = fill_in(example.read_text()).encode()
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except BaseException:
        target.unlink()  # half a file would be kept for ever, since an existing one is never written again
        raise
    return True
