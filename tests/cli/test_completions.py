"""Completions in the real shells, and manual pages through man."""

import shutil
import subprocess
import unittest

from imnorm_test import DONE, USAGE, ImnormTest, binary, run

COMMANDS = {"stats", "merge", "normalize", "presets", "completions", "help"}


def with_imnorm_on_path(program, *arguments, text=None):
    folder = str(binary()).rsplit("/", 1)[0]
    return subprocess.run(
        [program, *arguments], input=text, capture_output=True, encoding="utf-8", timeout=60,
        env={"PATH": f"{folder}:/usr/bin:/bin", "HOME": "/nonexistent", "TERM": "dumb"}, check=False,
    )  # fmt: skip


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"SKIPPED: {program} is not installed")


class Completions(ImnormTest):
    def bash(self, *words):
        """What bash would offer for the last of the words."""
        quoted = " ".join(f"'{word}'" for word in words)
        done = with_imnorm_on_path("bash", "-c", f"""
            source <(imnorm completions bash)
            COMP_WORDS=({quoted}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _imnorm
            printf '%s\\n' "${{COMPREPLY[@]}}" """)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.split())

    def fish(self, line):
        done = with_imnorm_on_path("fish", "--no-config", "-c",
                                   f'imnorm completions fish | source; complete -C "{line}"')
        self.assertEqual(done.returncode, 0, done.stderr)
        return {offered.split("\t")[0] for offered in done.stdout.splitlines()}

    def test_bash_offers_commands_options_and_words(self):
        self.assertLessEqual(COMMANDS, self.bash("imnorm", ""))
        self.assertEqual(self.bash("imnorm", "nor"), {"normalize"})
        self.assertEqual(self.bash("imnorm", "stats", "--hist"), {"--histogram"})
        self.assertNotIn("--dtype", self.bash("imnorm", "stats", "--"))
        self.assertEqual(self.bash("imnorm", "stats", "--filter", "b"), {"box", "bilinear", "bicubic"})
        self.assertEqual(self.bash("imnorm", "stats", "--filter", "=", "la"), {"lanczos"})
        self.assertEqual(self.bash("imnorm", "stats", "--like", "torch"),
                         {"torch", "torch-float", "torchvision", "torchvision-v2"})
        self.assertEqual(self.bash("imnorm", "help", "st"), {"stats"})
        self.assertEqual(self.bash("imnorm", "completions", "z"), {"zsh"})

    def test_bash_offers_presets_under_every_name(self):
        self.assertIn("clip-vit-l14-336", self.bash("imnorm", "normalize", "--preset", "clip"))
        self.assertIn("ResNet50_Weights.IMAGENET1K_V2",
                      self.bash("imnorm", "normalize", "--preset", "ResNet50"))
        self.assertIn("clip-vit-l14-336", self.bash("imnorm", "presets", "cl"))

    @needs("fish")
    def test_fish_offers_the_same(self):
        self.assertLessEqual(COMMANDS, self.fish("imnorm "))
        self.assertEqual(self.fish("imnorm stats --hist"), {"--histogram"})
        self.assertLessEqual({"box", "bilinear"}, self.fish("imnorm stats --filter b"))
        self.assertIn("clip-vit-l14-336", self.fish("imnorm normalize --preset clip"))

    @needs("zsh")
    def test_zsh_takes_the_script_and_knows_whom_to_ask(self):
        done = with_imnorm_on_path("zsh", "-f", "-c", """
            autoload -U compinit; compinit -u -D; source <(imnorm completions zsh)
            print -r -- $_comps[imnorm]
            compadd() { print -rl -- ${(P)@[-1]}; }; _files() { :; }; _imnorm_presets
            _describe() { print -rl -- ${(P)@[-1]}; }; _imnorm_commands
            _arguments() { [[ $1 = -C ]] && state=arguments || print -rl -- "$@"; }
            words=(stats); _imnorm""")
        self.assertEqual(done.stderr, "")
        offered = done.stdout.splitlines()
        self.assertEqual(offered[0], "_imnorm")
        self.assertIn("clip-vit-l14-336", offered)
        self.assertLessEqual(COMMANDS, {line.split(":")[0] for line in offered})
        filters = next(line for line in offered if line.startswith("--filter["))
        self.assertIn("(nearest box bilinear hamming bicubic lanczos area nearest-exact)", filters)

    def test_a_shell_that_has_none_is_named_with_those_that_do(self):
        for words in (["tcsh"], []):
            result = run("completions", *words)
            self.assert_exit(USAGE, result)
            self.assertIn("bash, zsh or fish", result.stderr)


class ManualPages(ImnormTest):
    @needs("man")
    def test_man_shows_each_without_a_warning(self):
        for words in ([], *([command] for command in sorted(COMMANDS))):
            page = run("help", *words, "--man")
            self.assert_exit(DONE, page)
            shown = with_imnorm_on_path("man", "-l", "--warnings", "-", text=page.stdout)
            self.assertEqual((shown.returncode, shown.stderr), (0, ""), words)
            self.assertIn("EXIT STATUS", shown.stdout)

    def test_a_page_names_every_option_of_the_help(self):
        page = run("help", "normalize", "--man").stdout.replace("\\-", "-")
        for line in run("help", "normalize").stdout.splitlines():
            if line.startswith("  --"):
                self.assertIn(f"\\fB{line.split()[0]}\\fR", page)


class Help(ImnormTest):
    def test_of_every_command_fits_80_columns(self):
        for command in sorted(COMMANDS):
            for line in run("help", command).stdout.splitlines():
                self.assertLessEqual(len(line), 80, line)


if __name__ == "__main__":
    unittest.main()
