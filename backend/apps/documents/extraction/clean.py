"""Text as it can be stored, searched and quoted, changed as little as possible."""

import re

LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# NUL (Postgres refuses it), other control characters, lone surrogates (UTF-8 has none), noncharacters.
UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def clean_text(text: str) -> tuple[str, bool]:
    """`text` with every line break as "\\n" and without characters that cannot be stored; whether any was removed.

    Words, hyphens, ligatures, spaces and the breaks between lines stay, so that a quote can be found in the file.
    """
    cleaned = UNSTORABLE.sub("", LINE_BREAKS.sub("\n", text))
    return cleaned, UNSTORABLE.search(text) is not None
