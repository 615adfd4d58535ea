// Lines that tell by themselves whether they reached the disk whole.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace imnorm {

// Begins a line whose text is appended next.
void BeginHashedLine(std::string& line);
// Puts the hash of the text in front of it, and an end behind.
void EndHashedLine(std::string& line);

// The text of a line without its end; none where its hash is another.
std::optional<std::string_view> TextOfHashedLine(std::string_view line);

// Bytes of a whole line that are not its text.
inline constexpr size_t kHashedLineFrame = 18;

}  // namespace imnorm
