// An input's outcome as a line of a run's journal, and back.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "pipeline/row_source.h"
#include "sink/tensor_sink.h"

namespace imnorm {

// Where the rows of a good input stand.
struct NotedRow {
  uint64_t number = 0;  // of the first
  uint64_t bytes = 0;   // of all
  RowPlace place;
  uint64_t hash = 0;  // XXH3 of 64 bits
};

// Whether an outcome without a row says something of the input, not of the run.
bool IsNoted(const ItemOutcome& outcome);

nlohmann::ordered_json JournalLine(size_t item, const ItemOutcome& bad);
// A list, of what the .cpp names; an input without a row is an object. Takes no memory but that of
// `out`, as all that is done for each good picture.
void AppendJournalLine(size_t item, const MadeRow& good, const NotedRow& noted, std::string& out);

// The item that a line speaks of.
//
// Throws:   nlohmann::json::exception: no line of a journal
size_t ItemOf(const nlohmann::json& line);

// All but the bytes of `row`; an input without a row has nothing noted.
//
// Throws:   nlohmann::json::exception: no line that JournalLine made
NotedRow ParseJournalLine(const nlohmann::json& line, MadeRow& row);

}  // namespace imnorm
