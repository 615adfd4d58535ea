// What the system would not let a run do, though its result does not depend on it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace imnorm {

// Notes a trouble of this process, once each and the first few only: it is told at the end of a
// run.
//
// Errors:   none; never throws
// Threads:  safe
void NoteTrouble(std::string_view text) noexcept;

// Those noted so far, which are forgotten.
std::vector<std::string> TakeTroubles();

// Removes a file of a run. One that cannot be removed is a trouble.
void RemoveOwn(const std::string& path) noexcept;

}  // namespace imnorm
