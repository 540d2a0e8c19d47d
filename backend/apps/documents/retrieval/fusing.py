"""Several rankings into one, by reciprocal rank: no scores of different kinds have to be compared."""

from collections import defaultdict
from collections.abc import Sequence

# k: how slowly a place further down counts less. Far below the usual 60: where the two rankings have little in common,
# as for a question in other words, what both have somewhere must not come before what one of them has first.
RANK_OFFSET = 3


def fused(*rankings: tuple[Sequence[int], float]) -> list[int]:
    """Each ranking with its weight; what stands in several comes before what stands as high in one."""
    scores: dict[int, float] = defaultdict(float)
    for ids, weight in rankings:
        for rank, pk in enumerate(ids, 1):
            scores[pk] += weight / (RANK_OFFSET + rank)
    return sorted(scores, key=lambda pk: (-scores[pk], pk))
