"""Text in pictures, by the system's Tesseract: a process for each page that is given the picture and gives words."""

import ctypes
import io
import math
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from statistics import median
from typing import NamedTuple

from PIL import Image

from apps.documents.extraction.job import OcrJob
from apps.documents.extraction.limits import PR_SET_PDEATHSIG

MAX_PIXELS = 9_000_000  # of the picture that is read: A4 at 300 dpi
SMALL_PX = 1200  # a picture that is not as wide or high has letters too small to be told apart, so it is enlarged
FLAT = 8  # a picture whose lightness differs by less, of 255, is a blank page
WORD_LEVEL = 5  # of the rows that Tesseract writes: page, block, paragraph, line, word
MIN_CONFIDENCE = 35  # of a word, in percent: below it, a shape is more often none
GOOD_LINE_CONFIDENCE = 80  # of half of a line: in it a doubtful word ("you'll", "broadcast).[1]") is one too
MIN_MEAN_CONFIDENCE = 50  # of a page: below it, the "words" are those of a drawing or a photograph
LIST_TIMEOUT_S = 10
ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX")


class OcrTimeout(Exception):
    """A picture took more of the processor than a page may."""


class OcrFailed(Exception):
    """The program could not read a picture, or could not be run."""


class _Word(NamedTuple):
    line: tuple[str, ...]  # block, paragraph, line
    confidence: float
    text: str


@dataclass(frozen=True)
class Ocr:
    job: OcrJob

    @property
    def is_installed(self) -> bool:
        return bool(self.job.program)

    def read(self, picture: Image.Image) -> str:
        """The text in a grey picture; empty when there is none. Raises: OcrTimeout, OcrFailed."""
        dark, light = picture.getextrema()
        if light - dark < FLAT:  # type: ignore[operator]  # numbers, of a picture with one channel
            return ""
        table = self._run([*("stdin", "stdout", "-l", self._languages, "--dpi", "300"), "tsv"], _pgm(picture))
        return _text_of(list(_words(table)))

    @cached_property
    def _languages(self) -> str:
        """Those wanted that are installed, else whatever is."""
        listed = self._run(["--list-langs"], b"").split("\n")[1:]
        installed = [name.strip() for name in listed if name.strip() and name.strip() != "osd"]
        wanted = [name for name in self.job.languages.split("+") if name in installed]
        if not installed:
            raise OcrFailed
        return "+".join(wanted or installed[:1])

    def _run(self, arguments: Sequence[str], given: bytes) -> str:
        environment = {name: os.environ[name] for name in ENVIRONMENT if name in os.environ}
        try:
            done = subprocess.run(  # noqa: S603  found on the PATH; arguments are ours
                [self.job.program, *arguments],
                input=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self.job.wall_s if given else LIST_TIMEOUT_S,
                env={**environment, "OMP_THREAD_LIMIT": "1"},
                preexec_fn=self._bound,
                check=True,
            )
        except subprocess.TimeoutExpired:
            raise OcrTimeout from None
        except subprocess.CalledProcessError as error:
            raise (OcrTimeout if error.returncode == -signal.SIGXCPU else OcrFailed) from None
        except OSError:
            raise OcrFailed from None
        return done.stdout.decode(errors="replace")

    def _bound(self) -> None:
        """In the process to be: it ends with the child that began it, and has the child's limits beside."""
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        cpu_s = math.ceil(self.job.page_s)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _pgm(picture: Image.Image) -> bytes:
    """The picture as plain grey values: nothing to pack or unpack."""
    if max(picture.size) < SMALL_PX:
        picture = picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.LANCZOS)
    file = io.BytesIO()
    picture.save(file, "PPM")
    return file.getvalue()


def _words(table: str) -> Iterator[_Word]:
    for row in table.split("\n")[1:]:
        cells = row.rstrip("\r").split("\t")
        if len(cells) == 12 and cells[0] == str(WORD_LEVEL) and cells[11].strip():
            yield _Word(tuple(cells[2:5]), float(cells[10]), cells[11].strip())


def _text_of(words: list[_Word]) -> str:
    """Lines as they stand, a blank one between paragraphs, without what is hardly a word."""
    kept = [word for _, line in groupby(words, key=lambda word: word.line) for word in _likely(list(line))]
    if not kept or sum(word.confidence for word in words) / len(words) < MIN_MEAN_CONFIDENCE:
        return ""
    paragraphs = (
        "\n".join(" ".join(word.text for word in line) for _, line in groupby(paragraph, key=lambda word: word.line))
        for _, paragraph in groupby(kept, key=lambda word: word.line[:2])
    )
    text = "\n\n".join(paragraphs)
    return text if any(character.isalnum() for character in text) else ""


def _likely(line: list[_Word]) -> Iterator[_Word]:
    """Those that are words. Which a shape in a drawing is not, even where Tesseract has a letter for it."""
    is_good = median(word.confidence for word in line) >= GOOD_LINE_CONFIDENCE
    for word in line:
        if word.confidence >= MIN_CONFIDENCE or (is_good and any(map(str.isalnum, word.text))):
            yield word
