// Runs the library's layer job on a tensor file, with the command line's own flags: lets the
// comparisons with PyTorch test the library apart from the rest of the tool.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "imnorm/layers.h"
#include "imnorm/tensor.h"

namespace {

using imnorm::LayerJob;

int Quit(const std::string& message) {
  std::fprintf(stderr, "%s\n", message.c_str());
  return 2;
}

std::vector<double> Numbers(const char* text) {
  std::vector<double> values;
  char* end = nullptr;
  for (const char* at = text; *at != '\0'; at = *end == ',' ? end + 1 : end) {
    values.push_back(std::strtod(at, &end));
    if (end == at) std::exit(Quit(std::string("no number: ") + text));
  }
  return values;
}

imnorm::Method MethodOf(const std::string& name) {
  if (name == "batch") return imnorm::Method::kBatch;
  if (name == "layer") return imnorm::Method::kLayer;
  if (name == "instance") return imnorm::Method::kInstance;
  if (name == "group") return imnorm::Method::kGroup;
  return imnorm::Method::kGiven;
}

imnorm::DType DTypeOf(const std::string& name) {
  if (name == "float16") return imnorm::DType::kFloat16;
  if (name == "bfloat16") return imnorm::DType::kBFloat16;
  if (name == "uint8") return imnorm::DType::kUInt8;
  if (name == "int8") return imnorm::DType::kInt8;
  return imnorm::DType::kFloat32;
}

struct Arguments {
  std::string input;
  std::string output;
  LayerJob job;
};

bool TakeSwitch(const std::string& flag, LayerJob& job) {
  if (flag == "--eval") {
    job.layer.eval = true;
  } else if (flag == "--drop-last") {
    job.layer.drop_last = true;
  } else if (flag == "--denormalize") {
    job.denormalize = true;
  } else {
    return false;
  }
  return true;
}

bool TakeOption(const std::string& flag, const char* value, Arguments& arguments) {
  LayerJob& job = arguments.job;
  imnorm::LayerPlan& layer = job.layer;
  if (flag == "-o")
    arguments.output = value;
  else if (flag == "--method")
    job.method = MethodOf(value);
  else if (flag == "--batch-size")
    layer.batch_size = std::atoll(value);
  else if (flag == "--groups")
    layer.groups = std::atoi(value);
  else if (flag == "--eps")
    layer.eps = std::atof(value);
  else if (flag == "--affine")
    layer.affine_file = value;
  else if (flag == "--gamma")
    layer.gamma = Numbers(value);
  else if (flag == "--beta")
    layer.beta = Numbers(value);
  else if (flag == "--state-in")
    layer.state_in = value;
  else if (flag == "--state-out")
    layer.state_out = value;
  else if (flag == "--mean")
    job.mean = Numbers(value);
  else if (flag == "--std")
    job.std = Numbers(value);
  else if (flag == "--scale")
    job.scale = std::atof(value);
  else if (flag == "--dtype")
    job.dtype = DTypeOf(value);
  else if (flag == "--report-norm")
    job.report_file = value;
  else if (flag == "--memory")
    job.memory_bytes = size_t(std::atoll(value));
  else if (flag == "-j")
    job.threads = std::atoi(value);
  else if (flag == "--layout") {
    job.layout = std::strcmp(value, "nhwc") == 0 ? imnorm::Layout::kNhwc : imnorm::Layout::kNchw;
  } else if (flag == "--momentum") {
    if (std::strcmp(value, "none") == 0)
      layer.momentum.reset();
    else
      layer.momentum = std::atof(value);
  } else {
    return false;
  }
  return true;
}

// The .npy type of an output; bfloat16 is written as its bits.
const char* Descr(imnorm::DType type) {
  switch (type) {
    case imnorm::DType::kFloat32:
      return "<f4";
    case imnorm::DType::kFloat16:
      return "<f2";
    case imnorm::DType::kBFloat16:
      return "<u2";
    case imnorm::DType::kUInt8:
      return "|u1";
    case imnorm::DType::kInt8:
      return "|i1";
  }
  return "";
}

int Run(Arguments arguments) {
  auto file = imnorm::TensorFile::Open(arguments.input);
  if (!file) return Quit(file.error().message);
  auto described = imnorm::DescribeTensor(*file, &arguments.job);
  if (!described) return Quit(arguments.input + ": " + described.error().message);
  const LayerJob& job = arguments.job;
  std::vector<int64_t> shape = file->shape();
  shape[0] = imnorm::OutputSamples(job, shape[0]);
  size_t sample_bytes = imnorm::DTypeBytes(job.dtype);
  for (const int64_t side : job.sample_shape) sample_bytes *= size_t(side);
  if (job.layout == imnorm::Layout::kNhwc && shape.size() == 4) {
    shape = {shape[0], shape[2], shape[3], shape[1]};
  }
  std::FILE* out = std::fopen(arguments.output.c_str(), "wb");
  if (out == nullptr) return Quit("cannot write " + arguments.output);
  const std::string header = imnorm::NpyHeader(Descr(job.dtype), shape);
  std::fwrite(header.data(), 1, header.size(), out);
  imnorm::TensorSamples samples(*file);
  const auto summary = imnorm::NormalizeSamples(
      samples, job, [&](const void* elements, int64_t count) -> imnorm::Result<void> {
        const size_t bytes = size_t(count) * sample_bytes;
        if (std::fwrite(elements, 1, bytes, out) == bytes) return {};
        return imnorm::Fail(imnorm::ErrorCode::kIo, "disk full");
      });
  std::fclose(out);
  return summary ? 0 : Quit(summary.error().message);
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "normalize" || TakeSwitch(flag, arguments.job)) continue;
    if (flag[0] != '-') {
      arguments.input = flag;
    } else if (i + 1 == argc || !TakeOption(flag, argv[++i], arguments)) {
      return Quit("unknown flag " + flag);
    }
  }
  return Run(std::move(arguments));
}
