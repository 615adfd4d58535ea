// Differential run on damaged PNG files: png_mutants COUNT [SEED [FILE...]]
//
// Each mutant of FILE... (by default of 60 pictures made here) goes through a Decoder with our own
// PNG decoder and with libspng alone: the same verdict, words, notes and bytes must come. Most have
// their checksums mended, so that the damage is in what they check. Repeatable: mutant i of a seed
// is the same wherever the run starts. Exit code 1 on a difference, after writing the mutant to
// png_mutant_SEED_I.png; 77 where the CPU lacks the target that IMNORM_SIMD names.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>

#include "kernels/target.h"
#include "support/png_compare.h"
#include "support/png_files.h"

namespace imnorm::png_compare {
namespace {

using png_files::File;
using png_files::Recipe;

// Small pictures, so that headers and data are hit alike.
std::vector<Recipe> MakeRecipes() {
  constexpr int kKinds[][2] = {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 1},
                               {3, 2}, {3, 4}, {3, 8}, {4, 8}, {4, 16}, {6, 8}, {6, 16}};
  std::vector<Recipe> recipes;
  for (int i = 0; i < 60; ++i) {
    Recipe recipe{.width = 3 + 5 * (i % 13), .height = 2 + 7 * (i % 7)};
    recipe.color = kKinds[i % 15][0];
    recipe.depth = kKinds[i % 15][1];
    recipe.level = i % 10;
    recipe.strategy = i % 5;
    recipe.interlaced = i % 4 == 3;
    recipe.idat_bytes = i % 3 == 0 ? size_t(20 + i) : 0;
    recipe.seed = uint32_t(i + 1);
    recipe.noise = (i * 5) % 60;
    if (recipe.color == 3 && i % 2 == 1) recipe.colors = 2 + i % ((1 << recipe.depth) - 1);
    if (recipe.color != 4 && recipe.color != 6 && i % 3 == 1) recipe.transparent = 1;
    recipes.push_back(recipe);
  }
  return recipes;
}

class Mutator {
 public:
  Mutator(const std::vector<Recipe>& recipes, const std::vector<File>& files, uint64_t seed,
          uint64_t index)
      : recipes_(recipes), files_(files), random_(seed * 1000003 + index) {}

  File Make() {
    const bool rows = Below(3) == 0 && !recipes_.empty();
    File file = rows ? OfOtherRows() : Original();
    if (rows && Below(3) != 0) return file;
    switch (Below(10)) {
      case 0:
        file.resize(Below(file.size() + 1));
        break;
      case 1:
        Splice(file);
        break;
      case 2:
      case 3:
        MoveChunks(file);
        break;
      case 4:
        file.insert(file.begin() + ptrdiff_t(Below(file.size())), uint8_t(random_()));
        break;
      case 5:
        file.erase(file.begin() + ptrdiff_t(Below(file.size())));
        break;
      default:
        ChangeBytes(file);
    }
    if (Below(16) == 0 && !file.empty()) ChangeBytes(file);
    if (Below(8) != 0) {
      if (Below(2) == 0) png_files::MendSum(file);
      png_files::MendChecksums(file);
    }
    return file;
  }

 private:
  size_t Below(size_t n) { return size_t(random_() % n); }
  const File& Original() { return files_[Below(files_.size())]; }

  // A sound stream of too many bytes, too few or other ones.
  File OfOtherRows() {
    const Recipe& recipe = recipes_[Below(recipes_.size())];
    File rows = png_files::Rows(recipe);
    switch (Below(4)) {
      case 0:
        rows.resize(rows.size() - 1 - Below(std::min<size_t>(rows.size() - 1, 40)));
        break;
      case 1:
        rows.resize(rows.size() + 1 + Below(40), 0);
        break;
      default:
        ChangeBytes(rows);
    }
    File stream = png_files::Deflate(rows, recipe.level, recipe.strategy);
    if (Below(8) == 0) stream.resize(stream.size() - Below(7));
    if (Below(8) == 0) stream.resize(stream.size() + Below(3), 7);
    return png_files::MakeOfStream(recipe, stream);
  }

  void ChangeBytes(File& file) {
    for (size_t n = 1 + Below(3); n > 0; --n) {
      uint8_t& byte = file[Below(file.size())];
      byte = Below(2) ? uint8_t(random_()) : uint8_t(byte ^ (1u << Below(8)));
    }
  }

  // The front of one file and the back of another, cut anywhere.
  void Splice(File& file) {
    const File& other = Original();
    file.resize(Below(file.size() + 1));
    file.insert(file.end(), other.begin() + ptrdiff_t(Below(other.size())), other.end());
  }

  // Exchanges two neighbouring chunks, or doubles or drops one, or adds one that may be anywhere.
  void MoveChunks(File& file) {
    std::vector<ptrdiff_t> starts;
    for (size_t at = 8; at + 12 <= file.size();) {
      starts.push_back(ptrdiff_t(at));
      const size_t length = size_t(file[at + 2]) << 8 | file[at + 3];
      at += length + 12;
    }
    if (starts.size() < 3) return;
    const size_t i = Below(starts.size() - 2);
    const auto first = file.begin() + starts[i];
    const auto middle = file.begin() + starts[i + 1];
    switch (Below(4)) {
      case 0:
        std::rotate(first, middle, file.begin() + starts[i + 2]);
        break;
      case 1: {
        const File chunk(first, middle);
        file.insert(file.begin() + starts[Below(starts.size())], chunk.begin(), chunk.end());
        break;
      }
      case 2: {
        const char* const kTypes[] = {"tEXt", "acTL", "gAMA", "fdAT",
                                      "IDAT", "CgBI", "tRNS", "PLTE"};
        const File chunk = png_files::Chunk(kTypes[Below(8)], File(Below(10), uint8_t(random_())));
        file.insert(first, chunk.begin(), chunk.end());
        break;
      }
      default:
        file.erase(first, middle);
    }
  }

  const std::vector<Recipe>& recipes_;
  const std::vector<File>& files_;
  std::mt19937_64 random_;
};

int Run(uint64_t count, uint64_t seed, const std::vector<Recipe>& recipes,
        const std::vector<File>& files) {
  Decoder decoder;
  std::map<std::string, uint64_t> fallbacks;
  uint64_t own = 0, refused = 0, differences = 0;
  for (uint64_t i = 0; i < count; ++i) {
    const File mutant = Mutator(recipes, files, seed, i).Make();
    DecodeOptions options = OptionsNumber(unsigned(i % 36));
    options.max_pixels = int64_t{1} << 18;
    const Comparison found = Compare(decoder, mutant, options);
    own += found.own;
    refused += !found.sound;
    if (found.sound && !found.own) ++fallbacks[found.fallback];
    if (found.complaint.empty()) continue;
    ++differences;
    const std::string name =
        "png_mutant_" + std::to_string(seed) + "_" + std::to_string(i) + ".png";
    std::printf("%s: %s\n", name.c_str(), found.complaint.c_str());
    std::ofstream(name, std::ios::binary)
        .write(reinterpret_cast<const char*>(mutant.data()), std::streamsize(mutant.size()));
  }
  std::printf(
      "%s: %llu mutants: %llu different, %llu decoded by ours, %llu refused, the rest read "
      "by libspng:\n",
      kernels::TargetName(kernels::ActiveTarget()), (unsigned long long)count,
      (unsigned long long)differences, (unsigned long long)own, (unsigned long long)refused);
  for (const auto& [reason, times] : fallbacks) {
    std::printf("%9llu %s\n", (unsigned long long)times, reason.c_str());
  }
  return differences == 0 ? 0 : 1;
}

}  // namespace
}  // namespace imnorm::png_compare

int main(int argc, char** argv) {
  using namespace imnorm::png_compare;
  if (argc < 2) {
    std::fprintf(stderr, "usage: png_mutants COUNT [SEED [FILE...]]\n");
    return 2;
  }
  if (const auto forced = imnorm::kernels::ApplyTargetFromEnvironment(); !forced) {
    std::fprintf(stderr, "%s\n", forced.error().message.c_str());
    return 77;
  }
  const uint64_t count = std::strtoull(argv[1], nullptr, 10);
  const uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  std::vector<Recipe> recipes;
  std::vector<File> files;
  for (int i = 3; i < argc; ++i) {
    std::ifstream in(argv[i], std::ios::binary);
    files.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (files.back().empty()) {
      std::fprintf(stderr, "%s: empty or not readable\n", argv[i]);
      return 2;
    }
  }
  if (files.empty()) {
    recipes = MakeRecipes();
    for (const Recipe& recipe : recipes) files.push_back(imnorm::png_files::Make(recipe));
  }
  return Run(count, seed, recipes, files);
}
