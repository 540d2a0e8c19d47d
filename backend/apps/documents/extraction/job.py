"""What the gateway tells a child, as its one argument."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Limits:
    """Of one extraction: address space, processor seconds, and how much of a file is taken."""

    memory_mb: int
    cpu_s: int
    max_pages: int
    max_characters: int

    @property
    def xml_bytes(self) -> int:
        """What an Office file may unpack to: parsed, it takes about eight times that."""
        return self.memory_mb * 2**20 // 8

    @property
    def output_bytes(self) -> int:
        """More than a child can have to say: a character takes up to 6 bytes of JSON, a page's frame below 200."""
        return 6 * self.max_characters + 200 * self.max_pages + 65_536


@dataclass(frozen=True)
class Job:
    """`suffix` (".pdf") and `media_type` are what the sender says of the file; its name stays in the gateway."""

    gateway_pid: int
    suffix: str
    media_type: str
    limits: Limits

    def to_argument(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_argument(cls, argument: str) -> "Job":
        values = json.loads(argument)
        return cls(**{**values, "limits": Limits(**values["limits"])})
