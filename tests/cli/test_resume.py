"""Runs that were killed go on where they were: whenever that was, all files are in the end those of a
run that nobody disturbed."""

import json
import os
import random
import signal
import unittest

from imnorm_test import SOME_FAILED, USAGE, jpeg, run
from kill_at_a_call import Shimmed

PLAN = ["--resize", "8x6", "--mean", "0.5,0.4,0.3", "--std", "0.25"]


class Resume(Shimmed):
    def pictures(self):
        for i in range(7):
            self.write(f"p/{'cat' if i % 2 else 'dog'}/{i}.jpg", jpeg(40, 30, seed=i))
        self.write("p/cat/2.jpg", b"\xff\xd8\xff\xe0nothing")
        self.write("p/dog/notes", b"no picture")
        return self.folder / "p"

    def each_instant(self, out, *arguments, step=1):
        """Kills a run at each of its calls in turn, and each time resumes it, killed once more."""
        command = ("normalize", self.pictures(), *PLAN, "-o", self.folder / out, *arguments)
        self.clear()
        self.call(*command, code=SOME_FAILED)
        whole = self.files()
        call = 1
        while True:
            self.clear()
            killed = self.call(*command, IMNORM_KILL=str(call))
            if killed.returncode == SOME_FAILED:
                break
            self.assertEqual(killed.returncode, -signal.SIGKILL, killed.stderr)
            for name, data in self.files().items():
                if not name.endswith(".partial"):
                    self.assertEqual(data, whole[name], (call, name))
            self.call(*command, "--resume", IMNORM_KILL=str(call // 2 + 3))
            self.call(*command, "--resume", code=SOME_FAILED)
            self.assert_files(whole, call)
            call += step
        self.assertGreater(call, 15)

    def test_npy_killed_at_any_call(self):
        self.each_instant("x.npy", "-j", "1")

    def test_npy_of_several_threads(self):
        self.each_instant("x.npy", "-j", "3", step=3)

    def test_other_formats(self):
        for name in ("x.safetensors", "x.tar", "x.raw", "x.npz"):
            with self.subTest(name):
                self.each_instant(name, "-j", "2", step=3)

    def test_shards(self):
        for name in ("x.npy", "x.tar", "x.npz"):
            with self.subTest(name):
                self.each_instant(name, "--shard-size", "2", "-j", "2", step=2)

    def test_split(self):
        self.each_instant("x.raw", "--split", "-j", "1", step=3)

    def test_a_manifest_of_another_name(self):
        self.each_instant("x.npy", "--manifest", self.folder / "m.json", "-j", "1", step=2)

    def killed(self, out="x.npy", *arguments, at=12):
        """A run of which some rows are there."""
        command = ["normalize", self.pictures(), *PLAN, "-j", "1", "-o", self.folder / out,
                   *arguments]  # fmt: skip
        self.call(*command, IMNORM_KILL=str(at), code=-signal.SIGKILL)
        self.assertIn(f"{out}.journal.partial", self.files())
        return command

    def test_what_is_done_is_not_decoded_again(self):
        command = self.killed()
        journal = (self.folder / "x.npy.journal.partial").read_bytes().split(b"\n")
        noted = [json.loads(line[17:]) for line in journal[1:-1]]
        self.assertGreater(len(noted), 3)
        done = [line[0] for line in noted if isinstance(line, list)]
        paths = sorted(p for p in (self.folder / "p").rglob("*") if p.is_file())
        for item in done[:-1]:  # the last one's row may not be there
            paths[item].write_bytes(b"gone")
        self.call(*command, "--resume", code=SOME_FAILED)
        result = run(*command, "--force")
        self.assertIn(f"{1 + len(done[:-1])} failed", result.stderr)

    def test_rows_and_lines_that_were_changed_are_made_again(self):
        whole = None
        for change in ("row", "line", "cut", "gone"):
            with self.subTest(change):
                self.clear()
                command = self.killed()
                name = "x.npy.partial" if change in ("row", "gone") else "x.npy.journal.partial"
                path = self.folder / name
                data = bytearray(path.read_bytes())
                if change == "row":
                    data[192 + 700] ^= 1
                elif change == "line":
                    data[len(data) - 60] ^= 1
                else:
                    del data[len(data) - 30 if change == "cut" else 0 :]
                path.write_bytes(data)
                self.call(*command, "--resume", code=SOME_FAILED)
                got = self.files()
                self.clear()
                self.call(*command, code=SOME_FAILED)
                whole = whole or self.files()
                self.assertEqual(got, whole)

    def test_a_changed_list_or_plan_is_refused_with_what_changed(self):
        command = self.killed()

        def work():
            files = self.files()
            return files["x.npy.partial"], files["x.npy.journal.partial"]

        left = work()
        for more, words in [
            (["--layout", "nhwc"], ["layout", "nhwc", "nchw"]),
            (["--std", "0.5"], ["std", "0.5", "0.25"]),
            (["--no-labels"], ["labels"]),
            (["--exclude", "1.jpg"], ["inputs is 8, and was 9"]),
            (["--shard", "1/2"], ["inputs is 4"]),
        ]:
            result = self.call(*command, "--resume", *more, code=USAGE)
            for word in ("--resume", "another run", *words):
                self.assertIn(word, result.stderr)
            self.assertEqual(work(), left)
        self.call(*command, "--resume", code=SOME_FAILED)

    def test_a_run_that_is_stopped_keeps_what_is_done_where_it_resumes(self):
        for arguments, kept in [(["--resume"], True), ([], False)]:
            self.clear()
            command = ["normalize", self.pictures(), *PLAN, "-j", "1", "-o", self.folder / "x.npy"]
            self.call(*command, *arguments, IMNORM_KILL="12", IMNORM_SIGNAL="15", code=143)
            self.assertEqual("x.npy.partial" in self.files(), kept)
            self.assertEqual("x.npy.journal.partial" in self.files(), kept)
        self.call(*command, "--resume", code=SOME_FAILED)

    def test_a_run_without_it_names_it_and_begins_anew(self):
        command = self.killed()
        result = self.call(*command, code=SOME_FAILED)
        self.assertIn("--resume", result.stderr)
        self.assertEqual(sorted(self.files()), ["x.npy", "x.npy.classes.json", "x.npy.manifest.json"])

    def test_what_is_done_already_is_left_as_it_is(self):
        command = ["normalize", self.pictures(), *PLAN, "-o", self.folder / "x.npy", "--resume"]
        first = self.call(*command, code=SOME_FAILED)
        before = os.stat(self.folder / "x.npy").st_mtime_ns
        again = self.call(*command, code=SOME_FAILED)
        self.assertEqual(os.stat(self.folder / "x.npy").st_mtime_ns, before)
        for text in (first.stderr, again.stderr):
            self.assertIn("normalized 7 of 8 pictures, 1 failed (1 corrupt)", text)
        self.assertIn("--force", self.call(*command, "--layout", "nhwc", code=USAGE).stderr)

    def test_a_manifest_that_nobody_here_wrote_says_nothing_of_what_is_done(self):
        command = ["normalize", self.pictures(), *PLAN, "-o", self.folder / "x.npy", "--resume"]
        self.call(*command, code=SOME_FAILED)
        tensor = (self.folder / "x.npy").read_bytes()
        manifest = self.folder / "x.npy.manifest.json"
        whole = manifest.read_text()
        for text in ("[" * 60000, whole.replace("{", '{"tool":1,', 1), whole[:-9], "{}", "[]", ""):
            manifest.write_text(text)
            self.assertIn("--force", self.call(*command, code=USAGE).stderr, text[:40])
            self.assertEqual((self.folder / "x.npy").read_bytes(), tensor)
        manifest.write_text(whole)
        self.call(*command, code=SOME_FAILED)

    def test_where_there_is_nothing_to_go_on_from_it_is_refused(self):
        pictures = self.pictures()
        tensor = self.normalize(pictures, *PLAN, out="t.npy", code=SOME_FAILED)
        for arguments, word in [
            ([pictures, *PLAN[:2], "--method", "batch", "-o", "y.npy"], "--method"),
            ([pictures, *PLAN, "-o", "-"], "pipe"),
            ([tensor, "--mean", "0.5", "--std", "0.5", "-o", "y.npy"], "tensor"),
        ]:
            result = run("normalize", *arguments, "--resume", cwd=self.folder)
            self.assert_exit(USAGE, result)
            self.assertIn("--resume", result.stderr)
            self.assertIn(word, result.stderr)


@unittest.skipUnless(os.environ.get("IMNORM_SLOW_TESTS"), "takes minutes")
class RandomInstants(Shimmed):
    """Larger runs of several threads, killed at calls by chance and resumed until one comes through."""

    RUNS = 60

    def test_sixty_runs_each(self):
        for i in range(300):
            data = jpeg(100, 80, seed=i) if i % 50 else b"\xff\xd8\xff\xe0nothing"
            self.write(f"in/{'a' if i % 2 else 'b'}/{i:04}.jpg", data)
        chance = random.Random(1)
        for name, *more in [
            ("x.npy",),
            ("x.safetensors",),
            ("x.tar",),
            ("s.npy", "--shard-size", "20"),
        ]:
            with self.subTest(name, more=more):
                command = ["normalize", self.folder / "in", "--preset", "imagenet", "-j", "2",
                           "-o", self.folder / name, *more]  # fmt: skip
                kills = sum(self.kill_until_done(command, chance) for _ in range(self.RUNS))
                print(f"{name} {' '.join(more)}: {self.RUNS} runs, {kills} kills, all the same")

    def kill_until_done(self, command, chance):
        """The number of kills; every file is looked at after each."""
        self.clear()
        if not hasattr(self, "whole") or self.whole[0] != command:
            self.call(*command, code=SOME_FAILED)
            self.whole = (command, self.files())
            self.clear()
        kills = 0
        while True:
            resume = ["--resume"] if kills else []
            # A whole run makes some 600 calls.
            result = self.call(*command, *resume, IMNORM_KILL=str(chance.randint(1, 700)))
            for name, data in self.files().items():
                if not name.endswith(".partial"):
                    self.assertEqual(data == self.whole[1][name], True, (kills, name))
            if result.returncode == SOME_FAILED:
                self.assertEqual(self.files() == self.whole[1], True)
                return kills
            self.assertEqual(result.returncode, -signal.SIGKILL, result.stderr)
            kills += 1


if __name__ == "__main__":
    unittest.main()
