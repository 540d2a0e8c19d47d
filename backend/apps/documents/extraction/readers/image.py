"""Pictures: what OCR reads in them. A TIFF may have many, one to a page."""

from PIL import Image

from apps.documents.extraction.labels import label
from apps.documents.extraction.ocr import MAX_PIXELS
from apps.documents.extraction.pictures import check_size, open_picture, upright
from apps.documents.extraction.results import UNITS, Refused
from apps.documents.extraction.task import RawPage, RawPages, Task

UNIT = UNITS["image"]
MANY = "TIFF"  # of other formats the first picture says it all: the rest are films and previews


def read(content: bytes, task: Task) -> RawPages:
    """Yield the text in each picture; empty where there is none, or no OCR. Raises: Refused."""
    picture = open_picture(content)
    count = getattr(picture, "n_frames", 1) if picture.format == MANY else 1
    task.opened(count, Image.MIME[picture.format or ""])
    for number in range(1, count + 1):
        yield _page(picture, number, task) if task.wants(number) else None


def _page(picture: Image.Image, number: int, task: Task) -> RawPage:
    name = label(UNIT, number)
    try:
        if number > 1:
            picture.seek(number - 1)
            check_size(picture)
        grey = upright(picture, mode="L", max_pixels=MAX_PIXELS)
    except (Refused, MemoryError):
        raise
    except Exception:  # what the formats raise on damaged files is endless
        return RawPage(name, None)
    if not task.ocr.is_installed:
        return RawPage(name, "")
    if not task.may_recognise(number):
        return task.without_ocr(name, number, "")
    task.begins(number, ocr=True)
    return RawPage(name, task.recognised(grey), "ocr")
