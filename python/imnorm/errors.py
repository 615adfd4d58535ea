"""What is wrong, as exceptions: each class leads its caller to a different action."""

from __future__ import annotations

from typing import Any


class ImnormError(Exception):
    """Base of all. `path` is the file it is about, if any; `code` the word of manifests.

    >>> import imnorm
    >>> try:
    ...     imnorm.Preprocessor("imagenet")("sample_images/damaged/broken_download.jpg")
    ... except imnorm.ImnormError as error:
    ...     print(error.code, error.path)
    corrupt sample_images/damaged/broken_download.jpg
    """

    code = "internal"

    # The text alone makes one anew: that is how data loaders carry exceptions between processes.
    def __init__(self, text: str, path: str | None = None) -> None:
        super().__init__(text)
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (*self.args, self.path)


class BadArgumentError(ImnormError, ValueError):
    """An argument or a setting of a plan is wrong."""

    code = "bad argument"


class BadConfigError(ImnormError, ValueError):
    """A preset, config or statistics file is wrong."""

    code = "bad config"


class NotFoundError(ImnormError, LookupError):
    """A named thing does not exist."""

    code = "not found"


class IoError(ImnormError, OSError):
    """The operating system refused."""

    code = "i/o"


class UnsupportedError(ImnormError, ValueError):
    """A valid file of a kind that is not read or written."""

    code = "unsupported"


class CorruptError(ImnormError, ValueError):
    """Damage was seen."""

    code = "corrupt"


class TooLargeError(ImnormError, MemoryError):
    """Over a limit, or more than there is memory."""

    code = "too large"


class CancelledError(ImnormError):
    """The run was told to stop."""

    code = "cancelled"


class InternalError(ImnormError, RuntimeError):
    """A defect of imnorm."""


class InstallationError(ImnormError, RuntimeError):
    """A module of imnorm is missing or does not load."""

    code = "installation"


class TookTooLongError(ImnormError, TimeoutError):
    """A picture took longer than it may."""

    code = "timeout"


class CrashedError(ImnormError, RuntimeError):
    """A picture's decoder died of it, in a process of its own."""

    code = "crashed"


class NothingDoneError(ImnormError):
    """A run without one good input; `failures` says why each failed."""

    code = "not done"

    def __init__(self, text: str, path: str | None = None, failures: Any = ()) -> None:
        super().__init__(text, path)
        self.failures = list(failures)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (*self.args, self.path, self.failures)


# In the order of the codes of imnorm/c.h, from 1.
_CLASSES = (
    BadArgumentError, BadConfigError, NotFoundError, IoError, UnsupportedError, CorruptError,
    TooLargeError, CancelledError, InternalError, InstallationError,
    TookTooLongError, CrashedError,
)  # fmt: skip


def class_of(code: int) -> type[ImnormError]:
    """The exception of a code of the C interface."""
    return _CLASSES[code - 1] if 0 < code <= len(_CLASSES) else InternalError
