"""What goes to stdout, what to stderr, and what the terminal gets."""

import json
import fcntl
import os
import pty
import struct
import subprocess
import termios
import unittest
import zlib

from imnorm_test import (
    DONE,
    SOME_FAILED,
    USAGE,
    ImnormTest,
    binary,
    jpeg,
    png,
    pictures_of_all_kinds,
    run,
    start,
)

HALF = ("--preset", "half")


def run_on_a_terminal(*arguments, stdout_too=False, columns=80, **environment):
    """Runs imnorm with stderr (and stdout) on a terminal: exit code, stdout, terminal text."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
    process = subprocess.Popen(
        [binary(), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stderr=terminal,
        stdout=terminal if stdout_too else subprocess.PIPE,
        env={**os.environ, "TERM": "xterm", **environment},
    )
    os.close(terminal)
    text = b""
    while True:
        try:
            piece = os.read(controller, 65536)
        except OSError:  # the other side is closed
            break
        if not piece:
            break
        text += piece
    os.close(controller)
    stdout = b"" if stdout_too else process.stdout.read()
    if not stdout_too:
        process.stdout.close()
    return process.wait(timeout=60), stdout, text.decode()


class Conduct(ImnormTest):
    def with_damage(self):
        pictures = self.write_pictures(6)
        self.write("pictures/bad.jpg", b"\xff\xd8\xff bad")
        return pictures

    def test_off_a_terminal_stats_prints_one_json_document(self):
        result = run("stats", self.with_damage())
        self.assert_exit(SOME_FAILED, result)
        self.assertEqual(json.loads(result.stdout)["schema"], "imnorm.stats/1")
        self.assertTrue(result.stdout.endswith("}\n"))

    def test_normalize_prints_nothing_on_stdout(self):
        result = run("normalize", self.with_damage(), *HALF, "-o", self.folder / "out.npy")
        self.assert_exit(SOME_FAILED, result)
        self.assertEqual(result.stdout, "")
        self.assertIn("6 of 7", result.stderr)

    def test_stats_into_a_file_prints_nothing_on_stdout(self):
        out = self.folder / "stats.json"
        result = run("stats", self.write_pictures(2), "-o", out)
        self.assert_exit(DONE, result)
        self.assertEqual(result.stdout, "")
        self.assertEqual(json.loads(out.read_bytes())["images"], 2)

    def test_the_summary_names_the_output_its_shape_and_the_reasons(self):
        result = run("normalize", self.with_damage(), *HALF, "-o", self.folder / "out.npy")
        last = result.stderr.strip().splitlines()[-1]
        for word in ("out.npy", "[6, 3, 224, 224]", "corrupt", "1 failed"):
            self.assertIn(word, last)

    def test_no_progress_and_no_colour_off_a_terminal(self):
        result = run("normalize", self.with_damage(), *HALF, "-o", self.folder / "out.npy")
        self.assertNotIn("\r", result.stderr)
        self.assertNotIn("\x1b", result.stderr)

    def test_progress_always_writes_to_stderr_even_off_a_terminal(self):
        result = run("stats", self.write_pictures(3), "--progress", "always")
        self.assert_exit(DONE, result)
        self.assertIn("3/3", result.stderr)
        self.assertEqual(json.loads(result.stdout)["images"], 3)

    def test_progress_shows_on_a_terminal_and_never_hides_it(self):
        pictures = self.write_pictures(3)
        code, stdout, terminal = run_on_a_terminal("stats", pictures)
        self.assertEqual(code, DONE)
        self.assertIn("3/3", terminal)
        self.assertEqual(json.loads(stdout)["images"], 3)
        code, _, terminal = run_on_a_terminal("stats", pictures, "--progress", "never")
        self.assertEqual(code, DONE)
        self.assertNotIn("3/3", terminal)

    def test_the_progress_line_is_cut_to_the_width(self):
        pictures = self.with_damage()
        for columns in (10, 20, 37):
            terminal = run_on_a_terminal("stats", pictures, columns=columns)[2]
            plain = terminal.replace("\x1b[J", "")
            drawn = [p for line in plain.split("\r\n") for p in line.split("\r")[:-1] if p]
            self.assertTrue([p for p in drawn if p.startswith("7/7")], terminal)
            for piece in drawn:
                self.assertLess(len(piece), columns, terminal)

    def test_a_wide_terminal_has_a_bar_and_a_narrow_one_has_none(self):
        pictures = self.with_damage()
        wide = run_on_a_terminal("stats", pictures, columns=100)[2]
        self.assertRegex(wide, r"\r\[=+\]  7/7  100%  ")
        self.assertNotIn("[=", run_on_a_terminal("stats", pictures, columns=40)[2])

    def test_progress_as_json_is_lines_on_stderr(self):
        pictures = self.with_damage()
        result = run("stats", pictures, "--progress", "json", "-q")
        self.assert_exit(SOME_FAILED, result)
        lines = [json.loads(line) for line in result.stderr.splitlines() if line.startswith("{")]
        self.assertEqual(lines[0], {"event": "listed", "inputs": 7})
        last = lines[-1]
        self.assertEqual((last["event"], last["finished"], last["failed"], last["total"]),
                         ("progress", 7, 1, 7))  # fmt: skip
        self.assertEqual(json.loads(result.stdout)["images"], 6)

    def events(self, text):
        return [json.loads(line) for line in text.splitlines()]

    def test_a_json_log_tells_what_happened(self):
        pictures = self.with_damage()
        log = self.folder / "run.jsonl"
        for command in (["stats", pictures], ["normalize", pictures, *HALF, "-o", self.folder / "o.npy"]):
            self.assert_exit(SOME_FAILED, run(*command, "--json-log", log))
        events = self.events(log.read_text())
        starts = [i for i, event in enumerate(events) if event["event"] == "start"]
        self.assertEqual([events[i]["command"] for i in starts], ["stats", "normalize"])
        for part in (events[: starts[1]], events[starts[1] :]):
            kinds = [event["event"] for event in part]
            self.assertEqual(kinds[:2], ["start", "listed"])
            self.assertEqual(kinds[-2:], ["summary", "end"])
            [failure] = [event for event in part if event["event"] == "failure"]
            self.assertTrue(failure["path"].endswith("bad.jpg"))
            self.assertEqual(failure["error"], "corrupt")
            progress = [event for event in part if event["event"] == "progress"][-1]
            self.assertEqual((progress["finished"], progress["total"]), (7, 7))
            summary = part[-2]
            self.assertEqual((summary["done"], summary["failed"]), (6, 1))
            self.assertEqual(part[-1]["exit_code"], SOME_FAILED)

    def test_a_json_log_goes_to_a_descriptor_and_a_reader_that_is_gone_ends_nothing(self):
        pictures = self.write_pictures(3)
        for closed in (False, True):
            reader, writer = os.pipe()
            if closed:
                os.close(reader)
            done = subprocess.run(
                [binary(), "stats", pictures, "--json-log", str(writer)], pass_fds=[writer],
                capture_output=True, check=False,
            )  # fmt: skip
            os.close(writer)
            self.assertEqual(done.returncode, DONE, done.stderr)
            self.assertEqual(json.loads(done.stdout)["images"], 3)
            if not closed:
                with open(reader) as text:
                    events = self.events(text.read())
                self.assertEqual(events[-1]["exit_code"], DONE)

    def test_a_json_log_destroys_nothing(self):
        pictures = self.write_pictures(2)
        picture = sorted(pictures.iterdir())[0]
        before = picture.read_bytes()
        for log, word in ((picture, "something else than events"), ("77", "no such descriptor"),
                          (self.folder / "none" / "log", "No such file")):  # fmt: skip
            result = run("stats", pictures, "--json-log", log)
            self.assertIn(word, result.stderr)
            self.assertNotEqual(result.returncode, DONE)
        self.assertEqual(picture.read_bytes(), before)
        out = self.folder / "o.json"
        result = run("stats", pictures, "-o", out, "--json-log", out)
        self.assert_exit(USAGE, result)

    def test_a_dumb_terminal_gets_plain_lines(self):
        pictures = self.with_damage()
        for flags in ([], ["--progress", "always"]):
            terminal = run_on_a_terminal("stats", pictures, *flags, TERM="dumb")[2]
            self.assertIn("bad.jpg", terminal)
            self.assertNotIn("\x1b", terminal)
            self.assertNotIn("\r", terminal.replace("\r\n", "\n"))
            self.assertEqual("7/7" in terminal, bool(flags))

    def test_no_color_leaves_no_escape_sequence(self):
        terminal = run_on_a_terminal("stats", self.with_damage(), NO_COLOR="1")[2]
        self.assertIn("7/7", terminal)
        self.assertNotIn("\x1b", terminal)

    def test_the_table_fits_the_terminal(self):
        self.write_pictures(3, "pictures/a", width=640, height=480)
        self.write_pictures(3, "pictures/a long name of a class", width=64)
        self.write("pictures/bad.jpg", b"\xff\xd8\xff bad")
        flags = ("--histogram", "--percentiles", "1,2,5,10,25,50,75,90,95,98,99", "--per-class")
        more = (["--std-of", "image-mean"], ["--scale", "65535"], ["--scale", "0.001"])
        for columns in (80, 60, 200):
            for extra in more:
                code, _, terminal = run_on_a_terminal(
                    "stats", self.folder / "pictures", *flags, *extra, "--progress", "never",
                    stdout_too=True, columns=columns, NO_COLOR="1",
                )
                self.assertEqual(code, SOME_FAILED)
                table = terminal[terminal.index("pixels (native)") - 20 :].split("\r\n")[1:]
                self.assertIn("mean of image std", terminal)
                for line in table:
                    if line.startswith("measured "):
                        break  # the summary, which is a line in a log too
                    self.assertLessEqual(len(line), columns, terminal)
                first = next(line for line in table if line.startswith("channel"))
                if extra[0] == "--std-of" or columns == 200:
                    self.assertEqual("mean of image std" in first, columns > 60, terminal)

    def test_a_failure_is_listed_once_on_a_terminal(self):
        pictures = self.with_damage()
        terminal = run_on_a_terminal("stats", pictures, stdout_too=True)[2]
        self.assertEqual(terminal.count("bad.jpg"), 1, terminal)
        self.assertIn("6 images", terminal)
        self.assertIn("1 failed", terminal)
        # A merge tells of failures that no run on this terminal met.
        part = self.folder / "part.json"
        self.assert_exit(SOME_FAILED, run("stats", pictures, "-o", part))
        terminal = run_on_a_terminal("merge", part, stdout_too=True)[2]
        self.assertEqual(terminal.count("bad.jpg"), 1, terminal)

    def test_no_file_name_steers_the_terminal(self):
        pictures = self.write_pictures(1)
        names = ["\u009b31mc1.jpg", "\u202egnp.jpg", "\u2066a\u2069\u200f\u2028.jpg", "\x1b]0;t\x07.jpg"]
        for name in [os.fsencode(n) for n in names] + [b"\x9b31m\xff.jpg", b"\xc2.jpg"]:
            with open(os.path.join(os.fsencode(pictures), name), "wb") as file:
                file.write(b"\xff\xd8\xff bad")
        for both in (False, True):
            code, _, terminal = run_on_a_terminal(
                "stats", pictures, "--progress", "never", "--per-class", stdout_too=both, NO_COLOR="1"
            )
            self.assertEqual(code, SOME_FAILED)
            json_text = run_on_a_terminal(
                "stats", pictures, "--emit", "json", stdout_too=True, NO_COLOR="1", columns=300
            )[2]
            for character in "\x1b\x07\u009b\u202e\u2066\u2069\u200f\u2028":
                self.assertNotIn(character, json_text)
            document = json_text[json_text.index("{\r\n") : json_text.rindex("}") + 1]
            shown = [item["path"] for item in json.loads(document)["failed"]]
            self.assertTrue([path for path in shown if path.endswith("\u009b31mc1.jpg")])
            for character in "\x1b\x07\u009b\u202e\u2066\u2069\u200f\u2028":
                self.assertNotIn(character, terminal)
            for shown in ("\\u009b31mc1.jpg", "\\u202egnp.jpg", "\\x9b31m\\xff.jpg", "\\xc2.jpg"):
                self.assertIn(shown, terminal)

    def test_no_color_takes_the_colour_away(self):
        pictures = self.with_damage()
        self.assertIn("\x1b[3", run_on_a_terminal("stats", pictures, "--progress", "never")[2])
        plain = run_on_a_terminal("stats", pictures, "--progress", "never", NO_COLOR="1")[2]
        self.assertIn("bad.jpg", plain)
        self.assertNotIn("\x1b[3", plain)

    def test_quiet_leaves_errors_only(self):
        pictures = self.with_damage()
        result = run("normalize", pictures, *HALF, "-q", "-o", self.folder / "out.npy")
        self.assert_exit(SOME_FAILED, result)
        self.assertEqual(len(result.stderr.strip().splitlines()), 1)
        self.assertIn("bad.jpg", result.stderr)
        good = self.write("good/a.jpg", jpeg())
        result = run("stats", good, "-q")
        self.assert_exit(DONE, result)
        self.assertEqual(result.stderr, "")

    def test_a_failure_line_is_path_then_reason(self):
        result = run("stats", self.with_damage())
        line = next(line for line in result.stderr.splitlines() if "bad.jpg" in line)
        self.assertRegex(line, r"^imnorm: .*/bad\.jpg: corrupt: \S")

    def test_a_closed_stdout_pipe_is_quiet(self):
        reader, writer = os.pipe()
        os.close(reader)
        process = start("stats", self.write_pictures(1), "-q", stdout=writer)
        os.close(writer)
        _, stderr = process.communicate(timeout=60)
        self.assertEqual(stderr, b"")
        self.assertNotEqual(process.returncode, 0)
        self.assertGreater(process.returncode, 0, "it died of SIGPIPE")

    def test_a_closed_stderr_does_not_stop_the_work(self):
        out = self.folder / "out.npy"
        command = f'exec "$0" normalize "$1" --preset half -o "$2" 2>&-'
        done = subprocess.run(["sh", "-c", command, binary(), self.with_damage(), out])
        self.assertEqual(done.returncode, SOME_FAILED)
        self.assertTrue(out.exists())
        self.assertEqual(out.read_bytes()[:6], b"\x93NUMPY")

    def test_help_begins_with_examples(self):
        for command in ([], ["stats"], ["normalize"], ["presets"]):
            result = run(*command, "--help")
            self.assert_exit(DONE, result)
            self.assertTrue(result.stdout.startswith("Examples:\n  imnorm "), result.stdout[:80])
            self.assertEqual(result.stderr, "")

    def test_version_tells_the_codecs_and_the_simd_target(self):
        result = run("--version")
        self.assert_exit(DONE, result)
        first, *rest = result.stdout.splitlines()
        self.assertRegex(first, r"^imnorm \d+\.\d+\.\d+$")
        for codec in ("libjpeg-turbo", "libspng", "libwebp", "simd"):
            self.assertTrue(any(line.startswith(codec + " ") for line in rest), codec)

    def test_version_tells_which_jpeg_decoder_is_in_use(self):
        self.assertIn("\njpeg auto", run("--version", IMNORM_JPEG="").stdout)
        self.assertIn("\njpeg turbo", run("--version", IMNORM_JPEG="turbo").stdout)

    def test_version_tells_which_png_decoder_is_in_use(self):
        self.assertIn("\npng auto", run("--version", IMNORM_PNG="").stdout)
        self.assertIn("\npng spng", run("--version", IMNORM_PNG="spng").stdout)

    def test_either_png_decoder_gives_the_same_tensor_and_is_named_where_asked(self):
        picture = self.write("a.png", png(30, 20))
        tensors = []
        for words, variables in (([], {}), (["--png", "spng"], {}), ([], {"IMNORM_PNG": "spng"}),
                                 (["--png", "auto"], {"IMNORM_PNG": "spng"})):
            out = self.folder / f"{len(tensors)}.npy"
            result = run("normalize", picture, *HALF, "-v", "-o", out, *words, **variables)
            self.assert_exit(DONE, result)
            own = words == ["--png", "auto"] or not (words or variables)
            self.assertEqual("png: 1 decoded by imnorm's own decoder" in result.stderr, own)
            manifest = json.loads((self.folder / f"{out.name}.manifest.json").read_text())
            self.assertEqual(manifest["png"], "auto" if own else "spng")
            tensors.append(out.read_bytes())
        self.assertEqual(len(set(tensors)), 1)

    def test_what_is_left_to_libspng_is_counted_by_reason_when_verbose(self):
        palette = b"\0\0\0\3PLTE\0\0\0"
        palette += zlib.crc32(palette[4:]).to_bytes(4, "big")
        picture = png(30, 20)
        end = picture.index(b"IEND") - 4
        late = picture[:end] + palette + picture[end:]
        result = run("stats", self.write("a.png", late), "-v")
        self.assert_exit(DONE, result)
        self.assertIn("png: 1 left to libspng: a palette where none belongs", result.stderr)

    def test_a_png_decoder_that_is_not_there_is_refused(self):
        picture = self.write("a.png", png())
        result = run("stats", picture, "--png", "turbo")
        self.assert_exit(USAGE, result)
        self.assertRegex(result.stderr, r"--png.*auto.*spng")
        result = run("stats", picture, IMNORM_PNG="libpng")
        self.assert_exit(USAGE, result)
        self.assertIn("IMNORM_PNG", result.stderr)

    def test_version_tells_the_forced_simd_target(self):
        result = run("--version", IMNORM_SIMD="SCALAR")
        self.assert_exit(DONE, result)
        self.assertEqual(result.stdout.splitlines()[-1], "simd SCALAR")

    def test_presets_lists_and_prints_what_normalize_takes(self):
        table = run("presets")
        self.assert_exit(DONE, table)
        names = [line.split()[0] for line in table.stdout.splitlines() if line.strip()]
        for name in ("imagenet", "half", "clip", "none"):
            self.assertIn(name, names)
        printed = run("presets", "clip")
        self.assert_exit(DONE, printed)
        self.assertEqual(json.loads(printed.stdout)["preset"], "clip")
        config = self.write("clip_copy.json", printed.stdout.encode())
        pictures = self.write_pictures(2)
        one = self.normalize(pictures, "--preset", "clip", out="one.npy")
        two = self.normalize(pictures, "--preset", config, out="two.npy")
        self.assertEqual(one.read_bytes(), two.read_bytes())

    def test_print_plan_shows_the_flags_over_the_preset(self):
        result = run("normalize", "--preset", "imagenet", "--crop", "200", "--print-plan")
        self.assert_exit(DONE, result)
        plan = json.loads(result.stdout)
        self.assertEqual(plan["preset"], "imagenet")
        self.assertIn("200", json.dumps(plan["crop"]))

    def test_equal_runs_give_equal_bytes(self):
        folder = self.write_all(pictures_of_all_kinds())
        self.assertEqual(run("stats", folder).stdout, run("stats", folder, "-j", "1").stdout)

    def test_no_heavy_library_is_linked(self):
        libraries = subprocess.check_output(["ldd", binary()], encoding="utf-8")
        for name in ("libopencv", "libgdal", "libhwy"):
            self.assertNotIn(name, libraries)


if __name__ == "__main__":
    unittest.main()
