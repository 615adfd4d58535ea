// From the name of a preset or a file to a plan.
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "imnorm/plan.h"
#include "io/regular_file.h"
#include "json/json_rows.h"
#include "plan/json_reader.h"

namespace imnorm {
namespace {

// No config is larger; a picture given by mistake is not read on for ever.
constexpr off_t kLargestFile = off_t(16) << 20;

// Leaves the rows out of a manifest, of which there may be millions, once its head is there: what
// has been read is then an object without them.
bool CutManifest(std::string& text) {
  constexpr size_t kBegin = 64;  // the schema is the first key
  if (text.find("\"imnorm.manifest/1\"") > kBegin) return false;
  return JsonRows::Cut("items", text);
}

Result<std::string> ReadConfigFile(const std::string& path) {
  auto opened = OpenRegular(path);
  if (!opened) {
    // What cannot be a config is a bad one.
    Error& error = opened.error();
    if (error.code == ErrorCode::kUnsupported) error.code = ErrorCode::kBadConfig;
    return Prefixed(path, std::move(error));
  }
  std::string text;
  char buffer[16384];
  while (text.size() <= size_t(kLargestFile)) {
    const ssize_t got = Retried([&] { return ::read(opened->file.get(), buffer, sizeof buffer); });
    if (got < 0) return Fail(ErrorCode::kIo, path + ": " + std::strerror(errno));
    if (got == 0) return text;
    text.append(buffer, size_t(got));
    if (text.size() <= 4 * sizeof buffer && CutManifest(text)) return text;
  }
  return Fail(ErrorCode::kBadConfig, path + ": too large for a config file");
}

// Only checkpoints of the hub have a separator in their names; what ends so is a file.
bool LooksLikeFile(const std::string& name) { return name.ends_with(".json"); }

}  // namespace

Result<Plan> LoadPreset(const std::string& name_or_file) {
  if (!LooksLikeFile(name_or_file)) {
    const bool is_there = ::access(name_or_file.c_str(), F_OK) == 0;
    const bool has_folder = name_or_file.find('/') != std::string::npos;
    if (!is_there || !has_folder) {
      Result<Plan> preset = PresetPlan(name_or_file);
      if (preset || !is_there) return preset;
    }
  }
  const Result<std::string> text = ReadConfigFile(name_or_file);
  if (!text) return Failed(text);
  Result<Plan> plan = PlanFromForeignConfig(*text);
  if (!plan) return Prefixed(name_or_file, plan.error());
  plan->preset = name_or_file;
  return plan;
}

Result<Plan> LoadConfig(const std::string& file) {
  const Result<std::string> text = ReadConfigFile(file);
  if (!text) return Failed(text);
  const Result<Json> document = ParseJsonObject(*text);
  if (!document) return Prefixed(file, document.error());
  if (!document->contains("schema")) {
    return Fail(ErrorCode::kBadConfig,
                file +
                    ": no plan of imnorm (\"schema\": \"imnorm.plan/1\") and no manifest; "
                    "`preset` reads a model's config");
  }
  Result<Plan> plan = PlanFromForeignConfig(*text);
  if (!plan) return Prefixed(file, plan.error());
  return plan;
}

}  // namespace imnorm
