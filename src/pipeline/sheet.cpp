// Chooses rows, draws each in its cell, and writes what it is below.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "drawing/canvas.h"
#include "drawing/caption_glyphs.h"
#include "drawing/fit_inside.h"
#include "imnorm/preview.h"
#include "pipeline/compare_stages.h"
#include "pipeline/levels.h"
#include "pipeline/window_cell.h"

namespace imnorm {
namespace {

constexpr int kGap = 10;
constexpr int kLine = kGlyphHeight + 2;
constexpr int64_t kMostPixels = int64_t{1} << 28;
constexpr double kWiderThanHigh = 1.5;
constexpr Colour kGround = {24, 26, 30};
constexpr Colour kName = {225, 228, 232};
constexpr Colour kDetail = {140, 146, 156};
constexpr Colour kNoPicture = {60, 30, 34};

struct Cell {
  Image image;
  std::string name, detail;
  bool failed = false;
};

// `count` of `available`, evenly spread.
std::vector<uint64_t> Spread(uint64_t count, uint64_t available) {
  std::vector<uint64_t> chosen;
  count = std::min(count, available);
  for (uint64_t i = 0; i < count; ++i) {
    chosen.push_back(uint64_t((double(i) + 0.5) * double(available) / double(count)));
  }
  return chosen;
}

std::pair<std::string, std::string> NameAndFolder(const std::string& path) {
  const size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return {path, ""};
  const std::string folder = path.substr(0, slash);
  const size_t before = folder.find_last_of('/');
  return {path.substr(slash + 1), before == std::string::npos ? folder : folder.substr(before + 1)};
}

std::string Detail(uint64_t index, const std::string& folder) {
  return folder.empty() ? fmt::format("{}", index) : fmt::format("{}  {}", index, folder);
}

// Where cells come from.
class Cells {
 public:
  static Result<Cells> Open(const ComparedSide& rows, const InputList& pictures,
                            const SheetOptions& options, const RunOptions& run) {
    Cells cells(rows, pictures, options.side);
    if (options.view == SheetView::kWindow) {
      if (rows.is_tensor()) {
        return Fail(ErrorCode::kBadArgument,
                    rows.name + " is a tensor: windows are drawn on the pictures themselves");
      }
      auto windows = WindowMaker::Create(rows.plan.value_or(Plan()), options.side, run);
      if (!windows) return Failed(windows);
      cells.windows_ = std::make_shared<WindowMaker>(std::move(*windows));
      return cells;
    }
    auto opened = RowsOfSide::Open(rows, run);
    if (!opened) return Failed(opened);
    cells.rows_ = std::make_shared<const RowsOfSide>(std::move(*opened));
    if (!rows.is_tensor()) cells.maker_ = std::make_shared<RowMaker>(cells.rows_->plan());
    return cells;
  }

  uint64_t available() const {
    return side_.is_tensor() ? rows_->tensor_rows() : pictures_.inputs.size();
  }

  // None: a file that is no picture.
  Result<std::optional<Cell>> Make(uint64_t index, std::vector<Failure>& failures) {
    return side_.is_tensor() ? OfTensor(index) : OfPicture(index, failures);
  }

 private:
  Cells(const ComparedSide& rows, const InputList& pictures, int side)
      : side_(rows), pictures_(pictures), size_(side) {}

  Result<std::optional<Cell>> OfTensor(uint64_t index) {
    ComparedRow row;
    if (auto read = rows_->Read(index, row); !read) return Failed(read);
    auto shown = ShowRow(row, side_.plan);
    if (!shown) return Prefixed(side_.name, shown.error());
    Cell cell{FitInside(*shown, size_), fmt::format("row {}", index), "", false};
    if (index < side_.row_names.size()) {
      const auto [name, folder] = NameAndFolder(side_.row_names[index]);
      cell.name = name;
      cell.detail = Detail(index, folder);
    }
    return std::optional(std::move(cell));
  }

  Result<std::optional<Cell>> OfPicture(uint64_t index, std::vector<Failure>& failures) {
    const Input& input = pictures_.inputs[index];
    const auto [name, folder] = NameAndFolder(input.path);
    Cell cell{{}, name, Detail(index, folder), false};
    ItemOutcome outcome;
    if (windows_) {
      cell.image = windows_->Make(input, &outcome);
    } else {
      ComparedRow row;
      outcome = maker_->Make(input, row);
      if (outcome.decoded) {
        auto shown = ShowRow(row, side_.plan.value_or(Plan()));
        if (!shown) return Failed(shown);
        cell.image = FitInside(*shown, size_);
      }
    }
    if (outcome.passed_over) return std::optional<Cell>();
    if (!outcome.decoded) {
      const Error& error = outcome.decoded.error();
      if (error.code == ErrorCode::kCancelled || error.code == ErrorCode::kInstallation) {
        return Failed(error);
      }
      failures.push_back({index, input.path, error});
      cell.failed = true;
      cell.detail = error.message;
    }
    return std::optional(std::move(cell));
  }

  const ComparedSide& side_;
  const InputList& pictures_;
  int size_;
  std::shared_ptr<const RowsOfSide> rows_;
  std::shared_ptr<RowMaker> maker_;
  std::shared_ptr<WindowMaker> windows_;
};

int ColumnsOf(const SheetOptions& options, size_t cells, int width, int height) {
  if (options.columns > 0) return int(std::min<size_t>(size_t(options.columns), cells));
  const double wished = std::sqrt(double(cells) * kWiderThanHigh * height / width);
  return std::clamp(int(std::ceil(wished)), 1, int(cells));
}

Result<Image> Draw(const std::vector<Cell>& cells, const SheetOptions& options) {
  // Cells are as large as the largest picture in them, and wide enough for something to be read.
  int width = options.captions ? std::min(options.side, 96) : 1;
  int height = 1;
  for (const Cell& cell : cells) {
    width = std::max(width, cell.image.width);
    height = std::max(height, cell.image.height);
  }
  const int below = options.captions ? 2 * kLine + 2 : 0;
  const int columns = ColumnsOf(options, cells.size(), width + kGap, height + below + kGap);
  const int lines = int((cells.size() + size_t(columns) - 1) / size_t(columns));
  const int64_t total_width = int64_t(columns) * (width + kGap) + kGap;
  const int64_t total_height = int64_t(lines) * (height + below + kGap) + kGap;
  if (total_width * total_height > kMostPixels) {
    return Fail(ErrorCode::kTooLarge,
                fmt::format("a sheet of {} x {} pixels is too large: smaller cells, or fewer",
                            total_width, total_height));
  }
  Canvas canvas(int(total_width), int(total_height), kGround);
  for (size_t i = 0; i < cells.size(); ++i) {
    const Cell& cell = cells[i];
    const int left = kGap + int(i) % columns * (width + kGap);
    const int top = kGap + int(i) / columns * (height + below + kGap);
    if (cell.failed) {
      Canvas empty(width, height, kNoPicture);
      canvas.Place(empty.image(), left, top);
      canvas.Caption("not read", left + width / 2 - 4 * kGlyphWidth, top + height / 2 - 6, width,
                     kName);
    } else {
      canvas.Place(cell.image, left + (width - cell.image.width) / 2,
                   top + (height - cell.image.height) / 2);
    }
    if (!options.captions) continue;
    canvas.Caption(cell.name, left, top + height + 3, width, kName);
    canvas.Caption(cell.detail, left, top + height + 3 + kLine, width, kDetail);
  }
  return canvas.Take();
}

}  // namespace

Result<Sheet> DrawSheet(const ComparedSide& rows, const InputList& pictures,
                        const SheetOptions& options, const RunOptions& run) {
  auto cells = Cells::Open(rows, pictures, options, run);
  if (!cells) return Failed(cells);
  Sheet sheet;
  sheet.available = cells->available();
  for (const uint64_t index : options.indices) {
    if (index < sheet.available) continue;
    return Fail(ErrorCode::kBadArgument,
                fmt::format("there is no {}: there are {}, from 0 to {}", index, sheet.available,
                            sheet.available == 0 ? 0 : sheet.available - 1));
  }
  const std::vector<uint64_t> chosen =
      options.indices.empty() ? Spread(options.count, sheet.available) : options.indices;
  std::vector<Cell> drawn;
  for (size_t i = 0; i < chosen.size(); ++i) {
    if (run.stop()) return Fail(ErrorCode::kCancelled, "stopped");
    auto cell = cells->Make(chosen[i], sheet.failures);
    if (!cell) return Failed(cell);
    if (run.progress) run.progress(i + 1, sheet.failures.size(), chosen.size());
    if (!*cell) continue;
    if ((*cell)->failed && run.on_failure) run.on_failure(sheet.failures.back());
    sheet.shown.push_back(chosen[i]);
    drawn.push_back(std::move(**cell));
  }
  if (drawn.size() == sheet.failures.size()) {
    return Fail(ErrorCode::kNotFound, "there is no picture to be shown");
  }
  auto image = Draw(drawn, options);
  if (!image) return Failed(image);
  sheet.image = std::move(*image);
  return sheet;
}

}  // namespace imnorm
