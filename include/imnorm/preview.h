// Contact sheets: what a network sees of a data set, for people.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "imnorm/compare.h"
#include "imnorm/error.h"
#include "imnorm/image.h"
#include "imnorm/inputs.h"
#include "imnorm/report.h"
#include "imnorm/run.h"

namespace imnorm {

enum class SheetView {
  kRows,    // the rows themselves, their normalisation undone
  kWindow,  // the pictures that they are made of, with what the plan keeps of them framed
};

struct SheetOptions {
  SheetView view = SheetView::kRows;
  std::vector<uint64_t> indices;  // rows of the tensor, or pictures of the list; empty: see count
  uint64_t count = 48;            // so many, evenly spread
  int columns = 0;                // 0: a sheet that is somewhat wider than high
  int side = 160;                 // of a cell, in pixels
  bool captions = true;
};

struct Sheet {
  Image image;                    // 8 bits, RGB
  std::vector<uint64_t> shown;    // what was chosen, in the order of the cells
  uint64_t available = 0;         // rows or pictures that there are
  std::vector<Failure> failures;  // pictures that could not be read: their cells are empty
};

// Draws rows of a tensor, or of what a plan makes of pictures.
//
// Rules:    a tensor's normalisation is undone by `rows.plan`, where it normalised by given mean
// and
//           std; else a row's least value is black and its largest white. Captions are the names
//           that `rows` or the list tells, else the rows' numbers. Files in folders that are no
//           pictures are left out. Memory is the sheet and one row
// Errors:   kBadArgument: an index that there is not, kWindow of a tensor; kUnsupported: rows that
//           are no pictures; kTooLarge: a sheet of more than 2^28 pixels; those of TensorFile::Open
//           and ValidatePlan
Result<Sheet> DrawSheet(const ComparedSide& rows, const InputList& pictures,
                        const SheetOptions& options, const RunOptions& run = {});

// A sheet's picture as a file's bytes: PNG, or JPEG of quality 92.
enum class PictureFormat { kPng, kJpeg };
Result<std::vector<uint8_t>> EncodePicture(const Image& image, PictureFormat format);

}  // namespace imnorm
