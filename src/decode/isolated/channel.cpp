// Sends and receives packets.
#include "decode/isolated/channel.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "io/retried.h"

namespace imnorm {
namespace {

constexpr int kAskEveryMilliseconds = 20;

}  // namespace

bool Channel::SendPacket(std::span<const uint8_t> bytes) {
  const auto sent = Retried([&] { return send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL); });
  return sent == ssize_t(bytes.size());
}

Channel::Received Channel::Receive(const Stop& stop) {
  if (stop) {
    pollfd waits = {fd(), POLLIN, 0};
    do {
      if (stop()) return Received::kStopped;
    } while (poll(&waits, 1, kAskEveryMilliseconds) <= 0);
  }
  const auto got = Retried([&] { return recv(fd(), packet_.data(), packet_.size(), 0); });
  if (got <= 0) return Received::kGone;
  length_ = size_t(got);
  kind_ = MessageKind(packet_[0]);
  return Received::kMessage;
}

Unpacker Channel::content() const { return Unpacker(std::span(packet_).first(length_).subspan(1)); }

}  // namespace imnorm
