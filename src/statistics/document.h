// The statistics as a document: as it is written, compared with another, and sealed.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "imnorm/statistics.h"
#include "json/json_text.h"

namespace imnorm {

// The totals as JSON but for the checksum, which is over this.
JsonObject StatsDocument(const Totals& totals);

// What a document says otherwise than the totals that were read from it would, with its member;
// empty if nothing. So no number in it is other than its sums give, and nothing in it is unknown.
//
// Rules:    what older versions did not write may be absent: "notes"
// Numbers:  equal doubles; eigenvalues, eigenvectors and intervals, which are computed in doubles,
//           within 1e-9 of the largest in their list
std::string DifferenceFrom(const nlohmann::ordered_json& document, const Totals& totals);

// The document's XXH3 (128 bits), after the word for it. It is of the members in their order
// without white space and with numbers in their shortest form, so that a file may be laid out anew.
//
// Rules:    the document is without its checksum
std::string ChecksumOf(const nlohmann::ordered_json& document);

}  // namespace imnorm
