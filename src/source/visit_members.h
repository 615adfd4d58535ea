// The files in an archive one after another, whole and in memory: for archives of small members.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "imnorm/error.h"

namespace imnorm {

// Shows each file of an archive (tar, zip; gzip and zstd around a tar) whose name `wants` says yes
// to.
//
// Errors:   kCorrupt, kIo, kInstallation; kTooLarge: a member of more than 1 GiB; what `visit`
//           returns ends the visits
Result<void> VisitMembers(const std::string& path,
                          const std::function<bool(std::string_view name)>& wants,
                          const std::function<Result<void>(std::string_view name,
                                                           std::span<const uint8_t> bytes)>& visit);

}  // namespace imnorm
