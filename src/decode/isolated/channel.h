// Packets between a run and a process that decodes for it.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "decode/isolated/messages.h"
#include "imnorm/stop.h"
#include "io/descriptor.h"

namespace imnorm {

// One end of a pair of sockets.
class Channel {
 public:
  explicit Channel(Descriptor socket) : socket_(std::move(socket)) {}

  // False: the other end is gone.
  template <typename... Parts>
  bool Send(MessageKind kind, const Parts&... parts) {
    packer_.Clear();
    Pack(packer_, kind);
    (Pack(packer_, parts), ...);
    return SendPacket(packer_.bytes());
  }

  enum class Received { kMessage, kGone, kStopped };

  // Waits for the next packet; `stop` is asked now and then.
  Received Receive(const Stop& stop = {});

  // Of the packet received last.
  MessageKind kind() const { return kind_; }
  Unpacker content() const;

  int fd() const { return socket_.get(); }

 private:
  bool SendPacket(std::span<const uint8_t> bytes);

  Descriptor socket_;
  Packer packer_;
  std::vector<uint8_t> packet_ = std::vector<uint8_t>(kMostMessageBytes);
  size_t length_ = 0;
  MessageKind kind_ = {};
};

}  // namespace imnorm
