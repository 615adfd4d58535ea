// What a run and a process that decodes for it say to each other.
//
// The run sends a Job, whose file lies in the shared memory of files, and answers questions; the
// process asks (Begin, Reduce, Take), tells of rows in the shared memory of rows, which is two
// halves that are filled by turns, and ends with Done or Failed. Each message is one packet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "decode/isolated/packed.h"
#include "imnorm/decode.h"
#include "imnorm/error.h"
#include "imnorm/rows.h"

namespace imnorm {

enum class MessageKind : uint8_t {
  // To the process.
  kJob = 1,  // JobMessage
  kAnswer,   // to a question: AnswerMessage
  kTaken,    // the rows told of longest ago were read; nothing else is in it
  // From it.
  kReady,     // it has given up what it does not need: uint64, bytes of address space it has
  kBegin,     // ImageInfo: a question
  kReduce,    // SizeMessage: a question
  kTake,      // uint64, bytes of memory: a question
  kRows,      // RowsMessage
  kDone,      // DecodeReport
  kFailed,    // Error
  kNoMemory,  // the system gave none; nothing else is in it
  kRefused,   // int32, the number of a system call that the filter refused
};

struct JobMessage {
  uint64_t bytes = 0;         // of the file
  uint64_t files_bytes = 0;   // of the shared memory of files
  uint64_t rows_bytes = 0;    // of that of rows
  uint64_t memory_bytes = 0;  // that all pictures share
  DecodeOptions options;
};

struct AnswerMessage {
  bool may = false;         // else the picture ends
  Rect window;              // of kBegin
  uint64_t rows_bytes = 0;  // of kBegin: of the shared memory of rows, which may have grown
  int32_t reduction = 1;    // of kReduce
};

struct RowsMessage {
  int32_t y = 0;
  int32_t count = 0;
};

// Longer ones are none: texts are cut.
inline constexpr size_t kMostMessageBytes = size_t{64} << 10;

// One half of the rows' memory, where a row is not longer.
inline constexpr uint64_t kRowsHalfBytes = uint64_t{256} << 10;

struct SizeMessage {
  int32_t width = 0;
  int32_t height = 0;
};

void Pack(Packer& packer, MessageKind kind);
void Pack(Packer& packer, uint64_t number);
void Pack(Packer& packer, const SizeMessage& size);
void Pack(Packer& packer, const JobMessage& job);
void Pack(Packer& packer, const AnswerMessage& answer);
void Pack(Packer& packer, const RowsMessage& rows);
void Pack(Packer& packer, const ImageInfo& info);
void Pack(Packer& packer, const DecodeReport& report);
void Pack(Packer& packer, const Error& error);

// What a message says after its kind.
//
// Errors:   kCrashed: it is none that Pack writes, or no process that works as it should says so
Result<JobMessage> UnpackJob(Unpacker unpacker);
Result<AnswerMessage> UnpackAnswer(Unpacker unpacker);
Result<RowsMessage> UnpackRows(Unpacker unpacker);
Result<ImageInfo> UnpackImageInfo(Unpacker unpacker);
Result<DecodeReport> UnpackReport(Unpacker unpacker);
Result<Error> UnpackError(Unpacker unpacker);

}  // namespace imnorm
