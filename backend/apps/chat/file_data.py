"""Text of files inside a prompt: material that can neither end its own place nor begin another one.

Each line of it begins with a bar, and no line of ours does. Whatever a file writes, whole lines of ours, our marks in
any form, or the control marks of a model's chat template, stands behind that bar, with the marks broken.
"""

import re

from apps.documents.passages.folding import character_folded

BAR = "| "
LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# By their folded form, without spaces and what is not seen.
MARK = re.compile(
    r"<(?=/?(?:passages|files)|\||/?(?:s|bos|eos|pad|unk|system|user|assistant|tool)>|(?:start|end)_?of_?turn|</?sys>)"
    r"|\[(?=/?inst\])"
)


def as_data(text: str) -> str:
    """`text` as lines that begin with a bar."""
    return "\n".join(BAR + line for line in LINE_END.split(_without_marks(text)))


def name_as_data(name: str) -> str:
    """The name of a file or page, on one line."""
    return " ".join(LINE_END.sub(" ", _without_marks(name)).replace('"', "'").split())


def _without_marks(text: str) -> str:
    """The same with the first sign of each mark exchanged for one that looks alike."""
    if not any(character_folded(character)[:1] in ("<", "[") for character in set(text)):
        return text
    folded: list[str] = []
    positions: list[int] = []
    for position, character in enumerate(text):
        for each in character_folded(character):
            if not each.isspace():
                folded.append(each)
                positions.append(position)
    characters = list(text)
    for match in MARK.finditer("".join(folded)):
        characters[positions[match.start()]] = "\u2039" if match.group() == "<" else "\u27e6"
    return "".join(characters)
