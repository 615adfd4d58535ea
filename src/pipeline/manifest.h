// The manifest beside a tensor: which picture is which row, and what was done to it.
#pragma once

#include <string>

#include "imnorm/inputs.h"
#include "imnorm/output.h"
#include "imnorm/plan.h"
#include "imnorm/report.h"
#include "imnorm/run.h"
#include "io/durable_file.h"
#include "pipeline/labels.h"
#include "pipeline/manifest_lines.h"
#include "sink/tensor_sink.h"

namespace imnorm {

// Opens OUT.manifest.json, or the file that the user named for it, before the slow work.
//
// Rules:    beside OUT an old manifest goes the way of the old OUT; one that was named is a file of
//           its own and is overwritten only where `overwrite` says so. Standard output has none
//           beside it: without a name the file is not open, and is not written
// Errors:   as DurableFile::Create
Result<DurableFile> OpenManifest(const OutputOptions& output);

// Writes the manifest (schema imnorm.manifest/1) and seals it, streaming: a row an input. `tensor`
// is sealed: its size and hash tell whether the file beside a manifest is the one that it speaks
// of.
//
// Rules:    nothing in it depends on threads, CPU or time
// Errors:   kIo
Result<DurableFile> WriteManifest(DurableFile file, const TensorSink& tensor,
                                  const OutputOptions& output, const Plan& plan,
                                  const RunOptions& conduct, const InputList& list,
                                  ShardRange range, const Labels& labels, const RunReport& report);

// Seals the tensor, writes its manifest and the names of its classes, and puts all of them and
// `sides` under their names together; tells `lines` of the end.
//
// Errors:   kIo
Result<void> PublishRun(TensorSink& tensor, DurableFile manifest, std::vector<DurableFile> sides,
                        const OutputOptions& output, const Plan& plan, const RunOptions& conduct,
                        const InputList& list, ShardRange range, const Labels& labels,
                        const RunReport& report, ManifestLines* lines = nullptr);

}  // namespace imnorm
