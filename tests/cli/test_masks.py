"""A mask's own samples say which pixels count: ids of 16 bits, indices of a palette, faint colours."""

import unittest

import numpy as np
from PIL import Image

from imnorm_test import SOME_FAILED, encode, jpeg, pixels
from stats_reference import StatsTest, Sums, tiff

HEIGHT, WIDTH = 21, 33


def chosen(seed=0):
    return np.random.default_rng(seed).random((HEIGHT, WIDTH)) < 0.4


class Masks(StatsTest):
    def assert_chooses(self, mask, keep, name="a.png", **options):
        self.write("set/a.jpg" if name == "a.png" else f"set/{name}", jpeg(WIDTH, HEIGHT, 4))
        self.write(f"masks/{name}", mask)
        picture = next(self.folder.glob("set/*"))
        stats = self.stats(self.folder / "set", "--mask-dir", self.folder / "masks")
        self.assert_sums(stats, Sums([np.asarray(Image.open(picture))[keep]]))

    def test_ids_of_16_bits_count_from_1_on(self):
        keep = chosen()
        ids = np.where(keep, np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH) % 700 + 1, 0)
        self.assert_chooses(encode(Image.fromarray(ids.astype(np.uint16)), "PNG"), keep)

    def palette_mask(self, keep, bits, **options):
        """Index 0 is grey, the others are black: what is seen says nothing."""
        indices = np.where(keep, np.arange(keep.size).reshape(keep.shape) % (2**bits - 1) + 1, 0)
        mask = Image.fromarray(indices.astype(np.uint8), "P")
        mask.putpalette([128, 128, 128] + [0, 0, 0] * (2**bits - 1))
        return mask

    def test_the_index_of_a_palette_counts_not_its_colour(self):
        for bits in (1, 2, 4, 8):
            with self.subTest(bits=bits):
                keep = chosen(bits)
                mask = encode(self.palette_mask(keep, bits), "PNG", bits=bits)
                self.assert_chooses(mask, keep)

    def test_a_palettes_transparency_does_not_change_its_indices(self):
        keep = chosen(1)
        mask = encode(self.palette_mask(keep, 4), "PNG", bits=4, transparency=3)
        self.assert_chooses(mask, keep)

    def test_palettes_of_tiff_and_bmp_count_by_index_too(self):
        for kind, name in (("TIFF", "a.tif"), ("BMP", "b.bmp")):
            with self.subTest(kind=kind):
                keep = chosen(2)
                for old in self.folder.glob("set/*"):
                    old.unlink()
                self.assert_chooses(encode(self.palette_mask(keep, 8), kind), keep, name)

    def test_faint_colours_count(self):
        for color in ([1, 0, 0], [0, 0, 4], [0, 1, 0]):
            with self.subTest(color=color):
                keep = chosen(3)
                mask = np.where(keep[..., None], color, 0).astype(np.uint8)
                self.assert_chooses(encode(Image.fromarray(mask), "PNG"), keep)

    def test_alpha_alone_decides_where_there_is_no_colour(self):
        keep = chosen(4)
        alpha = np.where(keep, 7, 0).astype(np.uint8)
        for color in (0, 255):
            grey = np.full_like(alpha, color)
            for planes, mode in (([grey, alpha], "LA"), ([grey] * 3 + [alpha], "RGBA")):
                with self.subTest(color=color, mode=mode):
                    mask = Image.fromarray(np.stack(planes, -1), mode)
                    self.assert_chooses(encode(mask, "PNG"), keep)

    def test_an_opaque_mask_with_alpha_is_chosen_by_its_colours(self):
        keep = chosen(5)
        mask = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
        mask[..., 1] = keep
        mask[..., 3] = 255
        self.assert_chooses(encode(Image.fromarray(mask), "PNG"), keep)

    def test_floats_between_0_and_1_count_and_nan_does_not(self):
        keep = chosen(6)
        mask = np.where(keep, np.float32(0.001), np.float32(0))
        mask[~keep & chosen(7)] = np.nan
        self.assert_chooses(tiff(mask[..., None], 3), keep, "a.tif")

    def test_small_greys_of_4_bits_count(self):
        keep = chosen(8)
        mask = Image.fromarray(np.where(keep, 1, 0).astype(np.uint8), "P")
        mask.putpalette(sum(([i * 17] * 3 for i in range(16)), []))
        self.assert_chooses(encode(mask, "PNG", bits=4), keep)

    def test_a_mask_is_turned_by_its_own_exif_data_where_its_picture_is(self):
        keep = chosen(9)
        exif = Image.Exif()
        exif[0x0112] = 3  # upside down
        mask = encode(Image.fromarray(keep[::-1, ::-1]), "PNG", exif=exif.tobytes())
        path = self.write("set/a.jpg", jpeg(WIDTH, HEIGHT, 4))
        self.write("masks/a.png", mask)
        flags = (self.folder / "set", "--mask-dir", self.folder / "masks", "--exif")
        picture = np.asarray(Image.open(path))
        self.assert_sums(self.stats(*flags, "apply"), Sums([picture[keep]]))
        self.assert_sums(self.stats(*flags, "ignore"), Sums([picture[keep[::-1, ::-1]]]))

    def test_a_picture_that_is_not_read_fails_where_it_has_no_mask_either(self):
        self.write("set/a.jpg", jpeg(WIDTH, HEIGHT))
        self.write("set/b", b"GIF89a" + bytes(60))
        self.write("set/c", b"words\n")
        whole = encode(Image.fromarray(pixels(WIDTH, HEIGHT)), "PNG")
        self.write("masks/a.png", whole)
        stats = self.stats(self.folder / "set", "--mask-dir", self.folder / "masks",
                           code=SOME_FAILED)
        self.assertEqual([f["path"].rsplit("/")[-1] for f in stats["failed"]], ["b"])

    def test_a_damaged_mask_fails_its_picture(self):
        self.write("set/a.jpg", jpeg(WIDTH, HEIGHT))
        self.write("set/b.jpg", jpeg(WIDTH, HEIGHT))
        whole = encode(Image.fromarray(pixels(WIDTH, HEIGHT)), "PNG")
        self.write("masks/a.png", whole)
        self.write("masks/b.png", whole[: len(whole) // 2])
        stats = self.stats(self.folder / "set", "--mask-dir", self.folder / "masks",
                           code=SOME_FAILED)
        self.assertEqual(stats["images"], 1)


if __name__ == "__main__":
    unittest.main()
