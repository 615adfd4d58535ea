// Manual pages, from the texts that the help is made of.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completions.h"
#include "cli/help.h"

namespace imnorm::cli {
namespace {

// Text that roff takes as it is: no escapes, no requests, hyphens that can be copied.
std::string Roff(std::string_view text) {
  std::string out;
  bool at_line_start = true;
  for (const char c : text) {
    if (at_line_start && (c == '.' || c == '\'')) out += "\\&";
    at_line_start = c == '\n';
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      default:
        out += c;
    }
  }
  return out;
}

// The examples without their heading and indentation.
std::string Examples(std::string_view text) {
  std::string out;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line == "Examples:" || line.empty()) continue;
    if (line.starts_with("  ")) line.remove_prefix(2);
    out += Roff(line) + "\n";
  }
  return out;
}

std::string Heading(std::string_view name, std::string_view summary, std::string_view synopsis) {
  std::string upper(name);
  for (char& c : upper) c = char(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return fmt::format(
      ".TH {} 1 \"\" \"imnorm {}\" \"User Commands\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n{}\n",
      Roff(upper), IMNORM_VERSION, Roff(name), Roff(summary), synopsis);
}

std::string OptionEntry(const OptionText& text) {
  std::vector<std::string> names;
  for (const std::string& name : NamesOf(text)) names.push_back("\\fB" + Roff(name) + "\\fR");
  std::string value;
  if (!text.value.empty()) value = " \\fI" + Roff(text.value) + "\\fR";
  return fmt::format(".TP\n{}{}\n{}\n", fmt::join(names, ", "), value, Roff(text.help));
}

constexpr const char* kExitStatus = R"(.SH EXIT STATUS
.TP
.B 0
every input was done
.TP
.B 1
finished; some inputs failed, each of which is listed
.TP
.B 2
wrong usage or configuration
.TP
.B 3
not done: no input succeeded, or the output cannot be written
.TP
.B 129, 130, 143
ended by SIGHUP, SIGINT, SIGTERM
)";

std::string PageOfAll() {
  std::string text = Heading("imnorm", "exact image preprocessing and dataset statistics",
                             ".B imnorm\n.I COMMAND\n.RI [ OPTIONS ]\n.RI [ INPUT ...]");
  text += ".SH COMMANDS\n";
  for (const Command* command : Commands()) {
    text += fmt::format(".TP\n.BR imnorm\\-{} (1)\n{}\n", command->name, Roff(command->summary));
  }
  return text + ".SH EXAMPLES\n.nf\n" + Examples(ExamplesOf("")) + ".fi\n" + kExitStatus;
}

}  // namespace

std::string ManualPage(const DescribedCommand* described) {
  if (described == nullptr) return PageOfAll();
  const Command& command = *described->command;
  std::string operands, entries, group;
  for (const DeclaredOption& option : described->options) {
    if (option.is_operand) {
      operands += fmt::format("\n.RI [ {} ]", option.text.names);
      continue;
    }
    if (option.group != group) entries += fmt::format(".SS {}\n", Roff(option.group));
    group = option.group;
    entries += OptionEntry(option.text);
  }
  std::string text =
      Heading(fmt::format("imnorm-{}", command.name), command.summary,
              fmt::format(".B imnorm {}\n.RI [ OPTIONS ]{}", command.name, operands));
  for (const DeclaredOption& option : described->options) {
    if (!option.is_operand || option.text.help.empty()) continue;
    text +=
        fmt::format(".SH OPERANDS\n.TP\n.I {}\n{}\n", option.text.names, Roff(option.text.help));
  }
  if (!entries.empty()) text += ".SH OPTIONS\n" + entries;
  text += ".SH EXAMPLES\n.nf\n" + Examples(command.examples) + ".fi\n" + kExitStatus;
  return text + ".SH SEE ALSO\n.BR imnorm (1)\n";
}

}  // namespace imnorm::cli
