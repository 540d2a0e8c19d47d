"""What the gateway tells a child, in one variable of its environment: others of the machine see arguments."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

VARIABLE = "EXTRACTION_JOB"
# By the clock: where a machine is busy, a child gets little of its processor, and that is no fault of the file.
WALL_FACTOR = 6
PICTURE_SECONDS = 0.25  # of processor, to make the picture of a page that OCR reads


@dataclass(frozen=True)
class Limits:
    """Of one extraction: address space, processor seconds, and how much of a file is taken."""

    memory_mb: int
    cpu_s: int
    max_pages: int
    max_characters: int

    @property
    def xml_bytes(self) -> int:
        """What a packed file may unpack to: parsed, it takes about eight times that."""
        return self.memory_mb * 2**20 // 8

    @property
    def file_bytes(self) -> int:
        """What is taken of a file: it lies in memory, more than once."""
        return self.memory_mb * 2**20 // 4

    @property
    def output_bytes(self) -> int:
        """More than a child can have to say: a character takes at most 4 bytes, in its page and in its terms."""
        return 16 * self.max_characters + 4096 * self.max_pages + 2**20


@dataclass(frozen=True)
class OcrJob:
    """How pictures are read: the program, its languages ("eng+fra"), seconds and last page number for it."""

    program: str  # empty: there is none
    languages: str
    page_s: float  # of processor, for a picture
    max_pages: int

    @property
    def wall_s(self) -> float:
        """For a picture by the clock, where a busy machine gives little of its processor."""
        return WALL_FACTOR * self.page_s


@dataclass(frozen=True)
class Job:
    """`filename` is shown beside each passage; its suffix and `media_type` are what the sender says of the file.

    Pages are wanted from `first_page` to `last_page` (0: to the end) but for those of `failed`, which ended a child
    before. `language` is what is known of the document's, `characters` those of the pages before `first_page`, and
    `ocr_in_vain` how many of them OCR did not get through since it found words.
    """

    gateway_pid: int
    filename: str
    media_type: str
    limits: Limits
    ocr: OcrJob
    first_page: int = 1
    last_page: int = 0
    failed: tuple[int, ...] = ()
    language: str = ""
    characters: int = 0
    ocr_in_vain: int = 0

    @property
    def suffix(self) -> str:
        """Of the name, as ".pdf"; empty when it has none."""
        stem, dot, suffix = self.filename.rpartition(".")
        return (dot + suffix).lower() if stem and dot else ""

    def to_variable(self) -> dict[str, str]:
        return {VARIABLE: json.dumps(asdict(self))}

    @classmethod
    def of_environment(cls, environment: Mapping[str, str]) -> "Job":
        values = json.loads(environment[VARIABLE])
        parts = {"limits": Limits(**values["limits"]), "ocr": OcrJob(**values["ocr"])}
        return cls(**{**values, **parts, "failed": tuple(values["failed"])})
