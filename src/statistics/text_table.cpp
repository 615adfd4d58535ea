// Tables of text that go on below where they would be too wide.
#include "statistics/text_table.h"

#include <algorithm>

#include "json/text_width.h"

namespace imnorm {

std::string TextTable(const std::vector<std::vector<std::string>>& rows, size_t width) {
  constexpr size_t kGap = 2;
  const size_t columns = rows.front().size();
  std::vector<size_t> widths(columns, 0);
  for (const std::vector<std::string>& row : rows) {
    for (size_t c = 0; c < columns; ++c) widths[c] = std::max(widths[c], TextWidth(row[c]));
  }
  std::string out;
  for (size_t begin = 1; begin < columns;) {
    size_t end = begin;
    size_t used = widths[0];
    // One column at least, however narrow the terminal.
    while (end < columns && (end == begin || used + kGap + widths[end] <= width)) {
      used += kGap + widths[end++];
    }
    if (begin > 1) out += '\n';
    for (const std::vector<std::string>& row : rows) {
      out += row[0] + std::string(widths[0] - TextWidth(row[0]), ' ');
      for (size_t c = begin; c < end; ++c) {
        out += std::string(kGap + widths[c] - TextWidth(row[c]), ' ') + row[c];
      }
      out += '\n';
    }
    begin = end;
  }
  return out;
}

}  // namespace imnorm
