"""The bytes of outputs: read from the store as docs/FORMAT.md tells, or asked for, and always verified."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import threading

from ._errors import DamagedOutput

_DIGEST = re.compile("[0-9a-f]{64}")


def read(store: str, digest: str, size: int, ask) -> bytes:
    """The bytes that a digest names.

    What the store's own file does not give, `ask` is asked for: the program looks into every layer and says
    what is damaged.
    """
    found = _stored(store, digest, size)
    if found is not None and len(found) == size and hashlib.sha256(found).hexdigest() == digest:
        return found
    return checked(ask(), digest)


def checked(content: bytes, digest: str, place: str = "") -> bytes:
    """The bytes, where they are the ones that the digest names."""
    found = hashlib.sha256(content).hexdigest()
    if found != digest:
        raise DamagedOutput(
            f"{place + ': ' if place else ''}expected bytes whose SHA-256 is {digest}, found {found}\n"
            "  fix: bitlaw verify, then bitlaw run, which makes again what is damaged")
    return content


def _stored(store: str, digest: str, size: int) -> "bytes | None":
    if not _DIGEST.fullmatch(digest):
        return None
    path = os.path.join(store, "cas", digest[:2], digest[2:] + ".zst")
    try:
        with open(path, "rb") as file:
            frame = file.read()
    except OSError:
        return None
    return _unpacked(frame, size)


def _unpacked(frame: bytes, size: int) -> "bytes | None":
    """The content of a zstd frame that is to have a size; None where it cannot be read here."""
    try:
        from compression import zstd  # Python 3.14
    except ImportError:
        zstd = None
    if zstd is not None:
        try:
            return zstd.ZstdDecompressor().decompress(frame, max_length=size + 1)
        except zstd.ZstdError:
            return None
    try:
        import zstandard
    except ImportError:
        return _unpacked_by_program(frame, size)
    try:
        if zstandard.frame_content_size(frame) != size:
            return None
        return zstandard.ZstdDecompressor().decompress(frame, max_output_size=size)
    except zstandard.ZstdError:
        return None


def _unpacked_by_program(frame: bytes, size: int) -> "bytes | None":
    program = shutil.which("zstd")
    if program is None:
        return None
    process = subprocess.Popen(
        [program, "-dcq"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, start_new_session=True)
    def feed():
        try:
            process.stdin.write(frame)
            process.stdin.close()
        except OSError:
            pass  # it has ended, and its exit code tells

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        content = process.stdout.read(size + 1)
    finally:
        process.stdout.close()
        code = process.wait()
        feeder.join()
    return content if code == 0 else None
