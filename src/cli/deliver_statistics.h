// Where statistics go: a file, stdout in one of many forms, a table on a terminal.
#pragma once

#include <string>
#include <vector>

#include "cli/console.h"
#include "cli/options.h"
#include "imnorm/statistics.h"
#include "io/durable_file.h"

namespace imnorm::cli {

struct DeliveryArguments {
  std::string output, emit;
  bool force = false;
  bool stands = false;  // what -o names holds these statistics already
};

void AddDelivery(Options& options, DeliveryArguments& a);

// "-o -" is JSON on stdout.
//
// Errors:   kBadArgument: --emit beside it
Result<DeliveryArguments> ResolveDelivery(const DeliveryArguments& a);

// Opens -o before the work, which would be lost where it could not be written; not open for none
// and for devices and pipes.
//
// Errors:   those of the file; kIo: a standard stream that is closed; kBadArgument: --emit
Result<DurableFile> PrepareDelivery(const DeliveryArguments& a);

// Writes the statistics where they were asked for: -o as JSON or, where its name ends in .csv, as
// CSV; stdout as --emit says or, on a terminal, as a table, which lists the failures where
// `failures` says so. `sides` are sealed and get their names together with -o.
Result<void> Deliver(const Totals& totals, const DeliveryArguments& a, DurableFile file,
                     std::vector<DurableFile> sides, bool failures, Console& console);

}  // namespace imnorm::cli
