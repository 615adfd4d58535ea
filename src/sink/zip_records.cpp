// Zip records, little-endian, as PKWARE's APPNOTE 6.3 has them.
#include "sink/zip_records.h"

namespace imnorm {
namespace {

constexpr uint16_t kVersion = 45;        // zip64
constexpr uint16_t kDescribedAfter = 8;  // flag bit 3
constexpr uint16_t kDate = 1 << 5 | 1;   // 1980-01-01, the earliest: equal runs give equal bytes
constexpr uint16_t kZip64Extra = 1;
constexpr uint16_t kPaddingExtra = 0xd935;  // what zipalign aligns members with
constexpr uint32_t kSee64 = 0xffffffff;     // the value stands in the zip64 record

template <typename T>
void Put(T value, std::string& out) {
  for (size_t i = 0; i < sizeof(T); ++i) out += char(uint8_t(value >> (8 * i)));
}

void PutCommon(const ZipMember& member, std::string& out) {
  Put(kVersion, out);
  Put(uint16_t(member.described_after ? kDescribedAfter : 0), out);
  Put(uint16_t{0}, out);  // stored
  Put(uint16_t{0}, out);  // midnight
  Put(kDate, out);
}

}  // namespace

std::string ZipLocalHeader(const ZipMember& member, size_t reserve) {
  const ZipMember none;
  const ZipMember& told = member.described_after ? none : member;
  std::string extra;
  Put(kZip64Extra, extra);
  Put(uint16_t{16}, extra);
  Put(told.bytes, extra);
  Put(told.bytes, extra);
  constexpr size_t kFixed = 30;
  const size_t size = kFixed + member.name.size() + extra.size();
  constexpr size_t kExtraHead = 4;
  if (size + kExtraHead <= reserve) {
    const size_t padding = reserve - size - kExtraHead;
    Put(kPaddingExtra, extra);
    Put(uint16_t(padding), extra);
    extra.append(padding, '\0');
  }
  std::string out;
  Put(uint32_t{0x04034b50}, out);
  PutCommon(member, out);
  Put(told.crc, out);
  Put(kSee64, out);
  Put(kSee64, out);
  Put(uint16_t(member.name.size()), out);
  Put(uint16_t(extra.size()), out);
  return out + member.name + extra;
}

std::string ZipDescriptor(const ZipMember& member) {
  std::string out;
  Put(uint32_t{0x08074b50}, out);
  Put(member.crc, out);
  Put(member.bytes, out);
  Put(member.bytes, out);
  return out;
}

std::string ZipDirectory(const std::vector<ZipMember>& members, uint64_t at) {
  std::string out;
  for (const ZipMember& member : members) {
    Put(uint32_t{0x02014b50}, out);
    Put(kVersion, out);  // made by
    PutCommon(member, out);
    Put(member.crc, out);
    Put(kSee64, out);
    Put(kSee64, out);
    Put(uint16_t(member.name.size()), out);
    Put(uint16_t{4 + 24}, out);  // extra
    Put(uint16_t{0}, out);       // comment
    Put(uint16_t{0}, out);       // disk
    Put(uint16_t{0}, out);       // internal attributes
    Put(uint32_t{0}, out);       // external attributes
    Put(kSee64, out);
    out += member.name;
    Put(kZip64Extra, out);
    Put(uint16_t{24}, out);
    Put(member.bytes, out);
    Put(member.bytes, out);
    Put(member.offset, out);
  }
  const uint64_t size = out.size();
  const uint64_t count = members.size();
  Put(uint32_t{0x06064b50}, out);  // the end, with 64 bits
  Put(uint64_t{44}, out);          // of what follows
  Put(kVersion, out);
  Put(kVersion, out);
  Put(uint32_t{0}, out);  // disks
  Put(uint32_t{0}, out);
  Put(count, out);
  Put(count, out);
  Put(size, out);
  Put(at, out);
  Put(uint32_t{0x07064b50}, out);  // where that is
  Put(uint32_t{0}, out);
  Put(at + size, out);
  Put(uint32_t{1}, out);
  Put(uint32_t{0x06054b50}, out);  // the end as it was of old
  Put(uint32_t{0}, out);
  Put(uint16_t(count), out);
  Put(uint16_t(count), out);
  Put(uint32_t(size), out);
  Put(kSee64, out);
  Put(uint16_t{0}, out);
  return out;
}

}  // namespace imnorm
