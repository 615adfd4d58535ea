"""scripts/setup against a made-up apt: which packages it asks for, what it says, what it waits for."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

SETUP = Path(__file__).resolve().parent.parent.parent / "scripts/setup"

PROGRAMS = {
    "id": "echo 0",
    "sleep": ":",
    "dpkg-query": 'sed "s/^/installed /" "$FAKE/installed"',
    "apt-cache": 'grep -qxF -- "$3" "$FAKE/there"',
    "apt-get": """
echo "$*" >>"$FAKE/calls"
case "$*" in
  *" update")
    if [ -s "$FAKE/locked" ]; then
      sed -i 1d "$FAKE/locked"
      echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7"
      exit 100
    fi ;;
  *" --assume-no "*)
    echo "0 upgraded, 87 newly installed, 0 to remove and 0 not upgraded."
    echo "Need to get 94.1 MB of archives."
    echo "After this operation, 370 MB of additional disk space will be used."
    exit 1 ;;
  *)
    echo "Unpacking a lot ..."
    if [ -e "$FAKE/broken" ]; then echo "E: Broken packages"; exit 100; fi ;;
esac""",
}


class Setup(unittest.TestCase):
    def setUp(self):
        self.holder = tempfile.TemporaryDirectory()
        self.addCleanup(self.holder.cleanup)
        self.fake = Path(self.holder.name)
        (self.fake / "bin").mkdir()
        for name, text in PROGRAMS.items():
            program = self.fake / "bin" / name
            program.write_text(f"#!/bin/sh\n{text}\n")
            program.chmod(0o755)
        self.put("calls")
        self.put("locked")
        self.put("installed", "g++", "cmake")
        self.put("there", *self.names())

    def put(self, name, *lines):
        (self.fake / name).write_text("".join(f"{line}\n" for line in lines))

    def run_setup(self, *arguments):
        return subprocess.run(
            [SETUP, *arguments],
            env={"PATH": f"{self.fake}/bin:{os.environ['PATH']}", "FAKE": str(self.fake)},
            capture_output=True,
            encoding="utf-8",
        )

    def names(self, kind="build"):
        """All names of all packages that are built, or tested, with."""
        words = re.search(rf"{kind}_packages=\((.*?)\)", SETUP.read_text(), re.S).group(1)
        return words.replace("'", "").replace("|", " ").split() + ["libopencv-dev"]

    def installs(self):
        """What apt-get was told to install."""
        last = (self.fake / "calls").read_text().splitlines()[-1]
        self.assertIn(" install -y ", last)
        return last.split("--no-install-recommends ")[1].split()

    def test_one_line_says_how_much_comes_and_apt_says_nothing(self):
        done = self.run_setup("--build-only")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(
            done.stdout,
            "setup: installing 87 packages: 94.1 MB to download, 370 MB on disk\n",
        )
        self.assertIn("libopencv-dev", self.installs())
        self.assertNotIn("g++", self.installs())

    def test_a_build_without_opencv_never_brings_it(self):
        self.assertEqual(self.run_setup("--no-opencv").returncode, 0)
        self.assertEqual([name for name in self.installs() if "opencv" in name], [])
        listed = self.run_setup("--no-opencv", "--list").stdout
        self.assertNotIn("opencv", listed)

    def test_a_package_is_called_as_the_system_calls_it(self):
        for name in ("libjpeg62-turbo-dev", "libjpeg-turbo8-dev"):
            others = {"libjpeg62-turbo-dev", "libjpeg-turbo8-dev", "libjpeg-dev"} - {name}
            self.put("there", *(set(self.names()) - others))
            self.assertEqual(self.run_setup("--build-only").returncode, 0)
            self.assertIn(name, self.installs())
            self.assertEqual(others & set(self.installs()), set())

    def test_what_the_system_has_no_package_of_is_named_and_nothing_installed(self):
        self.put("there", *self.names(), *(set(self.names("test")) - {"python3-torch"}))
        done = self.run_setup()
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("this system has no package python3-torch; nothing was installed", done.stderr)
        self.assertNotIn(" install ", (self.fake / "calls").read_text())

    def test_any_of_the_names_that_is_installed_will_do_without_the_network(self):
        self.put("installed", *(n for n in self.names() if n != "libjpeg62-turbo-dev"))
        done = self.run_setup("--build-only")
        self.assertRegex(done.stdout, r"^setup: all \d+ packages are installed\n$")
        self.assertEqual((self.fake / "calls").read_text(), "")

    def test_a_lock_of_another_apt_is_waited_for(self):
        self.put("locked", "once", "twice")
        self.assertEqual(self.run_setup("--build-only").returncode, 0)
        calls = (self.fake / "calls").read_text().splitlines()
        self.assertEqual(sum(call.endswith(" update") for call in calls), 3)
        self.assertTrue(all("DPkg::Lock::Timeout=" in call for call in calls))

    def test_what_apt_says_is_shown_where_it_fails(self):
        self.put("broken")
        done = self.run_setup("--build-only")
        self.assertEqual(done.returncode, 1)
        self.assertIn("E: Broken packages", done.stderr)


if __name__ == "__main__":
    unittest.main()
