"""The library in somebody's process leaves to it what is the whole process's: OpenCV, environment."""

import os
import unittest
from pathlib import Path

from imnorm_test import SAMPLES
from python_package import require_library, skip

require_library()
import imnorm  # noqa: E402

try:
    import cv2
except ImportError:
    skip("no cv2 for python3")

PICTURE = SAMPLES / "coast/cliffs.jpg"


def libraries(part):
    """What of the loaded libraries is of that name."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return {line.split()[-1] for line in lines if part in line}


class Process(unittest.TestCase):
    def test_opencv_of_the_host_keeps_its_threads_and_its_words(self):
        cv2.setNumThreads(3)
        cv2.setLogLevel(4)
        before = dict(os.environ), os.getcwd()
        core = libraries("libopencv_core")
        try:
            row = imnorm.Preprocessor("yolo-640")(PICTURE)
        except imnorm.InstallationError:
            skip("this build has no module of OpenCV")
        self.assertEqual(row.shape, (1, 3, 640, 640))
        self.assertEqual(libraries("libopencv_core"), core, "another OpenCV: nothing was tested")
        self.assertEqual(cv2.getNumThreads(), 3)
        self.assertEqual(cv2.getLogLevel(), 4)
        self.assertEqual((dict(os.environ), os.getcwd()), before)

    def test_rows_are_the_same_on_any_number_of_the_hosts_threads(self):
        rows = set()
        for threads in (1, 3):
            cv2.setNumThreads(threads)
            rows.add(imnorm.Preprocessor("yolo-640")(PICTURE).tobytes())
        self.assertEqual(len(rows), 1)


if __name__ == "__main__":
    unittest.main()
