"""Whether what the benchmark compares gives the same: agreement.py BUILD_FOLDER PICTURES.

Prints a Markdown table. Exit code 1 where imnorm differs from torchvision or from Pillow and numpy
by a bit, or from itself on another number of threads, another SIMD target or the other JPEG
decoder. Peers that have pixels of their own by design are listed with the distance of theirs.
"""

import argparse
import filecmp
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import numpy as np
from PIL import Image

import python_peer

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / name) for name in ("support", "parity")]
from imnorm_test import rows_of, run  # noqa: E402
from parity_compare import compare, run_or_stop, sums_of  # noqa: E402
from parity_jobs import jobs  # noqa: E402

# Enough for a distance; the others are compared whole.
PICTURES_OF_A_DISTANCE = 20
BYTES = ("--method", "none", "--dtype", "uint8")


def usable_targets():
    said = run("--version", IMNORM_SIMD="none").stderr
    return re.search(r"usable are ([\w, ]+)", said)[1].split(", ")


class Agreement:
    def __init__(self, build, pictures, out):
        self.build, self.pictures, self.out = build, pictures, out
        self.good = True

    def report(self, what, other, pictures, same):
        self.good = self.good and same
        print(f"| {what} | {other} | {pictures} | {'the same' if same else '**DIFFERS**'} |", flush=True)

    def outputs(self, name, *flags, **environment):
        """Both jobs' files: the tensor, its manifest, the statistics."""
        tensor = self.out / name / "x.npy"
        tensor.parent.mkdir()
        common = [self.pictures, *flags, "-q"]
        run_or_stop("normalize", *common, "--preset", "imagenet", "-o", tensor, **environment)
        run_or_stop("stats", *common, "--histogram", "-o", tensor.parent / "x.json", **environment)
        return tensor.parent

    def with_references(self):
        reference_name, flags, reference = jobs()["imagenet"]
        tensor = self.out / "reference.npy"
        run_or_stop("normalize", self.pictures, *flags, "-o", tensor, "-q")
        compared, equal, _, differences = compare(tensor, reference)
        good = compared > 0 and equal == compared
        self.report("normalize --preset imagenet", reference_name, compared, good)
        for sentence in differences[:5]:
            print(f"differs: {sentence}", file=sys.stderr)
        compared, equal = sums_of(self.pictures)
        self.report("stats, sums", "Pillow and numpy", compared, equal is True)

    def with_itself(self):
        first = self.outputs("1", "-j", "1")
        count = sum(1 for p in self.pictures.rglob("*") if p.is_file())
        others = {"-j 2": (("-j", "2"), {})}
        for target in usable_targets():
            others[f"IMNORM_SIMD={target}"] = ((), {"IMNORM_SIMD": target})
        for name, (flags, environment) in others.items():
            second = self.outputs(name, *flags, **environment)
            same = not any(filecmp.cmpfiles(first, second, os.listdir(first), shallow=False)[1:])
            self.report("both jobs, all bytes, -j 1", name, count, same)
            shutil.rmtree(second)
        # Its manifest names the decoder.
        second = self.outputs("turbo", "--jpeg", "turbo")
        names = ["x.npy", "x.json"]
        same = not any(filecmp.cmpfiles(first, second, names, shallow=False)[1:])
        self.report("both jobs, all bytes", "--jpeg turbo", count, same)

    def own_pixels(self, path, *geometry):
        """[height, width, 3] of a picture through imnorm's resize."""
        tensor = self.out / "one.npy"
        run_or_stop("normalize", path, *geometry, *BYTES, "-o", tensor, "-q", "--force")
        return np.load(tensor)[0].transpose(1, 2, 0)

    def distances(self):
        """Mean absolute differences of peers that resize in their own way, in 8-bit levels."""
        good = rows_of(self.out / "reference.npy")[:PICTURES_OF_A_DISTANCE]
        files = [pathlib.Path(os.fsdecode(path)) for path in good]
        crop = ("--resize", "256", "--crop", "224")
        peers = {"cv2 (no antialias)": (crop, python_peer.cv2_pixels)}
        if (self.build / "tests/bench/opencv_job").exists():
            peers["OpenCV C++ (no antialias)"] = (crop, self.opencv_job)
        if shutil.which("vipsthumbnail"):
            peers["vips thumbnail"] = (("--resize", "long:256"), self.vips)
        if shutil.which("convert") and "ImageMagick" in subprocess.getoutput("convert -version"):
            peers["ImageMagick"] = (crop, self.imagemagick)
        for name, (geometry, pixels) in peers.items():
            gaps = []
            for path in files:
                theirs = pixels(path)
                ours = self.own_pixels(path, *geometry)
                if ours.shape != theirs.shape:
                    continue  # a side rounded the other way
                gaps.append(np.abs(ours.astype(float) - theirs).mean())
            distance = f"{np.mean(gaps):.2f} of 255 on average" if gaps else "no picture of one size"
            print(f"| resized pixels | {name} | {len(gaps)} | {distance} |", flush=True)

    def opencv_job(self, path):
        folder = self.out / "single"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(path, folder)
        raw = self.out / "cv.raw"
        command = [self.build / "tests/bench/opencv_job", "normalize", "1", "1", folder, raw]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        values = np.fromfile(raw, np.float32).reshape(3, 224, 224).transpose(1, 2, 0)
        return (values * python_peer.STD + python_peer.MEAN) * 255

    def vips(self, path):
        command = ["vipsthumbnail", path, "-s", "256", "-o", f"{self.out}/vips.ppm"]
        subprocess.run(command, check=True, capture_output=True)
        return np.asarray(Image.open(self.out / "vips.ppm").convert("RGB"))

    def imagemagick(self, path):
        command = ["convert", path, "-resize", "256x256^", "-gravity", "center"]
        command += ["-crop", "224x224+0+0", "+repage", "-depth", "8", "ppm:-"]
        done = subprocess.run(command, check=True, capture_output=True)
        return np.asarray(Image.open(io.BytesIO(done.stdout)).convert("RGB"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("pictures", type=pathlib.Path)
    options = parser.parse_args()
    os.environ["IMNORM"] = str(options.build.resolve() / "imnorm")
    print("| what | beside | pictures | |")
    print("|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        agreement = Agreement(options.build, options.pictures, pathlib.Path(folder))
        agreement.with_references()
        agreement.with_itself()
        agreement.distances()
    if not agreement.good:
        sys.exit("bench: outputs that must be the same are not: no times")


if __name__ == "__main__":
    main()
