"""Nasty pictures: sizes that are declared or unpacked, frames without end, and drawings that OCR labours at."""

import io
import random
import struct
import zlib
from functools import partial

from PIL import Image

from apps.documents.tests.nasty.case import BROKEN, EMPTY, TOO_LARGE, Nasty, read, refused
from apps.documents.tests.sample_files import pictures_pdf
from apps.documents.tests.sample_formats import picture_file

PNG = b"\x89PNG\r\n\x1a\n"
GREY, COLOURS_AND_ALPHA = 0, 6
NOISE_PX = 3000


def png(width: int, height: int, *, packed: bytes, bits: int = 8, colours: int = GREY, more: bytes = b"") -> bytes:
    """A PNG whose header says this, with `packed` as its pixels and the chunks `more` before them."""
    header = struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, 0)
    return PNG + chunk(b"IHDR", header) + more + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([*(packer.compress(bytes(2**20)) for _ in range(megabytes)), packer.flush()])


def declared_png() -> bytes:
    """A chunk of pixels that says it has 2 GB."""
    return PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", 9, 9, 8, 0, 0, 0, 0)) + b"\x7f\xff\xff\xffIDAT" + bytes(99)


def noise() -> bytes:
    """Nine million pixels of noise, in which OCR may look for letters for ever."""
    pixels = random.Random(8).randbytes(NOISE_PX * NOISE_PX)
    return saved(Image.frombytes("L", (NOISE_PX, NOISE_PX), pixels), "PNG")


def letters() -> bytes:
    """Nine million pixels full of small marks that look like letters."""
    tile = Image.open(io.BytesIO(picture_file("il1|!.,:;i'`j"))).convert("L").resize((200, 70))
    page = Image.new("L", (NOISE_PX, NOISE_PX), 255)
    for x in range(0, NOISE_PX, 130):
        for y in range(0, NOISE_PX, 14):
            page.paste(tile.crop((8, 8, 138, 22)), (x, y))
    return saved(page, "PNG")


def saved(picture: Image.Image, file_format: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, file_format, **options)
    return file.getvalue()


def tiff(frames: int, *, width: int = 16, height: int = 16, loops: bool = False) -> bytes:
    """A TIFF of as many frames that share their pixels; with `loops`, the first comes after the last."""
    pixels = b"\xff" * 32
    body = struct.pack("<2sHI", b"II", 42, 8 + len(pixels)) + pixels
    tags = [(256, width), (257, height), (258, 1), (259, 1), (262, 1), (273, 8), (278, height), (279, 32)]
    size = 2 + 12 * len(tags) + 4
    for number in range(frames):
        following = len(body) + size if number < frames - 1 else 8 + len(pixels) if loops else 0
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
        body += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return body


def gif(frames: int, *, side: int) -> bytes:
    """A GIF of as many frames, which declares a screen of `side` × `side` pixels."""
    head = b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"," + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\x02\x02\x4c\x01\0"
    return head + frame * frames + b";"


def webp() -> bytes:
    """A WebP that declares 16,777,216 × 256 pixels."""
    size = struct.pack("<I", 2**24 - 1)[:3] + struct.pack("<I", 255)[:3]
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + b"\x10\0\0\0" + size + b"ALPH" + struct.pack("<I", 4) + bytes(4)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg() -> bytes:
    """A JPEG whose header says that it has four billion pixels."""
    content = saved(Image.new("L", (16, 16)), "JPEG")
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + b"\xff\xdc\xff\xdc" + content[at + 4 :]


def scanned_again(times: int) -> bytes:
    """A progressive JPEG of 16 million pixels, which is gone over again and again."""
    content = saved(Image.new("L", (4000, 4000), 200), "JPEG", progressive=True)
    first = content.index(b"\xff\xda")
    second = content.index(b"\xff\xda", first + 2)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * times + content[-2:] if second else content


def bmp() -> bytes:
    """A BMP that declares 2 GB."""
    size = struct.pack("<iiHHIIiiII", 2**15, -(2**16), 1, 8, 0, 0, 1, 1, 0, 0)
    return b"BM" + struct.pack("<IHHI", 2**31, 0, 0, 54) + struct.pack("<I", 40) + size + bytes(99)


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 3]


def _text_bomb() -> bytes:
    return png(9, 9, packed=zlib.compress(bytes(90)), more=chunk(b"zTXt", b"a\0\0" + packed(200)))


def _profile_bomb() -> bytes:
    return png(9, 9, packed=zlib.compress(bytes(90)), more=chunk(b"iCCP", b"a\0\0" + packed(200)))


PICTURES: tuple[Nasty, ...] = (
    refused("PNG of 3.6 billion pixels", "a.png", partial(png, 60_000, 60_000, packed=b""), TOO_LARGE),
    refused(
        "PNG of 60 million pixels",
        "a.png",
        lambda: png(30_000, 2000, packed=packed(58)),
        BROKEN,
        TOO_LARGE,
        says="",
        is_slow=True,
    ),
    refused(
        "PNG of half a gigabyte",
        "a.png",
        lambda: png(8000, 8000, packed=packed(489), bits=16, colours=COLOURS_AND_ALPHA),
        TOO_LARGE,
        BROKEN,
        says="",
        is_slow=True,
    ),
    refused(
        "PNG a pixel high",
        "a.png",
        lambda: png(60_000_000, 1, packed=packed(58)),
        TOO_LARGE,
        BROKEN,
        says="",
        is_slow=True,
    ),
    refused("2 GB declared in PNG", "a.png", declared_png, BROKEN, says=""),
    refused("words packed in PNG", "a.png", _text_bomb, BROKEN, TOO_LARGE, says="", is_slow=True),
    refused("profile packed in PNG", "a.png", _profile_bomb, BROKEN, TOO_LARGE, says="", is_slow=True),
    refused("TIFF of 4 billion pixels", "a.tif", partial(tiff, 1, width=65_535, height=65_535), TOO_LARGE),
    refused("TIFF that loops", "a.tif", partial(tiff, 3, loops=True), BROKEN, says=""),
    read("TIFF of 20,000 pictures", "a.tif", partial(tiff, 20_000), "", pages=20_000, is_slow=True),
    refused("GIF of 4 billion pixels", "a.gif", partial(gif, 1, side=65_535), TOO_LARGE),
    read("GIF of 100,000 pictures", "a.gif", partial(gif, 100_000, side=1), "", pages=1),
    refused("WebP of 4 billion pixels", "a.webp", webp, TOO_LARGE, BROKEN),
    refused("JPEG of 4 billion pixels", "a.jpg", jpeg, TOO_LARGE),
    refused("JPEG gone over 2,000 times", "a.jpg", partial(scanned_again, 2000), BROKEN, says="", is_slow=True),
    refused("2 GB declared in BMP", "a.bmp", bmp, TOO_LARGE, BROKEN),
    refused("a third of a JPEG", "a.jpg", lambda: _cut(picture_file(file_format="JPEG")), BROKEN, says=""),
    refused("a third of a PNG", "a.png", lambda: _cut(picture_file()), BROKEN, says=""),
    refused("a third of a TIFF", "a.tif", lambda: _cut(picture_file(file_format="TIFF")), BROKEN, says=""),
    refused("a third of a WebP", "a.webp", lambda: _cut(picture_file(file_format="WEBP")), BROKEN, says=""),
    read("noise", "a.png", noise, "", is_slow=True),
    read("a page of marks", "a.png", letters, "", is_slow=True),
    refused("scan of pages of marks", "a.pdf", lambda: pictures_pdf([letters()] * 6), EMPTY, is_slow=True, within_s=45),
    read("one pixel", "a.png", lambda: png(1, 1, packed=zlib.compress(b"\0\0")), ""),
)
