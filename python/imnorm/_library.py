"""libimnorm and its C interface, imnorm/c.h, by ctypes: which leaves the GIL free in every call."""

from __future__ import annotations

import ctypes
import os
from ctypes import (
    CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_int, c_int32, c_int64, c_size_t, c_uint32,
    c_uint64, c_void_p,
)  # fmt: skip
from pathlib import Path
from typing import Any, TypeVar

from imnorm.errors import class_of

C_VERSION = 1
NAME = "libimnorm.so.1"

STOP = CFUNCTYPE(c_int, c_void_p)
ON_FAILURE = CFUNCTYPE(None, c_void_p, c_char_p, c_int, c_char_p)
ON_PROGRESS = CFUNCTYPE(None, c_void_p, c_uint64, c_uint64, c_uint64)


class CPreset(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("name", c_char_p), ("summary", c_char_p), ("source", c_char_p),
    ]  # fmt: skip


class CPicture(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("format", c_char_p), ("width", c_int32), ("height", c_int32),
        ("channels", c_int32), ("bits", c_int32), ("has_alpha", c_int32), ("progressive", c_int32),
        ("orientation", c_int32), ("frames", c_uint64),
    ]  # fmt: skip


class CRowShape(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("sizes", c_int64 * 3), ("dtype", c_char_p), ("bytes", c_size_t),
    ]  # fmt: skip


class CPixels(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("samples", c_void_p), ("width", c_int32), ("height", c_int32),
        ("channels", c_int32), ("stride_bytes", c_size_t),
    ]  # fmt: skip


class CJob(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("inputs", POINTER(c_char_p)), ("input_count", c_size_t),
        ("plan", c_void_p), ("output", c_char_p), ("format", c_char_p), ("overwrite", c_int),
        ("strict", c_int), ("threads", c_int), ("user", c_void_p), ("stop", STOP),
        ("on_failure", ON_FAILURE), ("on_progress", ON_PROGRESS), ("shard", c_uint32),
        ("shards", c_uint32), ("histogram", c_int), ("percentiles", POINTER(c_double)),
        ("percentile_count", c_size_t), ("per_class", c_int),
    ]  # fmt: skip


class CResult(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("inputs", c_uint64), ("done", c_uint64), ("failed", c_uint64),
        ("passed_over", c_uint64), ("shape", c_int64 * 4), ("seconds", c_double),
    ]  # fmt: skip


class CLayer(Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("method", c_char_p), ("sample_shape", POINTER(c_int64)),
        ("sample_axes", c_size_t), ("input", c_char_p), ("dtype", c_char_p), ("scale", c_double),
        ("eps", c_double), ("groups", c_int32), ("threads", c_int32), ("weight", c_void_p),
        ("bias", c_void_p), ("running_mean", c_void_p), ("running_var", c_void_p),
        ("num_batches_tracked", c_void_p), ("momentum", c_double), ("eval", c_int32),
    ]  # fmt: skip


# Name, what it returns, its arguments; what returns None here gives a code.
_TEXT = POINTER(c_void_p)
_FUNCTIONS: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("c_version", c_int, ()),
    ("version", c_char_p, ()),
    ("last_error", c_char_p, ()),
    ("plan_from_json", c_int, (c_char_p, c_size_t, POINTER(c_void_p))),
    ("plan_from_preset", c_int, (c_char_p, POINTER(c_void_p))),
    ("plan_set", c_int, (c_void_p, c_char_p, c_char_p)),
    ("plan_json", c_char_p, (c_void_p,)),
    ("plan_free", None, (c_void_p,)),
    ("preset_at", c_int, (c_size_t, POINTER(CPreset))),
    ("probe", c_int, (c_void_p, c_size_t, POINTER(CPicture))),
    ("preprocessor_new", c_int, (c_void_p, POINTER(c_void_p))),
    ("preprocessor_free", None, (c_void_p,)),
    ("preprocessor_shape", c_int, (c_void_p, c_void_p, c_size_t, POINTER(CRowShape))),
    ("preprocessor_shape_of_size", c_int, (c_void_p, c_int32, c_int32, POINTER(CRowShape))),
    ("preprocessor_run", c_int,
     (c_void_p, c_void_p, c_size_t, c_void_p, c_size_t, POINTER(c_uint32))),
    ("preprocessor_run_pixels", c_int,
     (c_void_p, POINTER(CPixels), c_void_p, c_size_t, POINTER(c_uint32))),
    ("normalize", c_int, (POINTER(CJob), POINTER(CResult))),
    ("measure", c_int, (POINTER(CJob), _TEXT, POINTER(CResult))),
    ("statistics_merge", c_int, (POINTER(c_char_p), c_size_t, _TEXT)),
    ("statistics_emit", c_int, (c_char_p, c_char_p, _TEXT)),
    ("text_free", None, (c_void_p,)),
    ("layer_normalize", c_int, (POINTER(CLayer), c_void_p, c_int64, c_void_p)),
)  # fmt: skip


def _places() -> list[str]:
    """Where the library may be: named, in the package, in a build tree, where the system has it."""
    package = Path(__file__).resolve().parent
    named = os.environ.get("IMNORM_LIBRARY")
    if named:
        return [named]
    return [*(str(place) for place in sorted(package.glob("lib/libimnorm.so*"))), NAME]


def _load() -> ctypes.CDLL:
    problem = ""
    for place in _places():
        try:
            library = ctypes.CDLL(place)
        except OSError as error:
            problem = problem or str(error)
            continue
        found = library.imnorm_c_version()
        if found != C_VERSION:
            raise ImportError(f"{place} has version {found} of the C interface, not {C_VERSION}")
        for name, returns, arguments in _FUNCTIONS:
            function = getattr(library, f"imnorm_{name}")
            function.restype, function.argtypes = returns, arguments
        return library
    raise ImportError(f"no libimnorm ({problem}); IMNORM_LIBRARY names its file")


c = _load()

AnyStructure = TypeVar("AnyStructure", bound=Structure)


def sized(kind: type[AnyStructure], **members: Any) -> AnyStructure:
    """A structure that says how long it is, as every one of the interface begins."""
    return kind(struct_size=ctypes.sizeof(kind), **members)


def check(code: int, path: str | None = None) -> None:
    """Raises the exception of a code that is not OK, with the reason that this thread was given."""
    if code != 0:
        reason = c.imnorm_last_error().decode("utf-8", "backslashreplace")
        raise class_of(code)(f"{path}: {reason}" if path else reason, path)


def take_text(text: c_void_p) -> str:
    """A text that the library made, which ends here."""
    try:
        return ctypes.string_at(text.value or 0).decode("utf-8", "surrogateescape")
    finally:
        c.imnorm_text_free(text)


def version() -> str:
    """The version of the library.

    >>> import imnorm
    >>> imnorm.version().count(".")
    2
    """
    return c.imnorm_version().decode()
