"""Batch, layer, instance and group normalisation of numpy arrays, for people without torch.

The classes have the names, arguments, attributes and states of ``torch.nn``'s; one BatchNorm and one
InstanceNorm serve 1d, 2d and 3d. The numbers are those of ``imnorm normalize --method``, bit for
bit: float64 arithmetic, rounded to float32 once, or with ``dtype="float64"`` not at all.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from ctypes import byref
from typing import Any, Union

import numpy as np

from imnorm._library import CLayer, c, check, sized
from imnorm.errors import BadArgumentError, BadConfigError
from imnorm.plans import dtype_word

Array = Any  # a numpy array, or what numpy makes one of: a torch tensor of the CPU, nested lists


class Layer:
    """What the four have in common: parameters, running statistics, modes, states; not for itself."""

    _method = ""
    weight: np.ndarray[Any, Any] | None = None
    bias: np.ndarray[Any, Any] | None = None
    running_mean: np.ndarray[Any, Any] | None = None
    running_var: np.ndarray[Any, Any] | None = None
    num_batches_tracked: np.ndarray[Any, Any] | None = None
    momentum: float | None = 0.1
    num_groups = 1

    def __init__(self, eps: float, dtype: Any, threads: int) -> None:
        if threads < 0:
            raise BadArgumentError(f"threads is 0 (all CPUs) or more, not {threads}")
        self.eps = eps
        self.dtype: str = dtype_word(dtype) or "float32"
        self.threads = threads
        self.training = True

    def _new_parameters(self, shape: Sequence[int], weight: bool, bias: bool) -> None:
        self.weight = np.ones(shape, np.float32) if weight else None
        self.bias = np.zeros(shape, np.float32) if bias else None

    def _new_statistics(self, channels: int) -> None:
        self.running_mean = np.zeros(channels, np.float32)
        self.running_var = np.ones(channels, np.float32)
        self.num_batches_tracked = np.zeros((), np.int64)

    def train(self, mode: bool = True) -> Any:
        """Normalises by what a batch measures, and takes the running statistics a step further."""
        self.training = mode
        return self

    def eval(self) -> Any:
        """Normalises by the running statistics, where there are some."""
        return self.train(False)

    def state_dict(self) -> dict[str, np.ndarray[Any, Any]]:
        """A copy of parameters and running statistics, by torch's names and in its order."""
        return {name: np.array(getattr(self, name)) for name in self._names()}

    def load_state_dict(self, state: Mapping[str, Array]) -> None:
        """Takes the state of such a layer, of torch's too; names and shapes must fit."""
        names = self._names()
        given = dict(state)
        if "num_batches_tracked" in names:  # layers saved before PyTorch 0.4.1 have none
            given.setdefault("num_batches_tracked", np.zeros((), np.int64))
        missing = sorted(set(names) - set(given))
        unknown = sorted(set(given) - set(names))
        if missing or unknown:
            raise BadConfigError(f"a state of {names} is needed; {missing} missing, {unknown} unknown")
        loaded = {}
        for name in names:
            kept = np.asarray(getattr(self, name))
            value = np.asarray(given[name])
            if value.shape != kept.shape:
                raise BadConfigError(f"{name} has shape {value.shape}, the layer needs {kept.shape}")
            loaded[name] = np.array(value, kept.dtype, order="C")
        self.__dict__.update(loaded)

    def _names(self) -> list[str]:
        names = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
        return [name for name in names if getattr(self, name) is not None]

    def _sample(self, x: np.ndarray[Any, Any]) -> tuple[int, list[int]]:
        """Samples in a batch and the shape of each as the library counts it: [C, L]."""
        channels = self._channels()
        if x.ndim < 2 or (channels is not None and x.shape[1] != channels):
            raise BadArgumentError(
                f"a batch is (N, {channels or 'C'}, ...) here, not {x.shape}: {self!r}"
            )
        rest = 1
        for side in x.shape[2:]:
            rest *= side
        return x.shape[0], [x.shape[1], rest]

    def _channels(self) -> int | None:
        raise NotImplementedError

    def __call__(self, x: Array, *, out: Any = None) -> Any:
        """Normalises a batch into a new array, or into `out`, of its shape and the layer's dtype.

        Samples may be of any real type. Those of uint8 and uint16 are divided by 255 and 65535 first,
        as ``imnorm normalize`` does;
float64 is worked on as it is.
        """
        x = _dense(x)
        count, sample = self._sample(x)
        if out is None:
            try:
                out = np.empty(x.shape, self.dtype)
            except TypeError:
                raise BadArgumentError(f"numpy has no {self.dtype}: give `out`") from None
        elif not _is_memory(out, x.shape, self.dtype):
            raise BadArgumentError(f"`out` must be a dense writable {self.dtype} array {x.shape}")
        if x.size == 0 and (count > 0 or self._method != "batch"):
            return out
        layer = self._described(x, sample)
        check(c.imnorm_layer_normalize(byref(layer), _address(x), count, _address(out)))
        return out

    def _described(self, x: np.ndarray[Any, Any], sample: list[int]) -> CLayer:
        tracks = self.running_mean is not None
        momentum = -1.0 if self.momentum is None else float(self.momentum)
        if self.momentum is not None and not 0 <= momentum <= 1:
            raise BadArgumentError(f"momentum {self.momentum} is outside 0..1")
        layer = sized(
            CLayer, method=self._method.encode(), sample_shape=(ctypes.c_int64 * len(sample))(*sample),
            sample_axes=len(sample), input=x.dtype.name.encode(), dtype=self.dtype.encode(),
            eps=self.eps, groups=self.num_groups, threads=self.threads, momentum=momentum,
            eval=tracks and not self.training,
        )  # fmt: skip
        for name in self._names():
            kept = getattr(self, name)
            wanted = np.int64 if name == "num_batches_tracked" else np.float32
            if not _is_memory(kept, np.shape(kept), np.dtype(wanted).name):
                raise BadArgumentError(f"{name} must be a dense writable {wanted.__name__} array")
            if kept.size != self._sizes(name, sample):
                raise BadArgumentError(f"{name} has shape {kept.shape}, which does not fit {self!r}")
            setattr(layer, name, _address(kept))
        return layer

    def _sizes(self, name: str, sample: list[int]) -> int:
        return 1 if name == "num_batches_tracked" else sample[0]


class BatchNorm(Layer):
    """BatchNorm1d, 2d and 3d: mean and variance a channel, over all samples of a batch.

    A batch is (N, C) or (N, C, ...). `momentum` None is the average of all batches. `dtype` is that of
    the results, `threads` 0 all CPUs.

    >>> import numpy as np
    >>> from imnorm.layers import BatchNorm
    >>> layer = BatchNorm(2)
    >>> layer([[0, 10], [2, 30]]).round(3).tolist()
    [[-1.0, -1.0], [1.0, 1.0]]
    >>> layer.running_mean, layer.num_batches_tracked
    (array([0.1, 2. ], dtype=float32), array(1))
    >>> sorted(layer.eval().state_dict())
    ['bias', 'num_batches_tracked', 'running_mean', 'running_var', 'weight']
    """

    _method = "batch"

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        *,
        dtype: Any = "float32",
        threads: int = 1,
    ) -> None:
        super().__init__(eps, dtype, threads)
        self.num_features = num_features
        self.momentum = momentum
        self.affine = affine
        self.track_running_stats = track_running_stats
        self._new_parameters((num_features,), affine, affine)
        if track_running_stats:
            self._new_statistics(num_features)

    def _channels(self) -> int | None:
        return self.num_features

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({self.num_features}, eps={self.eps}, momentum={self.momentum}, "
            f"affine={self.affine}, track_running_stats={self.track_running_stats})"
        )


class InstanceNorm(BatchNorm):
    """InstanceNorm1d, 2d and 3d: mean and variance of each channel of each sample, (N, C, ...).

    >>> import numpy as np
    >>> from imnorm.layers import InstanceNorm
    >>> InstanceNorm(2)(np.array([[[1, 3], [10, 30]]], "f4")).round(3).tolist()
    [[[-1.0, 1.0], [-1.0, 1.0]]]
    """

    _method = "instance"

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        *,
        dtype: Any = "float32",
        threads: int = 1,
    ) -> None:
        super().__init__(
            num_features, eps, momentum, affine, track_running_stats, dtype=dtype, threads=threads
        )


class LayerNorm(Layer):
    """LayerNorm: mean and variance of each sample over its last axes, those of `normalized_shape`.

    >>> import numpy as np
    >>> from imnorm.layers import LayerNorm
    >>> LayerNorm((2, 2))(np.array([[[1, 1], [3, 3]], [[2, 4], [4, 2]]], "u1")).round().tolist()
    [[[-1.0, -1.0], [1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]]
    """

    _method = "layer"

    def __init__(
        self,
        normalized_shape: Union[int, Sequence[int]],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        *,
        dtype: Any = "float32",
        threads: int = 1,
    ) -> None:
        super().__init__(eps, dtype, threads)
        shape = (normalized_shape,) if isinstance(normalized_shape, int) else normalized_shape
        self.normalized_shape = tuple(int(side) for side in shape)
        self.elementwise_affine = elementwise_affine
        self._new_parameters(
            self.normalized_shape, elementwise_affine, elementwise_affine and bias
        )

    def _sample(self, x: np.ndarray[Any, Any]) -> tuple[int, list[int]]:
        axes = len(self.normalized_shape)
        if axes == 0 or x.shape[-axes:] != self.normalized_shape:
            raise BadArgumentError(
                f"the last axes of a batch are {self.normalized_shape} here, not {x.shape}"
            )
        elements = 1
        for side in self.normalized_shape:
            elements *= side
        return x.size // max(elements, 1), [elements]

    def __repr__(self) -> str:
        return (
            f"LayerNorm({self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine})"
        )


class GroupNorm(Layer):
    """GroupNorm: mean and variance of each of `num_groups` groups of channels of each sample.

    >>> import numpy as np
    >>> from imnorm.layers import GroupNorm
    >>> GroupNorm(2, 4)(np.array([[1, 3, 10, 30]], "f4")).round(3).tolist()
    [[-1.0, 1.0, -1.0, 1.0]]
    """

    _method = "group"

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        *,
        dtype: Any = "float32",
        threads: int = 1,
    ) -> None:
        super().__init__(eps, dtype, threads)
        if num_groups < 1 or num_channels % num_groups:
            raise BadArgumentError(f"{num_groups} groups do not divide {num_channels} channels")
        self.num_groups = num_groups
        self.num_channels = num_channels
        self.affine = affine
        self._new_parameters((num_channels,), affine, affine)

    def _channels(self) -> int | None:
        return self.num_channels

    def __repr__(self) -> str:
        return (
            f"GroupNorm({self.num_groups}, {self.num_channels}, eps={self.eps}, "
            f"affine={self.affine})"
        )


def _dense(x: Array) -> np.ndarray[Any, Any]:
    """As the library reads it: dense, aligned, of the machine's byte order; integers as they are."""
    array = np.asarray(x)
    if array.dtype.kind not in "fiub" or array.dtype.itemsize > 8:
        raise BadArgumentError(f"a batch holds real numbers, not {array.dtype}")
    if array.dtype in (np.uint32, np.uint64):
        array = array.astype(np.float64)
    return np.require(array, array.dtype.newbyteorder("="), ["C", "A"])


def _is_memory(array: Any, shape: Sequence[int], dtype: str) -> bool:
    """Whether this is an array, or a torch tensor of the CPU, that can be read and written as it is."""
    if hasattr(array, "data_ptr"):
        dense = array.is_contiguous() and array.device.type == "cpu"
    elif isinstance(array, np.ndarray):
        flags = array.flags
        dense = flags.c_contiguous and flags.writeable and flags.aligned and array.dtype.isnative
    else:
        return False
    return bool(dense) and tuple(array.shape) == tuple(shape) and dtype_word(array.dtype) == dtype


def _address(array: Any) -> int:
    return array.data_ptr() if hasattr(array, "data_ptr") else array.ctypes.data
