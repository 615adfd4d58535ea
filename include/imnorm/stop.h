// Cancellation: a function that says stop.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

namespace imnorm {

// Asked between pieces of work; once it has said true, the work ends with kCancelled.
//
// Rules:    one without a function never stops anything, and is false where it stands as a
// condition Threads:  the function is called from several at once
class Stop {
 public:
  Stop() = default;
  template <typename F>
  requires std::is_invocable_r_v<bool, const F&> Stop(F says) : says_(std::move(says)) {}

  bool operator()() const { return says_ && says_(); }
  explicit operator bool() const { return bool(says_); }

 private:
  std::function<bool()> says_;
};

}  // namespace imnorm
