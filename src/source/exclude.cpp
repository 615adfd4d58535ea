// Holds paths against patterns, part by part between the slashes.
#include "source/exclude.h"

#include <fnmatch.h>

#include <span>

namespace imnorm {
namespace {

std::vector<std::string> PartsOf(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

using Parts = std::span<const std::string>;

bool MatchParts(Parts pattern, Parts path) {
  while (!pattern.empty()) {
    if (pattern.front() == "**") {
      if (pattern.size() == 1) return !path.empty();
      for (size_t skipped = 0; skipped <= path.size(); ++skipped) {
        if (MatchParts(pattern.subspan(1), path.subspan(skipped))) return true;
      }
      return false;
    }
    if (path.empty() || fnmatch(pattern.front().c_str(), path.front().c_str(), 0) != 0) {
      return false;
    }
    pattern = pattern.subspan(1);
    path = path.subspan(1);
  }
  return path.empty();
}

}  // namespace

Excludes::Excludes(const std::vector<std::string>& globs) {
  for (const std::string& glob : globs) {
    Pattern pattern;
    pattern.given = glob;
    std::string_view rest = glob;
    pattern.folders_only = rest.ends_with('/');
    while (rest.ends_with('/')) rest.remove_suffix(1);
    if (rest.starts_with("./")) {
      pattern.whole = true;
      rest.remove_prefix(2);
    }
    pattern.whole = pattern.whole || rest.find('/') != std::string_view::npos;
    pattern.parts = PartsOf(rest);
    patterns_.push_back(std::move(pattern));
  }
}

bool Excludes::Match(std::string_view relative, const std::function<bool()>& is_folder) {
  if (patterns_.empty()) return false;
  const std::vector<std::string> path = PartsOf(relative);
  bool left_out = false;
  for (Pattern& pattern : patterns_) {
    if (pattern.parts.empty()) continue;
    const Parts held = pattern.whole ? Parts(path) : Parts(path).last(1);
    if (!MatchParts(pattern.parts, held)) continue;
    if (pattern.folders_only && !is_folder()) continue;
    pattern.met = true;
    left_out = true;
  }
  return left_out;
}

std::vector<std::string> Excludes::Idle() const {
  std::vector<std::string> idle;
  for (const Pattern& pattern : patterns_) {
    if (!pattern.met) idle.push_back(pattern.given);
  }
  return idle;
}

}  // namespace imnorm
