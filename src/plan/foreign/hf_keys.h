// The fields that configs of Hugging Face image processors have.
#pragma once

#include <string_view>

namespace imnorm {

// Whether some class of transformers 5.24 writes a field of this name, or earlier ones did. What a
// class does not know itself, transformers passes over.
bool IsHfKey(std::string_view key);

}  // namespace imnorm
