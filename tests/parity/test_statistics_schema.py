"""Every statistics document is valid under the JSON Schema in the repository."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

import jsonschema

from imnorm_test import SAMPLES, SOME_FAILED, SOURCE, ImnormTest, binary

SCHEMA = SOURCE / "docs/schemas/imnorm.stats-1.schema.json"


class StatisticsSchema(ImnormTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        schema = json.loads(SCHEMA.read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        cls.validator = jsonschema.Draft202012Validator(schema)

    def assert_valid(self, document):
        errors = [f"{list(e.absolute_path)}: {e.message[:300]}"
                  for e in self.validator.iter_errors(document)]
        self.assertEqual(errors, [])

    def test_a_document_of_every_kind_is_valid(self):
        with tempfile.TemporaryDirectory() as folder:
            tests = Path(binary()).parent / "tests" / "unit_tests"
            subprocess.run([tests, "[.documents]"], check=True, stdout=subprocess.DEVNULL,
                           env={**os.environ, "IMNORM_DOCUMENTS": folder})
            documents = sorted(Path(folder).iterdir())
            self.assertGreater(len(documents), 7)
            for path in documents:
                with self.subTest(kind=path.stem):
                    self.assert_valid(json.loads(path.read_text()))

    def test_what_the_command_writes_is_valid(self):
        self.assert_valid(self.stats(SAMPLES, code=SOME_FAILED))

    def test_a_key_that_the_schema_does_not_know_is_found(self):
        document = self.stats(SAMPLES, code=SOME_FAILED)
        document["exact"]["surprise"] = 1
        self.assertFalse(self.validator.is_valid(document))


if __name__ == "__main__":
    unittest.main()
