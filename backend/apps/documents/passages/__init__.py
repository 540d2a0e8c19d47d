"""Pieces of pages, and the words by which they are found. Pure Python, without Django: a child process uses it too."""

from apps.documents.passages.choosing import passage_tokens
from apps.documents.passages.cutting import Passage, SourcePage, passages_of

__all__ = ["Passage", "SourcePage", "passage_tokens", "passages_of"]
