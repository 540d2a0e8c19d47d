"""Names of files as their senders give them, made fit to store and to show."""

import unicodedata

MAX_CHARACTERS = 255
UNNAMED = "document"


def clean_filename(filename: str) -> str:
    """The last part of a path, without control and direction characters, its suffix kept when it is shortened."""
    last = filename.replace("\\", "/").rpartition("/")[2]
    # Cc, Cf, Cs, Co, Cn: controls, invisible direction marks, lone surrogates, private and unassigned.
    shown = "".join(character for character in last if not unicodedata.category(character).startswith("C")).strip()
    if len(shown) <= MAX_CHARACTERS:
        return shown or UNNAMED
    stem, dot, suffix = shown.rpartition(".")
    ending = dot + suffix if stem and len(suffix) <= 10 else ""
    return shown[: MAX_CHARACTERS - len(ending)] + ending
