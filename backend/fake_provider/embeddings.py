"""Vectors without a model: texts that share words are near each other, the same text always has the same vector."""

import math
import re
import unicodedata
from hashlib import blake2b

import orjson

DIMENSION = 256
MODEL = "fake-embeddings"
WORD = re.compile(r"\w+")
STEM_CHARS = 4  # so that "plants" is near "plant", and "makes" near "make"


class NoTexts(ValueError):
    """The request's body names no texts."""


def embeddings_answer(body: bytes) -> bytes:
    """The answer to `POST …/embeddings` in OpenAI's form. Raises: NoTexts."""
    try:
        texts = orjson.loads(body)["input"]
    except (orjson.JSONDecodeError, LookupError, TypeError) as error:
        raise NoTexts from error
    texts = [texts] if isinstance(texts, str) else texts
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise NoTexts
    data = [{"object": "embedding", "index": n, "embedding": vector_of(text)} for n, text in enumerate(texts)]
    tokens = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return orjson.dumps({"object": "list", "data": data, "model": MODEL, "usage": usage})


def vector_of(text: str) -> list[float]:
    """A unit vector: each word adds to a place that its hash names. One without words has the first axis."""
    vector = [0.0] * DIMENSION
    for word in WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        place = int.from_bytes(blake2b(word[:STEM_CHARS].encode(), digest_size=4).digest()) % DIMENSION
        vector[place] += 1.0
    length = math.hypot(*vector)
    return [number / length for number in vector] if length else [1.0, *vector[1:]]
