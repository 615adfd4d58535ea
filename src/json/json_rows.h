// A JSON document whose last member is a list of any length: it is written item by item.
#pragma once

#include <string>
#include <string_view>

namespace imnorm {

// Gives the text of such a document in pieces, so that memory does not grow with the list.
//
// Rules:    Begin, then an Item each, then End; the head's members one a line, the items one a line
class JsonRows {
 public:
  // `head` is an object over lines, with a member at least.
  static std::string Begin(std::string head, std::string_view name);
  std::string Item(std::string_view text);
  static std::string End();

  // Leaves the list out of a document of this form whose beginning is given, once the head is
  // there: what remains is the head. False where it is not.
  static bool Cut(std::string_view name, std::string& text);

 private:
  bool first_ = true;
};

}  // namespace imnorm
