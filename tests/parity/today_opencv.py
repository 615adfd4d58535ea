"""blobFromImage of OpenCV's releases: imnorm --like opencv --opencv RELEASE against their wheels.

Each release is installed from PyPI into an environment of its own beside that of parity-today. Where
one cannot be had it says so and ends with 1.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from imnorm_test import png, run
from parity_compare import worst

BESIDE = Path(sys.prefix).parent / "parity-opencv"
# The wheel, what it needs, and whose arithmetic it has.
RELEASES = {
    "4.7.0.72": ("numpy==1.26.4", "5.0"),
    "4.10.0.84": ("numpy==1.26.4", "4.10"),
    "4.11.0.86": ("numpy==1.26.4", "5.0"),
    "5.0.0.93": ("numpy==2.4.6", "5.0"),
}
SHAPES = ((224, 224), (97, 61), (300, 17))
# Mean and std on the scale of 0 to 1; one std, since blobFromImage takes one factor.
VALUES = (((0.485, 0.456, 0.406), 0.226), ((0.0, 0.0, 0.0), 1.0), ((0.5, 0.5, 0.5), 0.5))
BLOBS = """
import sys, cv2, numpy
for path, out, scale, *mean in zip(*[iter(sys.argv[1:])] * 6):
    blob = cv2.dnn.blobFromImage(
        cv2.imread(path), float(scale), mean=tuple(map(float, mean)), swapRB=True
    )
    numpy.save(out, blob[0])
"""


def python_of(release, numpy):
    made = BESIDE / release / "bin" / "python"
    done = BESIDE / release / "done"
    if not done.exists():
        wheel = f"opencv-python-headless=={release}"
        for step in (
            (sys.executable, "-m", "venv", BESIDE / release),
            (made, "-m", "pip", "install", "--quiet", wheel, numpy),
        ):
            if subprocess.run(step, check=False).returncode != 0:
                sys.exit(f"today_opencv: NOTHING WAS COMPARED with {wheel}: is PyPI within reach?")
        done.touch()
    return made


def main():
    good, sentences = True, []
    print("| blobFromImage | pictures and values | equal, bit for bit |\n|---|---:|---:|")
    for release, (numpy, words) in RELEASES.items():
        with tempfile.TemporaryDirectory() as folder:
            jobs, arguments = [], []
            for i, (width, height) in enumerate(SHAPES):
                path = Path(folder, f"{i}.png")
                path.write_bytes(png(width, height, i))
                for j, (mean, std) in enumerate(VALUES):
                    out = Path(folder, f"{i}-{j}.npy")
                    jobs.append((path, mean, std, out))
                    arguments += [path, out, 1.0 / 255 / std, *(m * 255 for m in mean)]
            made = python_of(release, numpy)
            subprocess.run([made, "-c", BLOBS, *map(str, arguments)], check=True)
            equal = 0
            for path, mean, std, out in jobs:
                ours = Path(folder, "ours.npy")
                done = run(
                    "normalize", path, "--like", "opencv", "--opencv", words, "-o", ours, "-q",
                    "--mean", ",".join(map(str, mean)), "--std", ",".join([str(std)] * 3), "--force",
                )  # fmt: skip
                sentence = done.stderr if done.returncode else None
                if not sentence:
                    difference = worst(np.load(ours)[0], np.load(out))
                    sentence = difference[1] if difference else None
                equal += not sentence
                sentences += [f"{release}: {path.name}: {sentence}"] if sentence else []
            print(f"| OpenCV {release}, `--opencv {words}` | {len(jobs)} | {equal} |", flush=True)
            good = good and equal == len(jobs)
    for sentence in sentences:
        print(f"  differs: {sentence}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
