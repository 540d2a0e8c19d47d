"""ZIP packages with one thing wrong: a part replaced or swollen, or a directory that lies about it."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

MEGABYTE = 2**20
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
LOCAL_BYTES, CENTRAL_BYTES = 30, 46


def replaced(package: bytes, parts: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """`package` with these parts in place of its own, new ones at its end."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(file, "w", method) as target:
        for name in dict.fromkeys([*source.namelist(), *parts]):
            target.writestr(name, parts[name] if name in parts else source.read(name))
    return file.getvalue()


def swollen(package: bytes, part: str, *, megabytes: int, prefix: bytes = b"", filler: bytes = b" ") -> bytes:
    """`package` whose `part` unpacks to as much space of `filler` after `prefix`."""
    file = io.BytesIO()
    block = filler * (MEGABYTE // len(filler))
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in dict.fromkeys([*source.namelist(), part]):
            if name != part:
                target.writestr(name, source.read(name))
                continue
            with target.open(name, "w", force_zip64=True) as member:
                member.write(prefix)
                for _ in range(megabytes):
                    member.write(block)
    return file.getvalue()


def patched(
    package: bytes, part: str, *, size: int | None = None, flags: int | None = None, method: int | None = None
) -> bytes:
    """`package` whose directory and header say these things of `part`, which are not so."""
    data = bytearray(package)
    for at, name, header_at in _entries(package):
        if name != part:
            continue
        for value, form, in_central, in_local in (
            (size, "<I", 24, 22),
            (flags, "<H", 8, 6),
            (method, "<H", 10, 8),
        ):
            if value is not None:
                struct.pack_into(form, data, at + in_central, value)
                struct.pack_into(form, data, header_at + in_local, value)
    return bytes(data)


def greedy_lzma(package: bytes, part: str, xml: bytes) -> bytes:
    """`package` whose `part` is packed by LZMA, and asks for a dictionary of 4 GB to be unpacked with."""
    data = bytearray(replaced(package, {part: xml}, method=zipfile.ZIP_LZMA))
    for _, name, header_at in _entries(bytes(data)):
        if name == part:
            name_bytes, extra_bytes = struct.unpack_from("<HH", data, header_at + 26)
            begins = header_at + LOCAL_BYTES + name_bytes + extra_bytes
            struct.pack_into("<I", data, begins + 5, 2**32 - 1)  # after version, length, and a byte of other properties
    return bytes(data)


def overlapping(names: list[str], *, megabytes: int) -> bytes:
    """A ZIP whose members are all packed in the same bytes: each one's data is the header of the next, and its data."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packer.compress(bytes(megabytes * MEGABYTE)) + packer.flush()
    size, central = megabytes * MEGABYTE, b""
    headers: list[tuple[str, int, int, int]] = []  # name, packed, unpacked, distance from the end
    for name in reversed(names):
        packed = len(body)
        header = struct.pack("<4s5H3I2H", LOCAL, 20, 0, 8, 0, 0, 0, packed, size, len(name), 0) + name.encode()
        headers.append((name, packed, size, len(header) + packed))
        quote = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF)  # a block of deflate that is stored
        body = quote + header + body
        size += len(header)
    body = body[5:]
    for name, packed, unpacked, distance in headers:
        at = len(body) - distance
        central += struct.pack(
            "<4s6H3I5H2I", CENTRAL, 20, 20, 0, 8, 0, 0, 0, packed, unpacked, len(name), 0, 0, 0, 0, 0, at
        )
        central += name.encode()
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(names), len(names), len(central), len(body), 0)
    return body + central + end


def nested_zip(levels: int, *, width: int = 10) -> bytes:
    """A ZIP of ZIPs of ZIPs, the innermost a megabyte of nothing."""
    content = bytes(MEGABYTE)
    for _ in range(levels):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(width):
                archive.writestr(f"{number}.zip", content)
        content = file.getvalue()
    return content


def with_link(package: bytes, part: str, *, target: str) -> bytes:
    """`package` whose `part` is a symbolic link."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(file, "w") as copy:
        for name in source.namelist():
            if name != part:
                copy.writestr(name, source.read(name))
        link = zipfile.ZipInfo(part)
        link.create_system, link.external_attr = 3, 0o120777 << 16
        copy.writestr(link, target)
    return file.getvalue()


def _entries(package: bytes) -> list[tuple[int, str, int]]:
    """Of the directory: where each entry stands, its name, where its header stands."""
    entries, at = [], package.find(CENTRAL)
    while package.startswith(CENTRAL, at):
        name_bytes, extra_bytes, comment_bytes = struct.unpack_from("<HHH", package, at + 28)
        (header_at,) = struct.unpack_from("<I", package, at + 42)
        name = package[at + CENTRAL_BYTES : at + CENTRAL_BYTES + name_bytes].decode()
        entries.append((at, name, header_at))
        at += CENTRAL_BYTES + name_bytes + extra_bytes + comment_bytes
    return entries
