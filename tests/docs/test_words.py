"""README.md and docs/: links that lead somewhere, flags that exist, numbers of things as they are."""

import re
import unittest
from pathlib import Path

from documents import documents
from imnorm_test import SOURCE, ImnormTest, run

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FLAG = re.compile(r"(?<![\w-])--[a-z][a-zA-Z0-9-]*")
# Flags of other programs that pages speak of, each with its program.
OTHERS = {
    "--install": "cmake", "--prefix": "cmake", "--array": "sbatch", "--cpus-per-task": "sbatch",
"--build": "cmake", "--target": "cmake", "--component": "cmake", "--loadInputs": "trtexec",
    "--rm": "docker", "--user": "docker",
}  # fmt: skip


def anchors(path):
    """Those that GitHub gives a page's headings."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.M)
    plain = [re.sub(r"[^\w\- ]", "", h.replace("`", "").lower()) for h in headings]
    return {h.replace(" ", "-") for h in plain}


def pages():
    return [*documents(), *sorted((SOURCE / "docs/reference").glob("*.md"))]


class Words(ImnormTest):
    def test_every_link_leads_somewhere(self):
        for page in pages():
            for link in LINK.findall(page.read_text()):
                if re.match(r"[a-z]+:", link):
                    continue
                name, _, anchor = link.partition("#")
                target = (page.parent / name).resolve() if name else page
                self.assertTrue(target.exists(), f"{page.name}: {link}")
                if anchor:
                    self.assertIn(anchor, anchors(target), f"{page.name}: {link}")

    def test_every_page_can_be_reached_from_the_readme(self):
        reached, new = set(), {SOURCE / "README.md"}
        while new:
            page = new.pop()
            reached.add(page)
            for link in LINK.findall(page.read_text()):
                target = (page.parent / link.partition("#")[0]).resolve()
                if target.suffix == ".md" and target.exists() and target not in reached:
                    new.add(target)
        self.assertEqual([p.name for p in pages() if p not in reached], [])

    def test_every_flag_is_one(self):
        known = set(FLAG.findall(run("completions", "bash").stdout))
        for script in (SOURCE / "scripts").iterdir():
            if script.is_file():
                known |= set(FLAG.findall(script.read_text(errors="replace")))
        self.assertIn("--preset", known)
        for page in documents():
            unknown = set(FLAG.findall(page.read_text())) - known - set(OTHERS)
            self.assertEqual(unknown, set(), page.name)

    def test_the_readme_counts_the_presets(self):
        listed = len(list((SOURCE / "configs").glob("*.json")))
        self.assertEqual(len(run("presets").stdout.splitlines()), listed)
        self.assertIn(f"lists {listed} presets by name", (SOURCE / "README.md").read_text())

    def test_headings_have_the_anchors_that_github_gives_them(self):
        page = Path(self.write("p.md", b"# One `--two` (3), four\n"))
        self.assertEqual(anchors(page), {"one---two-3-four"})


if __name__ == "__main__":
    unittest.main()
