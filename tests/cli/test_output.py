"""The tensor file appears whole or not at all; what was there before is not lost."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import unittest
from pathlib import Path

import numpy as np

from imnorm_test import (
    DONE,
    NOT_DONE,
    SOME_FAILED,
    USAGE,
    ImnormTest,
    binary,
    jpeg,
    manifest_of,
    run,
    start,
    wait_until,
)

HALF = ("--preset", "half")


class Output(ImnormTest):
    def setUp(self):
        super().setUp()
        self.out = self.folder / "out.npy"

    def names(self):
        return sorted(os.listdir(self.folder))

    def start_long_run(self, *more):
        """A run of 5,000 pictures, met when its partial file is there."""
        picture = self.write("p.jpg", jpeg(600, 400))
        folder = self.folder / "many"
        folder.mkdir()
        for i in range(5_000):
            os.link(picture, folder / f"{i:05}.jpg")
        process = start("normalize", folder, *HALF, "-o", self.out, *more)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        partial = self.folder / "out.npy.partial"
        wait_until(lambda: partial.exists() and partial.stat().st_size >= 10_000_000, process)
        self.assertFalse(self.out.exists(), "the output showed before it was complete")
        return process

    def test_a_tensor_is_a_float32_npy_with_its_manifest_beside_it(self):
        pictures = self.write_pictures(5)
        out = self.normalize(pictures, *HALF)
        tensor = np.load(out)
        self.assertEqual(
            (tensor.shape, tensor.dtype, tensor.flags.c_contiguous),
            ((5, 3, 224, 224), np.float32, True),
        )
        self.assertEqual(self.names(), ["out.npy", "out.npy.manifest.json", "pictures"])
        manifest = manifest_of(out)
        self.assertEqual(manifest["schema"], "imnorm.manifest/1")
        self.assertEqual([item["row"] for item in manifest["items"]], [0, 1, 2, 3, 4])
        self.assertEqual(
            {(item["width"], item["height"]) for item in manifest["items"]}, {(64, 48)}
        )

    def test_the_data_of_an_npy_starts_at_a_multiple_of_64(self):
        data = self.normalize(self.write_pictures(1), *HALF).read_bytes()
        self.assertEqual(data[:8], b"\x93NUMPY\x01\x00")
        header = 10 + int.from_bytes(data[8:10], "little")
        self.assertEqual(header % 64, 0)
        self.assertEqual(data[header - 1 : header], b"\n")
        self.assertEqual(len(data), header + 3 * 224 * 224 * 4)

    def test_a_bad_picture_takes_no_row(self):
        pictures = self.write_pictures(4)
        self.write("pictures/0001a.jpg", b"\xff\xd8\xff bad")
        out = self.normalize(pictures, *HALF, code=SOME_FAILED)
        self.assertEqual(len(np.load(out)), 4)
        items = manifest_of(out)["items"]
        self.assertEqual([item.get("row") for item in items], [0, 1, None, 2, 3])
        self.assertTrue(items[2]["error"] and items[2]["reason"])

    def test_an_existing_output_is_refused_before_any_work_and_kept(self):
        pictures = self.write_pictures(1)
        self.out.write_bytes(b"precious")
        result = run("normalize", pictures, *HALF, "-o", self.out)
        self.assertIn(result.returncode, (USAGE, NOT_DONE))
        self.assertIn("--force", result.stderr)
        self.assertEqual(self.out.read_bytes(), b"precious")
        self.assertEqual(self.names(), ["out.npy", "pictures"])

    def test_force_overwrites(self):
        self.out.write_bytes(b"old")
        self.normalize(self.write_pictures(2), *HALF, "--force")
        self.assertEqual(len(np.load(self.out)), 2)

    def test_a_forced_run_that_fails_keeps_what_was_there(self):
        self.out.write_bytes(b"precious")
        self.write("bad/a.jpg", b"\xff\xd8\xff bad")
        self.assert_exit(
            NOT_DONE, run("normalize", self.folder / "bad", *HALF, "--force", "-o", self.out)
        )
        self.assertEqual(self.out.read_bytes(), b"precious")
        self.assertEqual(self.names(), ["bad", "out.npy"])

    def test_stats_refuses_an_existing_output_and_force_overwrites(self):
        pictures = self.write_pictures(1)
        out = self.write("stats.json", b"precious")
        result = run("stats", pictures, "-o", out)
        self.assertIn(result.returncode, (USAGE, NOT_DONE))
        self.assertEqual(out.read_bytes(), b"precious")
        self.assert_exit(DONE, run("stats", pictures, "-o", out, "--force"))
        self.assertEqual(json.loads(out.read_bytes())["images"], 1)

    def test_a_dry_run_is_refused_where_the_run_would_be(self):
        pictures = self.write_pictures(2)
        self.out.write_bytes(b"mine")
        result = run("normalize", pictures, *HALF, "-o", self.out, "--dry-run")
        self.assert_exit(USAGE, result)
        self.assertIn("--force", result.stderr)
        result = run("normalize", pictures, *HALF, "-o", self.out, "--dry-run", "--force")
        self.assert_exit(DONE, result)
        self.assertEqual(self.out.read_bytes(), b"mine")

    def test_dry_run_writes_nothing_and_tells_shape_and_bytes(self):
        pictures = self.write_pictures(3)
        result = run("normalize", pictures, *HALF, "--dry-run", "-o", self.out)
        self.assert_exit(DONE, result)
        self.assertEqual(self.names(), ["pictures"])
        self.assertRegex(result.stdout, r"inputs\s+3")
        self.assertIn("3, 3, 224, 224", result.stdout)
        self.assertIn(str(3 * 3 * 224 * 224 * 4), result.stdout)

    def test_a_folder_that_does_not_exist_cannot_hold_the_output(self):
        out = self.folder / "no" / "out.npy"
        result = run("normalize", self.write_pictures(1), *HALF, "-o", out)
        self.assertIn(result.returncode, (USAGE, NOT_DONE))
        self.assertIn("no/out.npy", result.stderr)

    def test_an_extension_that_names_no_format_is_2(self):
        result = run("normalize", self.write_pictures(1), *HALF, "-o", self.folder / "out.xyz")
        self.assert_exit(USAGE, result)
        self.assertIn("--format", result.stderr)

    def test_a_full_disk_is_3_with_its_reason_and_leaves_no_output(self):
        if os.geteuid() != 0:
            self.skipTest("only root can mount a small file system")
        disk = self.folder / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True
        )
        if mounted.returncode != 0:
            self.skipTest("no tmpfs can be mounted here")
        self.addCleanup(subprocess.run, ["umount", disk], capture_output=True)
        result = run(
            "normalize", self.write_pictures(30), *HALF, "-o", disk / "out.npy", timeout=60
        )
        self.assert_exit(NOT_DONE, result)
        self.assertIn("No space left on device", result.stderr)
        self.assertIn("out.npy", result.stderr)
        self.assertEqual(os.listdir(disk), [])

    def test_a_full_device_as_stdout_is_3(self):
        with open("/dev/full", "wb") as full:
            process = start("stats", self.write_pictures(1), stdout=full)
            _, stderr = process.communicate(timeout=60)
        self.assertEqual(process.returncode, NOT_DONE, stderr)
        self.assertIn(b"No space left on device", stderr)

    def test_an_interrupt_stops_with_130_and_removes_the_partial_file(self):
        self.assert_stops(signal.SIGINT, 130)

    def test_a_termination_stops_with_143_and_removes_the_partial_file(self):
        self.assert_stops(signal.SIGTERM, 143)

    def test_a_hangup_stops_with_129_and_removes_the_partial_file(self):
        self.assert_stops(signal.SIGHUP, 129)

    def assert_stops(self, which, code):
        process = self.start_long_run()
        process.send_signal(which)
        stdout, stderr = process.communicate(timeout=30)
        self.assertEqual(process.returncode, code, stderr)
        self.assertEqual(stdout, b"")
        self.assertEqual(self.names(), ["many", "p.jpg"])

    def test_an_interrupted_stats_run_prints_no_numbers(self):
        picture = self.write("p.jpg", jpeg(1500, 1000))
        listing = self.folder / "many"
        listing.mkdir()
        for i in range(5000):
            os.link(picture, listing / f"{i:04}.jpg")
        process = start("stats", listing, "--progress", "always")
        self.addCleanup(process.kill)
        process.stderr.read(1)  # the first progress line: it is under way
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, stderr)
        self.assertEqual(stdout, b"")

    def test_two_signals_at_once_end_it_and_a_rerun_takes_the_place(self):
        for two in ((signal.SIGINT, signal.SIGINT), (signal.SIGINT, signal.SIGTERM)):
            process = self.start_long_run()
            process.send_signal(signal.SIGSTOP)  # so that it meets both before it can act
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
            for which in two:
                process.send_signal(which)
            process.send_signal(signal.SIGCONT)
            process.communicate(timeout=30)
            self.assertIn(process.returncode, (130, 143))
            self.assertFalse(self.out.exists())
            self.normalize(self.write_pictures(2), *HALF)
            self.assertEqual(np.load(self.out).shape, (2, 3, 224, 224))
            shutil.rmtree(self.folder / "many")
            self.out.unlink()
            os.unlink(f"{self.out}.manifest.json")

    def test_an_interrupt_while_the_list_is_read_ends_at_once(self):
        listing = self.folder / "list"
        os.mkfifo(listing)
        process = start("stats", "--files-from", listing)
        self.addCleanup(process.kill)
        with open(listing, "w"):  # opened on both sides: it waits for the first line
            process.send_signal(signal.SIGINT)
            stdout, _ = process.communicate(timeout=30)
        self.assertEqual((process.returncode, stdout), (130, b""))

    def test_a_killed_run_leaves_no_file_under_the_outputs_name(self):
        process = self.start_long_run()
        process.kill()
        process.communicate(timeout=30)
        self.assertFalse(self.out.exists())

    def test_a_leftover_partial_file_does_not_stop_the_next_run(self):
        (self.folder / "out.npy.partial").write_bytes(b"rest of a killed run" * 1000)
        os.chmod(self.folder / "out.npy.partial", 0o1644)  # the mark of a run that did not end
        command = ("normalize", self.write_pictures(2), *HALF, "-o", self.out)
        result = run(*command)
        self.assert_exit(DONE, result)
        self.assertEqual(np.load(self.out).shape, (2, 3, 224, 224))
        self.assertIn(f"{self.out}.partial: left by a run that did not end", result.stderr)
        self.assertNotIn("did not end", run(*command, "--force").stderr)

    def test_what_a_layer_run_keeps_meanwhile_has_no_name(self):
        process = self.start_long_run("--method", "batch")

        def spools():
            links = []
            for link in Path(f"/proc/{process.pid}/fd").glob("*"):
                with contextlib.suppress(OSError):
                    links.append(os.readlink(link))
            return [f for f in links if f.startswith(f"{self.folder}/") and "(deleted)" in f]

        wait_until(spools, process)
        names = set(self.names())
        process.kill()
        process.communicate(timeout=30)
        ours = {"p.jpg", "many", "out.npy.partial", "out.npy.manifest.json.partial"}
        self.assertLessEqual(names, ours)
        self.assertLessEqual(set(self.names()), ours)

    def test_a_picture_that_is_truncated_meanwhile_is_a_failure_not_a_crash(self):
        self.write_pictures(3)
        big = self.write("pictures/zz.jpg", jpeg(3000, 2000))
        command = [binary(), "stats", str(self.folder / "pictures")]
        for size in (0, 100, 5_000):
            data = big.read_bytes()
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            os.truncate(big, size)
            self.assertIn(process.wait(timeout=60), (DONE, SOME_FAILED))
            big.write_bytes(data)


if __name__ == "__main__":
    unittest.main()
