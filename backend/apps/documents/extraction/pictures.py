"""Pictures that strangers made, opened within bounds: a few formats, and no more pixels than memory has room for."""

import io
import warnings
from math import sqrt

from PIL import Image, ImageOps

from apps.documents.extraction.results import Refused

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP")
MAX_PIXELS = 64_000_000  # of a picture as it comes: the largest of phones and scanners


def open_picture(content: bytes) -> Image.Image:
    """The picture, its pixels not yet unpacked. Raises: Refused."""
    warnings.simplefilter("ignore")  # damaged metadata is no matter here
    Image.MAX_IMAGE_PIXELS = None  # `check_size` has our bound, and its sentence
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
    except MemoryError:
        raise
    except Exception as error:  # what the formats raise on damaged files is endless
        raise Refused("broken") from error
    check_size(picture)
    return picture


def check_size(picture: Image.Image) -> None:
    """Raises: Refused when the frame at hand has too many pixels to unpack."""
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise Refused("too_large")
    if not width * height:
        raise Refused("broken")


def upright(picture: Image.Image, *, mode: str, max_pixels: int) -> Image.Image:
    """The frame at hand in `mode` ("L", "RGB") on white, turned as its camera was, in at most `max_pixels`."""
    if picture.format == "JPEG":
        picture.draft(mode, shrunk(picture.size, max_pixels))  # unpacks to fewer pixels where that is possible
    if picture.has_transparency_data:
        layered = picture.convert("RGBA")
        picture = Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered)
    turned = ImageOps.exif_transpose(picture).convert(mode)
    if turned.width * turned.height > max_pixels:
        turned = turned.resize(shrunk(turned.size, max_pixels))
    return turned


def shrunk(size: tuple[int, int], max_pixels: int) -> tuple[int, int]:
    """`size`, made smaller in proportion where it has more than `max_pixels`."""
    width, height = size
    factor = min(1.0, sqrt(max_pixels / (width * height)))
    return max(1, int(width * factor)), max(1, int(height * factor))
