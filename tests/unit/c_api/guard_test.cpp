// What stands around every function of the C interface: codes for errors, and no exception out.
#include "c_api/guard.h"

#include <catch2/catch.hpp>
#include <set>
#include <stdexcept>

namespace imnorm::c_api {

TEST_CASE("every code of an error has a code of its own in C", "[c_api]") {
  std::set<imnorm_code> codes;
  const ErrorCode all[] = {
      ErrorCode::kBadArgument, ErrorCode::kBadConfig,   ErrorCode::kNotFound,
      ErrorCode::kIo,          ErrorCode::kUnsupported, ErrorCode::kCorrupt,
      ErrorCode::kTooLarge,    ErrorCode::kCancelled,   ErrorCode::kInstallation};
  for (const ErrorCode code : all) codes.insert(CodeOf(code));
  CHECK(codes.size() == std::size(all));
  CHECK(codes.count(IMNORM_OK) == 0);
  CHECK(codes.count(IMNORM_INTERNAL) == 0);
}

TEST_CASE("an exception becomes a code and its reason", "[c_api]") {
  CHECK(Guarded([] { return IMNORM_OK; }) == IMNORM_OK);
  CHECK(Guarded([]() -> imnorm_code { throw std::bad_alloc(); }) == IMNORM_TOO_LARGE);
  CHECK(std::string(imnorm_last_error()) == "not enough memory");
  CHECK(Guarded([]() -> imnorm_code { throw std::runtime_error("broken"); }) == IMNORM_INTERNAL);
  CHECK(std::string(imnorm_last_error()) == "broken");
}

TEST_CASE("a reason of any length is kept as far as there is room", "[c_api]") {
  CHECK(Refuse({ErrorCode::kIo, std::string(5000, 'x')}) == IMNORM_IO);
  const std::string kept = imnorm_last_error();
  CHECK(kept.size() == 1023);
  CHECK(kept.find_first_not_of('x') == std::string::npos);
}

TEST_CASE("a structure is handed over as far as its caller knows it", "[c_api]") {
  struct Grown {
    size_t struct_size;
    int64_t first, second;
  };
  const Grown from = {sizeof(Grown), 1, 2};
  Grown old = {sizeof(size_t) + sizeof(int64_t), 7, 8};
  REQUIRE(HandOver(from, &old) == IMNORM_OK);
  CHECK(old.first == 1);
  CHECK(old.second == 8);
  Grown newer = {2 * sizeof(Grown), 7, 8};
  REQUIRE(HandOver(from, &newer) == IMNORM_OK);
  CHECK(newer.struct_size == 2 * sizeof(Grown));
  CHECK(newer.second == 2);
  Grown unset = {0, 7, 8};
  CHECK(HandOver(from, &unset) == IMNORM_BAD_ARGUMENT);
  CHECK(unset.first == 7);
}

}  // namespace imnorm::c_api
