"""Pictures as people have them: paths, bytes, arrays, PIL pictures."""

from __future__ import annotations

import os
from ctypes import byref
from typing import Any, NamedTuple, Union

import numpy as np

from imnorm._library import CPicture, c, check, sized
from imnorm.errors import BadArgumentError

Buffer = Union[bytes, bytearray, memoryview]
PictureLike = Union[str, "os.PathLike[str]", Buffer, "np.ndarray[Any, Any]", Any]


class Picture(NamedTuple):
    """What the headers of a file say; width and height as stored, before orientation."""

    format: str
    width: int
    height: int
    channels: int
    bits: int
    has_alpha: bool
    progressive: bool
    orientation: int
    frames: int


class File(NamedTuple):
    """A picture file in memory."""

    address: Any  # what ctypes takes as a pointer
    size: int
    path: str | None
    keeps: Any  # what the address belongs to


class Pixels(NamedTuple):
    """A picture that is decoded."""

    samples: np.ndarray[Any, Any]  # (height, width, channels), each row dense
    path: None = None


def read(path: str | os.PathLike[str] | bytes) -> bytes:
    """A file's bytes."""
    with open(path, "rb", buffering=0) as file:
        return file.read()


def of_path(path: Any) -> File:
    data = read(path)
    return File(data, len(data), os.fsdecode(path), None)


def of_array(array: np.ndarray[Any, Any]) -> File | Pixels:
    """An array of a picture's samples; one axis is a file's bytes."""
    if array.dtype != np.uint8:
        raise BadArgumentError(f"an array of pixels holds uint8, not {array.dtype}")
    if array.ndim == 1:
        array = np.ascontiguousarray(array)
        return File(array.ctypes.data, array.size, None, array)
    if array.ndim == 2:
        array = array[:, :, None]
    if array.ndim != 3 or not 1 <= array.shape[2] <= 4:
        raise BadArgumentError(f"an array of pixels is (height, width, 1 to 4), not {array.shape}")
    dense = array.strides[1:] == (array.shape[2], 1) and array.strides[0] >= 0
    return Pixels(array if dense else np.ascontiguousarray(array))


def of_pil(picture: Any) -> File | Pixels:
    """A PIL picture, upright as it stands."""
    if picture.mode.startswith("I;16"):  # the high byte, as of a file; convert would clip
        return of_array((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.mode in ("PA", "La", "RGBa"):
        picture = picture.convert("RGBA")
    elif picture.mode not in ("L", "LA", "RGB", "RGBA"):
        picture = picture.convert("L" if picture.mode in ("1", "I", "F") else "RGB")
    return of_array(np.asarray(picture))


def of_any(picture: PictureLike) -> File | Pixels:
    """A picture of any kind; the shapes of what the library is called with."""
    if isinstance(picture, bytes):
        return File(picture, len(picture), None, None)
    if isinstance(picture, (str, os.PathLike)):
        return of_path(picture)
    if isinstance(picture, np.ndarray):
        return of_array(picture)
    if isinstance(picture, (bytearray, memoryview)):
        return of_array(np.frombuffer(picture, np.uint8))
    if hasattr(picture, "mode") and hasattr(picture, "convert"):
        return of_pil(picture)
    raise BadArgumentError(
        f"a picture is a path, a file's bytes, an array or a PIL picture, not {type(picture)!r}"
    )


def probe(picture: str | os.PathLike[str] | Buffer) -> Picture:
    """What a file is, from its headers alone.

    >>> import imnorm
    >>> found = imnorm.probe("sample_images/coast/cliffs.jpg")
    >>> (found.format, found.channels, found.bits)
    ('jpeg', 3, 8)
    """
    file = of_any(picture)
    if not isinstance(file, File):
        raise BadArgumentError("a probe is of a path or of a file's bytes")
    found = sized(CPicture)
    check(c.imnorm_probe(file.address, file.size, byref(found)), file.path)
    return Picture(
        found.format.decode(), found.width, found.height, found.channels, found.bits,
        bool(found.has_alpha), bool(found.progressive), found.orientation, found.frames,
    )  # fmt: skip
