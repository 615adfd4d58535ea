"""What imnorm writes is valid under the JSON Schemas of docs/schemas, and they know no other words."""

import json
import re
import unittest

import jsonschema
import numpy as np

from imnorm_test import DONE, SAMPLES, SOME_FAILED, SOURCE, ImnormTest, manifest_of, run
from imnorm_test import pictures_of_all_kinds
from schemas import faults, schema_files

DIFFERENT = 1
TILES = {
    "image_processor_type": "GotOcr2ImageProcessor",
    "crop_to_patches": True,
    "min_patches": 1,
    "max_patches": 4,
    "size": {"height": 64, "width": 64},
}


def words_of(table):
    """The words of a table in src/plan/words.cpp."""
    text = (SOURCE / "src/plan/words.cpp").read_text()
    block = re.search(rf" {table}\[\] = \{{(.*?)\n\}};", text, re.S).group(1)
    return re.findall(r'"([^"]+)"', block)


class Schemas(ImnormTest):
    def assert_valid(self, name, document):
        self.assertEqual(faults(name, document), [])

    def lines(self, text):
        return [json.loads(line) for line in text.splitlines()]

    def test_each_is_a_schema_named_as_what_it_describes(self):
        for name, schema in schema_files().items():
            jsonschema.Draft202012Validator.check_schema(schema)
            self.assertEqual(schema["$id"], f"urn:imnorm:{name}:1")
            word = schema.get("properties", {}).get("schema")
            if word is not None:
                self.assertEqual(word, {"const": f"imnorm.{name}/1"})

    def test_every_preset_is_a_plan_and_so_is_what_is_printed(self):
        for path in sorted((SOURCE / "configs").glob("*.json")):
            self.assert_valid("plan", json.loads(path.read_text()))
            printed = json.loads(run("presets", path.stem).stdout)
            self.assert_valid("plan", printed)
        plain = ["normalize", SAMPLES / "coast", "-o", self.folder / "x.npy", "--print-plan"]
        for options in (
            ["--method", "group", "--groups", "3", "--resize", "32x32", "--momentum", "none"],
            ["--preset", "imagenet", "--dtype", "int8", "--qscale", "0.02", "--qzero", "3"],
            ["--resize", "letterbox:64x64,stride:32", "--mean", "0", "--std", "1", "--alpha", "white"],
        ):
            done = run(*plain, *options)
            self.assert_exit(DONE, done)
            self.assert_valid("plan", json.loads(done.stdout))

    def test_manifests(self):
        everything = self.write_all(pictures_of_all_kinds())
        config = self.write("preprocessor_config.json", json.dumps(TILES).encode())
        cases = {
            "plain": [SAMPLES, "--preset", "imagenet"],
            "notes": [everything, "--preset", "cifar10", "--dtype", "float16", "--fast-decode"],
            "boxes": [SAMPLES, "--preset", "yolo-640"],
            "shards": [SAMPLES, "--preset", "imagenet", "--shard-size", "9"],
            "tiles": [SAMPLES / "coast", "--preset", config],
            "dropped": [SAMPLES, "--method", "batch", "--resize", "16x16", "--batch-size", "5",
                        "--drop-last"],
        }  # fmt: skip
        for name, arguments in cases.items():
            with self.subTest(name):
                out = self.folder / f"{name}.npz"
                done = run("normalize", *arguments, "-o", out)
                self.assertIn(done.returncode, (DONE, SOME_FAILED), done.stderr)
                self.assert_valid("manifest", manifest_of(out))
        out = self.folder / "again.npy"
        done = run("normalize", self.folder / "dropped.npz", "--method", "instance", "-o", out)
        self.assert_exit(DONE, done)
        self.assert_valid("manifest", manifest_of(out))

    def test_the_manifest_of_merged_shards(self):
        parts = []
        for i in (1, 2):
            out = self.folder / f"{i}.npy"
            done = run("normalize", SAMPLES, "--preset", "imagenet", "--shard", f"{i}/2", "-o", out)
            self.assertIn(done.returncode, (DONE, SOME_FAILED), done.stderr)
            parts.append(f"{out}.manifest.json")
        joined = self.folder / "joined.json"
        self.assert_exit(SOME_FAILED, run("merge", *parts, "-o", joined))
        self.assert_valid("manifest", json.loads(joined.read_text()))

    def test_norm_reports_of_every_method_and_shape(self):
        for method in ("batch", "layer", "instance", "group"):
            for shape in ((4, 6), (4, 6, 5), (4, 6, 5, 7)):
                if method == "instance" and len(shape) == 2:
                    continue  # one value a mean
                tensor = self.folder / "t.npy"
                np.save(tensor, np.random.default_rng(1).normal(size=shape).astype(np.float32))
                report = self.folder / "report.json"
                groups = ["--groups", "2"] if method == "group" else []
                done = run("normalize", tensor, "--method", method, *groups, "--report-norm", report,
                           "--force", "-o", self.folder / "o.npy")  # fmt: skip
                self.assert_exit(DONE, done)
                self.assert_valid("norm-report", json.loads(report.read_text()))

    def test_findings_comparisons_and_logs(self):
        found = run("verify", SAMPLES, "--near", "6", "--emit", "json")
        self.assertGreater(len(self.lines(found.stdout)), 3)
        for line in self.lines(found.stdout):
            self.assert_valid("finding", line)
        a, b = self.folder / "a.npy", self.folder / "b.npy"
        log = self.folder / "log"
        run("normalize", SAMPLES, "--preset", "imagenet", "-o", a, "--json-log", log)
        run("normalize", SAMPLES, "--preset", "imagenet", "--channels", "bgr", "-o", b)
        for pair in ((a, a), (a, b)):
            self.assert_valid("compare", json.loads(run("compare", *pair, "--emit", "json").stdout))
        flat = self.folder / "flat.npy"
        np.save(flat, np.zeros((2, 5), np.float32))
        np.save(self.folder / "one.npy", np.full((2, 5), np.nan, np.float32))
        done = run("compare", flat, self.folder / "one.npy", "--emit", "json")
        self.assert_exit(DIFFERENT, done)
        self.assert_valid("compare", json.loads(done.stdout))
        events = self.lines(log.read_text())
        for event in events:
            self.assert_valid("log", event)
        kinds = {event["event"] for event in events}
        self.assertEqual(kinds & {"start", "listed", "failure", "summary", "end"},
                         {"start", "listed", "failure", "summary", "end"})  # fmt: skip

    def test_the_words_of_plans_are_the_programs(self):
        plan = schema_files()["plan"]
        parts = {name: part["properties"] for name, part in plan["$defs"].items() if "properties" in part}
        for table, place in {
            "kEngines": plan["properties"]["like"],
            "kExifPolicies": plan["properties"]["exif"],
            "kChannelOrders": plan["properties"]["channels"],
            "kMethods": plan["properties"]["method"],
            "kLayouts": plan["properties"]["layout"],
            "kResizeKinds": parts["resize"]["kind"],
            "kMultipleRoundings": parts["resize"]["multiple_rounding"],
            "kSmartRules": parts["resize"]["smart"],
            "kTileRules": parts["resize"]["tiles"],
            "kTileFits": parts["resize"]["fit"],
            "kOpencvReleases": parts["values"]["opencv"],
            "kSideRoundings": parts["resize"]["rounding"],
            "kFilters": parts["resize"]["filter"],
            "kResizeEngines": parts["resize"]["engine"],
            "kCropRoundings": parts["crop"]["rounding"],
            "kPatchElements": parts["patches"]["elements"],
            "kOverviews": parts["patches"]["overview"],
            "kPatchNumbers": parts["patches"]["numbers"],
            "kArithmetics": parts["values"]["arithmetic"],
        }.items():
            self.assertEqual(sorted(place["enum"]), sorted(words_of(table)), table)

    def test_the_words_of_findings_and_causes_are_the_programs(self):
        rows = (SOURCE / "src/pipeline/findings.cpp").read_text()
        kinds = re.findall(r'\{k\w+, k\w+, "([^"]+)"', rows)
        finding = schema_files()["finding"]["properties"]
        self.assertEqual(finding["kind"]["enum"], kinds)
        text = (SOURCE / "src/cli/comparison_text.cpp").read_text()
        names = text[text.index("CauseName(") : text.index("ComparisonToJson(")]
        diagnoses = schema_files()["compare"]["properties"]["diagnoses"]
        cause = diagnoses["items"]["properties"]["cause"]
        self.assertEqual(cause["enum"], re.findall(r'return "(\w+)";', names))

    def test_what_a_schema_does_not_know_is_found(self):
        out = self.folder / "x.npy"
        run("normalize", SAMPLES / "coast", "--preset", "imagenet", "-o", out)
        manifest = manifest_of(out)
        manifest["plan"]["resize"]["kind"] = "sideways"
        self.assertTrue(faults("manifest", manifest))
        manifest = manifest_of(out)
        del manifest["items"][0]["row"]
        self.assertTrue(faults("manifest", manifest))


if __name__ == "__main__":
    unittest.main()
