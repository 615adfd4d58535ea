// imnorm presets: the list, or one of them as JSON.
#include "cli/commands/presets.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/answer.h"
#include "cli/exit_code.h"
#include "imnorm/plan.h"

namespace imnorm::cli {
namespace {

class Presets : public Invocation {
 public:
  explicit Presets(Options& options) { options.Input({"NAME", "", "A preset"}, name_); }

  int Run(Console& console) override {
    if (!name_.empty()) {
      const auto plan = PresetPlan(name_);
      return plan ? PrintAnswer(PlanToJson(*plan), kExitDone, console)
                  : FailWith(plan.error(), console);
    }
    const auto presets = ListPresets();
    size_t width = 0;
    for (const PresetInfo& preset : presets) width = std::max(width, preset.name.size());
    std::string table;
    for (const PresetInfo& preset : presets) {
      table += fmt::format("{:<{}}  {}\n", preset.name, width, preset.summary);
    }
    return PrintAnswer(table, kExitDone, console);
  }

 private:
  std::string name_;
};

}  // namespace

const Command kPresets = {"presets", "List the presets, or print one as JSON",
                          R"(Examples:
  imnorm presets              a table
  imnorm presets clip         one as JSON, which --preset FILE reads
  imnorm presets ResNet50_Weights.IMAGENET1K_V2
                              names of torchvision, timm and the hub too

)",
                          [](Options& options) -> std::unique_ptr<Invocation> {
                            return std::make_unique<Presets>(options);
                          }};

}  // namespace imnorm::cli
