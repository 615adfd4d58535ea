"""Runs normalisation layers over arrays: as imnorm does."""

import json
import os
import shutil
import struct
import subprocess
import tempfile
import weakref

import numpy as np

TOOL = os.environ["IMNORM"]

FLOATS = {"F32": np.float32, "F64": np.float64, "F16": np.float16, "I64": np.int64, "U8": np.uint8}
NAMES = {np.dtype(kind): name for name, kind in FLOATS.items()}


def read_safetensors(path):
    """A reader of our own, by the format's description: tensors in the order of the file."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    assert (8 + length) % 8 == 0
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    data, tensors = content[8 + length :], {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        flat = np.frombuffer(data[begin:end], FLOATS[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, tensor in tensors.items():
        tensor = np.asarray(tensor, order="C")
        header[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + tensor.nbytes],
        }
        data += tensor.tobytes()
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Run:
    """One run over an array; files live in a folder of its own."""

    def __init__(self):
        self.folder = tempfile.mkdtemp()
        weakref.finalize(self, shutil.rmtree, self.folder, True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def normalize(self, array, *flags, env=None):
        source, target = self.path("in.npy"), self.path("out.npy")
        np.save(source, array)
        for stale in (target, target + ".manifest.json"):
            if os.path.exists(stale):
                os.remove(stale)
        command = [TOOL, "normalize", source, "-o", target] + [str(flag) for flag in flags]
        done = subprocess.run(
            command, capture_output=True, text=True, env={**os.environ, **(env or {})}
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return np.load(target)


def normalize(array, *flags, env=None):
    return Run().normalize(array, *flags, env=env)


def ulps(got, exact):
    """Distance from the exact value in units of the last place of its float32."""
    unit = np.spacing(np.abs(exact).astype(np.float32)).astype(np.float64)
    return np.abs(got.astype(np.float64) - exact) / unit
