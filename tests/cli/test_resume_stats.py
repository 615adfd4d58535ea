"""Statistics of runs that were killed go on where they were: whenever that was, the file is in the
end that of a run that nobody disturbed."""

import os
import random
import signal
import unittest

from imnorm_test import DONE, SOME_FAILED, USAGE, jpeg, run
from kill_at_a_call import Shimmed


class ResumeStats(Shimmed):
    def pictures(self, count=19):
        self.write("p/cat/bad.jpg", b"\xff\xd8\xff\xe0nothing")
        self.write("p/dog/notes", b"no picture")
        for i in range(count):
            self.write(f"p/{'cat' if i % 2 else 'dog'}/{i}.jpg", jpeg(20 + i, 30, seed=i))
        return self.folder / "p"

    def journal(self):
        return self.folder / "s.json.journal.partial"

    def each_instant(self, *arguments, step=1, count=19):
        command = ("stats", self.pictures(count), "-o", self.folder / "s.json", *arguments)
        self.clear()
        whole = self.call(*command)
        self.assertIn(whole.returncode, (DONE, SOME_FAILED))
        files = self.files()
        calls = resumed = 0
        for call in range(1, 1000, step):
            self.clear()
            killed = self.call(*command, IMNORM_KILL=str(call), IMNORM_HURRY="1")
            if killed.returncode == whole.returncode:
                break
            self.assertEqual(killed.returncode, -signal.SIGKILL, killed.stderr)
            for name, data in self.files().items():
                if not name.endswith(".partial"):
                    self.assertEqual(data, files[name], (call, name))
            resumed += self.journal().exists() and self.journal().stat().st_size > 0
            self.call(*command, "--resume", IMNORM_KILL=str(call // 2 + 3), IMNORM_HURRY="1")
            again = self.call(*command, "--resume", code=whole.returncode)
            self.assert_files(files, call)
            self.assertEqual(again.stderr.splitlines()[-1][:26], whole.stderr.splitlines()[-1][:26])
            calls += 1
        self.assertLess(call, 999)
        self.assertGreater(calls * step, 5)
        self.assertGreater(resumed, calls // 3)

    def test_killed_at_any_call(self):
        self.each_instant("-j", "1", "--histogram")

    def test_several_threads_with_lines_a_picture(self):
        self.each_instant("-j", "3", "--per-image", self.folder / "rows.csv", "--per-class", step=2)

    def test_samples_and_until(self):
        rows = ["--per-image", self.folder / "r.jsonl"]
        self.each_instant("-j", "2", "--until", "0.5", *rows, step=7, count=60)
        self.assertLess(len((self.folder / "r.jsonl").read_text().splitlines()), 50)
        self.each_instant("-j", "2", "--sample", "20", "--seed", "4")

    def killed(self, *arguments):
        command = ("stats", self.pictures(), "-o", self.folder / "s.json", "-j", "1", *arguments)
        killed = self.call(*command, IMNORM_KILL="20", IMNORM_HURRY="1")
        self.assertEqual(killed.returncode, -signal.SIGKILL, killed.stderr)
        self.assertGreater(self.journal().stat().st_size, 500)
        return command

    def test_what_is_noted_is_not_decoded_again(self):
        command = self.killed()
        first = sorted(self.folder.glob("p/cat/*.jpg"))[0]
        first.write_bytes(jpeg(40, 30, seed=99))
        self.call(*command, "--resume", code=SOME_FAILED)
        resumed = self.files()["s.json"]
        self.call(*command, "--force", code=SOME_FAILED)
        self.assertNotEqual(self.files()["s.json"], resumed)

    def test_notes_that_were_changed_are_not_believed(self):
        command = self.killed()
        noted = bytearray(self.journal().read_bytes())
        self.call(*command, "--resume", code=SOME_FAILED)
        whole = self.files()["s.json"]
        randomly = random.Random(2)
        for _ in range(20):
            self.clear()
            changed = bytearray(noted)
            changed[randomly.randrange(len(changed))] ^= 1 << randomly.randrange(8)
            self.journal().write_bytes(changed)
            os.chmod(self.journal(), 0o1644)
            self.call(*command, "--resume", code=SOME_FAILED)
            self.assertEqual(self.files(), {"s.json": whole})

    def test_a_changed_run_is_refused_with_what_changed(self):
        command = self.killed()
        for change, word in [
            (["--weight", "image"], "weight"),
            (["--resize", "8x8"], "plan"),
            (["--ignore-value", "3"], "ignored"),
            ([self.folder / "p/cat/1.jpg"], "was 21"),
            (["--shard", "1/2"], "inputs"),
        ]:
            result = self.call(*command, *change, "--resume", code=USAGE)
            self.assertIn(word, result.stderr)
            self.assertIn("--resume", result.stderr)
            self.assertTrue(self.journal().exists())
        self.call(*command, "--resume", code=SOME_FAILED)

    def test_a_run_without_it_names_it_and_begins_anew(self):
        command = self.killed()
        self.assertIn("--resume", self.call(*command, code=SOME_FAILED).stderr)
        self.assertEqual(sorted(self.files()), ["s.json"])

    def test_a_run_that_is_stopped_keeps_what_is_done_where_it_resumes(self):
        command = ("stats", self.pictures(), "-o", self.folder / "s.json", "-j", "1")
        hurry = {"IMNORM_KILL": "20", "IMNORM_SIGNAL": str(int(signal.SIGINT)), "IMNORM_HURRY": "1"}
        self.call(*command, **hurry, code=130)
        self.assertEqual(sorted(self.files()), [])
        self.call(*command, "--resume", **hurry, code=130)
        self.assertGreater(self.journal().stat().st_size, 500)
        self.call(*command, "--resume", code=SOME_FAILED)
        resumed = self.files()
        self.call(*command, "--force", code=SOME_FAILED)
        self.assertEqual(self.files(), resumed)

    def test_what_is_done_already_is_left_as_it_is(self):
        command = ("stats", self.pictures(), "-o", self.folder / "s.json", "--resume")
        first = self.call(*command, code=SOME_FAILED)
        before = os.stat(self.folder / "s.json").st_mtime_ns
        again = self.call(*command, code=SOME_FAILED)
        self.assertEqual(os.stat(self.folder / "s.json").st_mtime_ns, before)
        self.assertEqual(first.stdout, again.stdout)
        for text in (first.stderr, again.stderr):
            self.assertIn("measured 19 of 20 pictures, 1 failed (1 corrupt)", text)
        for change in (["--ddof", "1"], ["--shard", "1/2"]):
            self.assertIn("--force", self.call(*command, *change, code=USAGE).stderr)
        (self.folder / "s.json").write_text("{}")
        self.assertIn("--force", self.call(*command, code=USAGE).stderr)

    def test_where_there_is_nothing_to_go_on_from_it_is_refused(self):
        pictures = self.pictures()
        for arguments, word in [
            ([pictures], "-o FILE"),
            ([pictures, "-o", "-"], "-o FILE"),
            ([pictures, "-o", "s.csv"], "CSV"),
        ]:
            result = run("stats", *arguments, "--resume", cwd=self.folder)
            self.assert_exit(USAGE, result)
            self.assertIn(word, result.stderr)


if __name__ == "__main__":
    unittest.main()
