"""Text that can be stored and sent on: no NUL (Postgres refuses it), no lone surrogates (UTF-8 has none)."""

from typing import Annotated

from pydantic import AfterValidator


def check_text(value: str) -> str:
    if "\x00" in value:
        raise ValueError("It holds a NUL character, which cannot be stored.")
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError("It holds half of a character (a lone surrogate), which cannot be stored.") from None
    return value


CleanText = Annotated[str, AfterValidator(check_text)]
