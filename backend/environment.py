"""The one rule by which gateway, worker and supervisor read their settings.

Values come from the process environment, and from a `.env` file where the environment has none.
An empty value or `...` (the specification's own way to write "yours goes here") is unset;
`...` in a list is dropped; inline comments of the file are cut; the last of two equal names counts.
"""

import logging
import os
import re
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

log = logging.getLogger("lamla.environment")
REPOSITORY = Path(__file__).resolve().parent.parent
ENV_FILE = REPOSITORY / ".env"
ENV_FILE_NAME = "LAMLA_ENV_FILE"  # names another file; tests use it, so that a developer's keys stay out of them
UNSET = frozenset({"", "..."})
PLACEHOLDER_SECRET = "your-secret-key-here"  # noqa: S105  the specification's sample, known to everybody
TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
WHOLE_NUMBER = re.compile(r"-?[0-9]{1,18}")


class ConfigurationError(Exception):
    """A setting that cannot work; its text is one sentence that says what to do."""


class Environment:
    """Settings by name, typed at the call; a value that cannot be read names its variable."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {name: value.strip() for name, value in values.items() if value.strip() not in UNSET}

    @classmethod
    def load(cls, process: Mapping[str, str] | None = None) -> "Environment":
        """Read the .env file when there is one; what is set in `process` (default: the real environment) wins."""
        process = os.environ if process is None else process
        file = Path(process.get(ENV_FILE_NAME) or ENV_FILE)
        written = dotenv_values(file, interpolate=False) if file.is_file() else {}
        merged = {name: value for name, value in written.items() if value is not None}
        given = {name: value for name, value in process.items() if value.strip() not in UNSET}
        return cls({**merged, **given})

    def text(self, name: str, default: str = "") -> str:
        return self._values.get(name, default)

    def items(self, name: str, default: str = "") -> list[str]:
        """A comma-separated list; empty entries and `...` are dropped."""
        entries = (entry.strip() for entry in self.text(name, default).split(","))
        return [entry for entry in entries if entry not in UNSET]

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self.text(name).lower()
        if not value:
            return default
        if value not in TRUE | FALSE:
            raise ConfigurationError(f"{name} is {value!r}; write true or false.")
        return value in TRUE

    def integer(self, name: str, default: int, *, at_least: int = 0) -> int:
        value = self.text(name) or str(default)
        if not WHOLE_NUMBER.fullmatch(value) or int(value) < at_least:
            raise ConfigurationError(f"{name} is {value[:40]!r}; write a whole number of at least {at_least}.")
        return int(value)

    def seconds(self, name: str, default: float) -> float:
        value = self.text(name) or str(default)
        try:
            number = float(value)
        except ValueError:
            number = -1
        if not 0 < number < float("inf"):
            raise ConfigurationError(f"{name} is {value!r}; write a number of seconds above 0.")
        return number

    def secrets(self, name: str, *, exposed: bool) -> list[str]:
        """The secrets of `name`, first the one to send; `exposed` when the service is reached from elsewhere.

        Raises: ConfigurationError when none is set, or when an exposed service would use the public sample.
        """
        found = self.items(name)
        if not found:
            raise ConfigurationError(
                f"{name} is not set. Put the same random value into .env for gateway and worker, for example "
                f"from: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        if exposed and PLACEHOLDER_SECRET in found:
            raise ConfigurationError(
                f"{name} is the sample value that everybody knows; it is only accepted on this machine alone. "
                f"Replace it in .env by a random one."
            )
        if PLACEHOLDER_SECRET in found:
            log.warning("%s is the public sample value; that is accepted on this machine alone", name)
        return found
