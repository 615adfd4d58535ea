"""--shard auto: what each cluster says of a task."""

import unittest

from imnorm_test import USAGE, ImnormTest, run

CLUSTERS = (
    {"SLURM_ARRAY_TASK_ID": "6", "SLURM_ARRAY_TASK_MIN": "5", "SLURM_ARRAY_TASK_COUNT": "2"},
    {"SLURM_PROCID": "1", "SLURM_NTASKS": "2"},
    {"OMPI_COMM_WORLD_RANK": "1", "OMPI_COMM_WORLD_SIZE": "2"},
    {"PMI_RANK": "1", "PMI_SIZE": "2"},
    {"RANK": "1", "WORLD_SIZE": "2"},
)
ALONE = (
    {"SLURM_ARRAY_TASK_ID": "5", "SLURM_ARRAY_TASK_MIN": "5", "SLURM_ARRAY_TASK_COUNT": "1"},
    {"SLURM_PROCID": "0", "SLURM_NTASKS": "1"},
    {"OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "1"},
    {"RANK": "0", "WORLD_SIZE": "1"},
)


class Shards(ImnormTest):
    def shards_of(self, *flags, **environment):
        stats = self.stats(self.pictures, "--shard", "auto", *flags, **environment)
        return stats["exact"]["shards"]

    def setUp(self):
        super().setUp()
        self.pictures = self.write_pictures(4, width=9, height=9)

    def test_every_cluster_says_which_part_a_task_is(self):
        for environment in CLUSTERS:
            with self.subTest(environment=environment):
                self.assertEqual(self.shards_of(**environment), {"count": 2, "have": [2]})
        shards = self.shards_of("--num-shards", "3", JOB_COMPLETION_INDEX="1")
        self.assertEqual(shards, {"count": 3, "have": [2]})

    def test_a_job_of_one_task_is_the_whole(self):
        for environment in ALONE:
            with self.subTest(environment=environment):
                self.assertEqual(self.shards_of(**environment), {"count": 1, "have": [1]})
        # A launcher inside of a one-task allocation knows better.
        shards = self.shards_of(**ALONE[0], **ALONE[1], RANK="1", WORLD_SIZE="2")
        self.assertEqual(shards, {"count": 2, "have": [2]})

    def test_a_number_of_shards_that_nothing_would_use_is_refused(self):
        for flags in (["--num-shards", "3"], ["--num-shards", "3", "--shard", "1/3"]):
            result = run("stats", self.pictures, *flags)
            self.assert_exit(USAGE, result)
            self.assertIn("--shard auto", result.stderr)

    def test_only_the_word_auto_asks_the_cluster(self):
        stats = self.stats(self.pictures, RANK="1", WORLD_SIZE="2")
        self.assertEqual(stats["images"], 4)


if __name__ == "__main__":
    unittest.main()
