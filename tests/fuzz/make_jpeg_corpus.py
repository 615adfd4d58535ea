#!/usr/bin/python3
"""Writes the seed files of the JPEG fuzz target, and what libjpeg-turbo makes of them.

tests/fuzz/jpeg_corpus/*.jpg are the seeds; tests/golden/jpeg_golden.json has, for each sound one
that our decoder takes, its size and the hash of its pixels. Run with the Debian Python, whose
Pillow stands on Debian's libjpeg-turbo: /usr/bin/python3 make_jpeg_corpus.py
"""
import io
import json
import pathlib
import subprocess

from PIL import Image

# Scripts of scans as jpegtran reads them: luma in two bands that are refined as one; three
# refinements; bands that are refined one after the other.
SCRIPTS = {
    "split": "0,1,2: 0-0, 0, 0; 0: 1-8, 0, 2; 0: 9-63, 0, 2; 0: 1-63, 2, 1; 0: 1-63, 1, 0; 1: 1-63, 0, 0; 2: 1-63, 0, 0;",
    "deep": "0,1,2: 0-0, 0, 2; 0,1,2: 0-0, 2, 1; 0,1,2: 0-0, 1, 0;"
            + "".join(f"{c}: 1-63, 0, 3; {c}: 1-63, 3, 2; {c}: 1-63, 2, 1; {c}: 1-63, 1, 0;"
                      for c in range(3)),
    "late": "0: 0-0, 0, 0; 1: 0-0, 0, 0; 2: 0-0, 0, 0;" + "".join(f"{c}: 1-20, 0, 1; {c}: 1-20, 1, 0; {c}: 21-63, 0, 1; {c}: 21-63, 1, 0;"
                                 for c in range(3)),
}
FOLDER = pathlib.Path(__file__).parent / "jpeg_corpus"
GOLDEN = pathlib.Path(__file__).parent.parent / "golden/jpeg_golden.json"
LEFT_TO_LIBJPEG = ("cmyk", "cut", "progressive_cut")


def picture(width, height, mode, step):
    image = Image.new("RGB", (width, height))
    image.putdata([((x * 7 + y * step) % 256, (x * step) % 256, (y * 11 + x * y) % 256)
                   for y in range(height) for x in range(width)])
    return image.convert(mode)


def save(name, image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", **options)
    (FOLDER / f"{name}.jpg").write_bytes(buffer.getvalue())


def scripted(name, new_name, script):
    """Orders a file's coefficients into other scans, which Pillow cannot; jpegtran is in Debian's
    libjpeg-turbo-progs."""
    path = FOLDER / f"{new_name}.txt"
    path.write_text(script)
    subprocess.run(["jpegtran", "-scans", path, "-outfile", FOLDER / f"{new_name}.jpg",
                    FOLDER / f"{name}.jpg"], check=True)
    path.unlink()


def turn_sampling(name, new_name):
    """Makes a 4:4:0 file of a 4:2:2 one, which Pillow cannot write: as many blocks, another grid."""
    data = bytearray((FOLDER / f"{name}.jpg").read_bytes())
    frame = data.index(b"\xff\xc0")
    data[frame + 5:frame + 9] = data[frame + 7:frame + 9] + data[frame + 5:frame + 7]
    assert data[frame + 11] == 0x21
    data[frame + 11] = 0x12
    (FOLDER / f"{new_name}.jpg").write_bytes(data)


def fnv1a(data):
    value = 0xcbf29ce484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001b3 & 0xffffffffffffffff
    return value


def golden():
    cases = {}
    for path in sorted(FOLDER.glob("*.jpg")):
        if path.stem not in LEFT_TO_LIBJPEG:
            image = Image.open(path).convert("RGB")
            cases[path.name] = {"width": image.width, "height": image.height,
                                "fnv1a": f"{fnv1a(image.tobytes()):016x}"}
    return cases


def main():
    FOLDER.mkdir(exist_ok=True)
    for subsampling, tag in ((0, "444"), (1, "422"), (2, "420")):
        save(f"{tag}_default", picture(19, 17, "RGB", 5), quality=75, subsampling=subsampling)
        save(f"{tag}_optimised", picture(33, 9, "RGB", 13), quality=40, subsampling=subsampling,
             optimize=True)
        save(f"{tag}_restarts", picture(40, 24, "RGB", 3), quality=85, subsampling=subsampling,
             optimize=True, restart_marker_blocks=1)
        save(f"{tag}_fine", picture(9, 16, "RGB", 29), quality=100, subsampling=subsampling,
             optimize=True)
    save("grey", picture(21, 13, "L", 9), quality=80, optimize=True)
    save("grey_flat", Image.new("L", (16, 16), 99), quality=80, optimize=True)
    save("progressive", picture(16, 16, "RGB", 9), quality=80, progressive=True)
    for subsampling, tag in ((0, "444"), (1, "422"), (2, "420")):
        save(f"{tag}_progressive", picture(37, 29, "RGB", 7), quality=88, subsampling=subsampling,
             progressive=True)
        save(f"{tag}_progressive_restarts", picture(24, 40, "RGB", 3), quality=60,
             subsampling=subsampling, progressive=True, restart_marker_blocks=2)
    save("grey_progressive", picture(30, 31, "L", 5), quality=95, progressive=True)
    for script, scans in SCRIPTS.items():
        scripted("420_progressive", f"420_progressive_{script}", scans)
    whole = (FOLDER / "420_progressive.jpg").read_bytes()
    (FOLDER / "progressive_cut.jpg").write_bytes(whole[:whole.rindex(b"\xff\xda")] + b"\xff\xd9")
    save("cmyk", picture(16, 16, "CMYK", 9), quality=80, optimize=True)
    whole = (FOLDER / "444_optimised.jpg").read_bytes()
    (FOLDER / "cut.jpg").write_bytes(whole[:-9])
    for kind in ("default", "optimised", "restarts", "fine"):
        turn_sampling(f"422_{kind}", f"440_{kind}")
    GOLDEN.write_text(json.dumps(golden(), indent=1) + "\n")


if __name__ == "__main__":
    main()
