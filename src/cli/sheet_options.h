// The options of a contact sheet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.h"
#include "drawing/terminal_picture.h"
#include "imnorm/preview.h"

namespace imnorm::cli {

struct SheetArguments {
  std::string index, worst, show, graphics;
  std::optional<uint64_t> count;
  std::optional<int> columns, side;
  bool captions = true;
};

void AddSheet(Options& options, SheetArguments& a);

// Errors:   kBadArgument, each naming its flag
Result<SheetOptions> ResolveSheet(const SheetArguments& a);

// What the terminal of standard output shows pictures with: as asked, else as the environment
// tells.
//
// Errors:   kBadArgument
Result<TerminalGraphics> ResolveGraphics(const SheetArguments& a);

}  // namespace imnorm::cli
