"""From pages to the passages that a question needs: `cutting`, `ranking`, `choosing`. Without Django."""

from apps.documents.passages.choosing import Selection, passage_tokens, passages_choose
from apps.documents.passages.cutting import Passage, SourcePage, passages_of

__all__ = ["Passage", "Selection", "SourcePage", "passage_tokens", "passages_choose", "passages_of"]
