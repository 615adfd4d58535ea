// Quotes fields of CSV.
#include "statistics/csv_text.h"

#include "statistics/names.h"

namespace imnorm {

std::string CsvText(std::string_view bytes) {
  const std::string text = PrintableName(bytes);
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

}  // namespace imnorm
