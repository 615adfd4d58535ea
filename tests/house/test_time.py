"""No test waits for a time or asserts one: a loaded machine has no pace. Tests wait for states."""

import re
import unittest
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
CLOCK = re.compile(
    r"\b(?:time\.(?:sleep|time|monotonic|perf_counter|process_time)\b|sleep_for\b|sleep_until\b"
    r"|usleep\b|nanosleep\b|(?:steady|system|high_resolution)_clock\b)"
)
# Measuring is what these are for.
MEASURES = {"bench"}
# The pause between two looks for a state; and the instants of kills, of which nothing is asserted.
PAUSES = {"support/imnorm_test.py": 1, "faults/test_kills.py": 3}


def clocks_in(files):
    """{path: how many lines look at a clock}; `files` is {path: text}."""
    counts = {path: len(CLOCK.findall(text)) for path, text in files.items()}
    return {path: count for path, count in counts.items() if count}


class Time(unittest.TestCase):
    def test_no_test_looks_at_a_clock(self):
        files = {
            str(path.relative_to(TESTS)): path.read_text()
            for path in TESTS.rglob("*")
            if path.suffix in (".py", ".h", ".cpp", ".c")
            and path.relative_to(TESTS).parts[0] not in MEASURES | {"house"}
        }
        self.assertEqual(clocks_in(files), PAUSES)

    def test_waits_and_stopwatches_are_found(self):
        for line in (
            "time.sleep(0.3)",
            "begin = time.monotonic()",
            "std::this_thread::sleep_for(1ms);",
            "std::chrono::steady_clock::now()",
        ):
            self.assertEqual(clocks_in({"x": line}), {"x": 1})
        self.assertEqual(clocks_in({"x": "process.wait(timeout=60)  # so long hangs only runs"}), {})


if __name__ == "__main__":
    unittest.main()
