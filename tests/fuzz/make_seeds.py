#!/usr/bin/python3
"""Writes what the fuzzers start from into FOLDER/<fuzzer>: make_seeds.py FOLDER

Small sound files of every kind that imnorm reads, and every configuration in the repository.
"""
import io
import json
import os
import pathlib
import struct
import sys
import tarfile
import zipfile

import numpy as np

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "support"))
from imnorm_test import SAMPLES, SOURCE, pictures_of_all_kinds  # noqa: E402

OPTIONS = bytes([0, 0x3f, 0x80, 0xd5])  # the last byte of decode_fuzz's input; see there


def decode_seeds():
    files = pictures_of_all_kinds(19, 13)
    files |= {path.name: path.read_bytes() for path in SAMPLES.rglob("*")
              if path.is_file() and path.stat().st_size < 65536}
    files |= jpeg_seeds()
    for i, (name, data) in enumerate(files.items()):
        yield name, data + OPTIONS[i % 4:i % 4 + 1]


def jpeg_seeds():
    return {path.name: path.read_bytes() for path in (TESTS / "fuzz/jpeg_corpus").iterdir()}


def config_seeds():
    for path in [*(SOURCE / "configs").iterdir(), *(TESTS / "parity/configs").iterdir()]:
        yield f"{path.parent.parent.name}_{path.name}", path.read_bytes()


def saved(save, *arrays, **named):
    out = io.BytesIO()
    save(out, *arrays, **named)
    return out.getvalue()


def safetensors(array, dtype):
    header = json.dumps({"pixels": {"dtype": dtype, "shape": array.shape,
                                    "data_offsets": [0, array.nbytes]}}).encode()
    return struct.pack("<Q", len(header)) + header + array.tobytes()


def tensor_seeds():
    for kind in ("u1", "i1", "<u2", ">i2", "<f2", "<f4", ">f8", "<i8", "?"):
        array = np.arange(24).reshape(2, 3, 4).astype(kind)
        name = "".join(c for c in kind if c.isalnum()) or "bool"
        yield f"{name}.npy", saved(np.save, array)
        yield f"{name}_columns.npy", saved(np.save, np.asfortranarray(array))
        yield f"{name}.npz", saved(np.savez, array)
    yield "scalar.npy", saved(np.save, np.float32(3))
    yield "deflated.npz", saved(np.savez_compressed, weight=np.ones(3, "f4"), bias=np.ones(3, "f4"))
    yield "f32.safetensors", safetensors(np.arange(6, dtype="<f4").reshape(1, 2, 3), "F32")
    yield "bf16.safetensors", safetensors(np.arange(6, dtype="<u2").reshape(1, 2, 3), "BF16")


def archive_seeds():
    data = {"./cat/a.png": b"\x89PNG\r\n\x1a\n" + bytes(600), "notes.txt": b"no picture" * 80}
    for name, mode in (("x.tar", "w"), ("x.tar.gz", "w:gz")):
        for format in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            out = io.BytesIO()
            with tarfile.open(fileobj=out, mode=mode, format=format) as archive:
                for member, content in data.items():
                    info = tarfile.TarInfo(member)
                    info.size = len(content)
                    archive.addfile(info, io.BytesIO(content))
                link = tarfile.TarInfo("../" + "long/" * 40 + "b.png")
                link.type, link.linkname = tarfile.LNKTYPE, "cat/a.png"
                archive.addfile(link)
            yield f"{format}_{name}", out.getvalue()
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for member, content in data.items():
                archive.writestr(member, content)
        yield f"{method}.zip", out.getvalue()


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_seeds.py FOLDER")
    seeds = {"decode_fuzz": decode_seeds(), "jpeg_differential": jpeg_seeds().items(),
             "config_fuzz": config_seeds(), "tensor_fuzz": tensor_seeds(),
             "archive_fuzz": archive_seeds()}
    for fuzzer, files in seeds.items():
        folder = pathlib.Path(sys.argv[1]) / fuzzer
        os.makedirs(folder, exist_ok=True)
        for name, data in files:
            (folder / name).write_bytes(data)


if __name__ == "__main__":
    main()
