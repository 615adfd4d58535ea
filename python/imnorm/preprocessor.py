"""Pictures -> rows of a tensor, by the library's preprocessor."""

from __future__ import annotations

import os
from collections.abc import Sequence
from ctypes import byref, c_uint32, c_void_p
from typing import Any

import numpy as np

from imnorm import _threads
from imnorm._library import CPixels, CRowShape, c, check, sized
from imnorm.errors import BadArgumentError, TooLargeError
from imnorm.pictures import File, PictureLike, Pixels, of_any
from imnorm.plans import Plan, PlanLike, dtype_word

NOTES = (
    "rotation_not_applied", "bits_reduced", "alpha_dropped", "further_pages", "further_frames",
    "codec_warning", "nodata", "scans_missing", "nodata_kept", "nodata_filled",
    "profile_ignored",
)  # fmt: skip


class _Handle:
    """A preprocessor of the library, for one thread at a time."""

    def __init__(self, plan: Plan) -> None:
        self._free = c.imnorm_preprocessor_free
        self.pointer = c_void_p()
        check(c.imnorm_preprocessor_new(plan.pointer, byref(self.pointer)))
        self.notes = c_uint32()

    def __del__(self) -> None:
        if getattr(self, "pointer", None):
            self._free(self.pointer)


class Preprocessor:
    """Decodes, resizes, crops and normalises pictures as a plan says.

    `plan` is a preset's name (as people know it: a model's, a weights', a hub id), the path of a
    model's config file (preprocessor_config.json, timm's, open_clip's, imnorm's own), the same as a
    dict, torchvision's weights or a transformers image processor. `like`, `channels`, `exif`,
    `icc`, `dtype`, `layout`, `mean` and `std` go over it.

    A picture is a path, a file's bytes, a uint8 array (height, width, channels) or a PIL picture.
    The rows are those of ``imnorm normalize``, bit for bit. Safe to call from any number of threads
    and in processes that were forked or spawned; can be pickled.

    >>> import imnorm
    >>> preprocess = imnorm.Preprocessor("clip", dtype="float16")
    >>> batch = preprocess("sample_images/coast/cliffs.jpg")
    >>> batch.shape, batch.dtype.name
    ((1, 3, 224, 224), 'float16')
    >>> preprocess.row("sample_images/coast/cliffs.jpg").shape
    (3, 224, 224)
    """

    def __init__(
        self,
        plan: PlanLike = "imagenet",
        *,
        like: str | None = None,
        channels: str | None = None,
        exif: str | None = None,
        icc: str | None = None,
        dtype: Any = None,
        layout: str | None = None,
        mean: Sequence[float] | None = None,
        std: Sequence[float] | None = None,
        threads: int = 1,
    ) -> None:
        self._set_up(
            Plan(plan, like=like, channels=channels, exif=exif, icc=icc, dtype=dtype,
                 layout=layout, mean=mean, std=std),
            threads,
        )  # fmt: skip

    def _set_up(self, plan: Plan, threads: int) -> None:
        if threads < 0:
            raise BadArgumentError(f"threads is 0 (all CPUs) or more, not {threads}")
        self._plan = plan
        self._threads = threads
        self._idle = [_Handle(plan)]  # also says what is wrong with the plan, now
        self.dtype: str = plan.as_dict()["values"]["dtype"]
        self.notes: dict[str, int] = {}
        shape = sized(CRowShape)
        fixed = c.imnorm_preprocessor_shape(self._idle[0].pointer, None, 0, byref(shape)) == 0
        self.shape: tuple[int, int, int] | None = tuple(shape.sizes) if fixed else None

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (self._plan.json, self._threads)

    def __repr__(self) -> str:
        plan = self.plan
        shape = "x".join(map(str, self.shape)) if self.shape else "as the picture"
        return f"<imnorm.Preprocessor {plan['preset']!r} like {plan['like']} {shape} {self.dtype}>"

    @property
    def plan(self) -> dict[str, Any]:
        """The resolved plan, as a manifest holds it; another Preprocessor can be made of it."""
        return self._plan.as_dict()

    def __call__(
        self, pictures: PictureLike | Sequence[PictureLike], *, out: Any = None
    ) -> Any:
        """A batch of rows, of one picture or of several.

        `out`, a dense array or torch tensor of the batch's shape and dtype, is written and returned.
        """
        items = _listed(pictures)
        first = None
        shape = self.shape
        if shape is None:  # the first picture decides
            if not items:
                raise BadArgumentError("an empty batch has no shape where the pictures decide it")
            first = of_any(items[0])
            shape = self._shape_of(first)
        batch = (len(items), *shape)
        rows = self._new(batch, first and first.path) if out is None else out
        address, row_bytes = _memory(rows, batch, self.dtype)

        def work(i: int) -> None:
            picture = first if i == 0 and first is not None else of_any(items[i])
            if self.shape is None and (found := self._shape_of(picture)) != shape:
                where = f"{picture.path}: " if picture.path else ""
                raise BadArgumentError(
                    f"{where}a row of {found} does not fit a batch of {shape}", picture.path
                )
            self._run(picture, address + i * row_bytes, row_bytes)

        _threads.for_each(len(items), self._threads, work)
        return rows

    def row(self, picture: PictureLike, *, out: Any = None) -> Any:
        """The row of one picture, without the axis of a batch."""
        loaded = of_any(picture)
        shape = self.shape or self._shape_of(loaded)
        row = self._new(shape, loaded.path) if out is None else out
        address, row_bytes = _memory(row, shape, self.dtype, axes=0)
        self._run(loaded, address, row_bytes)
        return row

    # Handles are taken from a list and put back, both at once for all threads: one more is made
    # where all are in use, also in a child that was forked while they were.
    def _take(self) -> _Handle:
        try:
            return self._idle.pop()
        except IndexError:
            return _Handle(self._plan)

    def _run(self, picture: File | Pixels, address: int, row_bytes: int) -> None:
        handle = self._take()
        try:
            notes = handle.notes
            if isinstance(picture, File):
                code = c.imnorm_preprocessor_run(
                    handle.pointer, picture.address, picture.size, address, row_bytes, byref(notes)
                )
            else:
                code = c.imnorm_preprocessor_run_pixels(
                    handle.pointer, byref(_view(picture)), address, row_bytes, byref(notes)
                )
            check(code, picture.path)
            if notes.value:
                self._count(notes.value)
        finally:
            self._idle.append(handle)

    def _count(self, bits: int) -> None:
        for i, name in enumerate(NOTES):
            if bits >> i & 1:
                self.notes[name] = self.notes.get(name, 0) + 1

    def _shape_of(self, picture: File | Pixels) -> tuple[int, int, int]:
        handle = self._take()
        try:
            shape = sized(CRowShape)
            if isinstance(picture, File):
                code = c.imnorm_preprocessor_shape(
                    handle.pointer, picture.address, picture.size, byref(shape)
                )
            else:
                height, width = picture.samples.shape[:2]
                code = c.imnorm_preprocessor_shape_of_size(
                    handle.pointer, width, height, byref(shape)
                )
            check(code, picture.path)
            return tuple(shape.sizes)
        finally:
            self._idle.append(handle)

    def _new(self, shape: tuple[int, ...], path: str | None) -> np.ndarray[Any, Any]:
        try:
            return np.empty(shape, self.dtype)
        except MemoryError as error:
            raise TooLargeError(f"{path}: {error}" if path else str(error), path) from None
        except TypeError:
            raise BadArgumentError(
                f"numpy has no {self.dtype}: give a torch tensor as `out`"
            ) from None


def _unpickled(plan: str, threads: int) -> Preprocessor:
    import json

    return Preprocessor(json.loads(plan), threads=threads)


def _listed(pictures: Any) -> Any:
    """The pictures of a batch; arrays of four axes are batches themselves."""
    if isinstance(pictures, np.ndarray):
        return pictures if pictures.ndim == 4 else [pictures]
    one = (str, bytes, bytearray, memoryview, os.PathLike)
    if isinstance(pictures, one) or hasattr(pictures, "convert"):
        return [pictures]
    try:
        return list(pictures)
    except TypeError:
        return [pictures]


def _view(picture: Pixels) -> CPixels:
    samples = picture.samples
    height, width, channels = samples.shape
    return sized(
        CPixels, samples=samples.ctypes.data, width=width, height=height, channels=channels,
        stride_bytes=samples.strides[0],
    )  # fmt: skip


def _memory(
    out: Any, shape: tuple[int, ...], dtype: str, axes: int = 1
) -> tuple[int, int]:
    """Address of an array's or a tensor's memory and the bytes of a row, of all but `axes` axes."""
    if isinstance(out, np.ndarray):
        dense = out.flags.c_contiguous and out.flags.writeable
        address, size = out.ctypes.data, out.itemsize
    elif hasattr(out, "data_ptr"):
        dense = out.is_contiguous() and out.device.type == "cpu"
        address, size = out.data_ptr(), out.element_size()
    else:
        raise BadArgumentError(f"`out` is a numpy array or a torch tensor, not {type(out)!r}")
    if tuple(out.shape) != tuple(shape) or dtype_word(out.dtype) != dtype or not dense:
        raise BadArgumentError(
            f"`out` is {dtype_word(out.dtype)} {tuple(out.shape)}; here it must be {dtype} "
            f"{tuple(shape)}, dense, writable and in the CPU's memory"
        )
    count = 1
    for side in shape[axes:]:
        count *= side
    return address, count * size
