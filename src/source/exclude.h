// Patterns of --exclude, with the meaning that ripgrep and .gitignore give them.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace imnorm {

// Decides what a walk leaves out, and remembers which patterns ever did.
//
// Rules:    a pattern without a slash is held against each name, at any depth; one with a slash
//           against the whole path below the INPUT. A slash at its end takes folders only, one (or
//           "./") at its beginning only says that the path is whole. "*" and "?" stand for no
//           slash, "**" between slashes for any number of folders, none among them
class Excludes {
 public:
  explicit Excludes(const std::vector<std::string>& globs);

  // Whether an entry, by its path below the INPUT, is left out; `is_folder` is asked where a
  // pattern depends on it.
  bool Match(std::string_view relative, const std::function<bool()>& is_folder);

  // The patterns that no entry met, as they were given.
  std::vector<std::string> Idle() const;

 private:
  struct Pattern {
    std::string given;
    std::vector<std::string> parts;
    bool whole = false;
    bool folders_only = false;
    bool met = false;
  };

  std::vector<Pattern> patterns_;
};

}  // namespace imnorm
