// The module imnorm_icc.so: samples of an ICC profile to sRGB through Little CMS, as Pillow's
// ImageCms has them.
#include <lcms2.h>
#include <lcms2_plugin.h>
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "decode/modules/icc_api.h"

namespace {

// One way to sRGB, what it may take, and the first thing that went wrong.
struct Transform {
  size_t left = 0;  // bytes
  bool no_memory = false;
  char reason[kImnormIccErrorBytes] = {};
  cmsContext context = nullptr;
  cmsHTRANSFORM transform = nullptr;

  ~Transform() {
    if (transform != nullptr) cmsDeleteTransform(transform);
    if (context != nullptr) cmsDeleteContext(context);
  }

  // Counts what was taken, at the size that the allocator gives.
  void* Taken(void* memory) {
    if (memory == nullptr) {
      no_memory = true;
    } else {
      left -= std::min(left, malloc_usable_size(memory));
    }
    return memory;
  }
};

// The context itself is made before it has a Transform to ask.
Transform* Of(cmsContext context) {
  return context == nullptr ? nullptr : static_cast<Transform*>(cmsGetContextUserData(context));
}

void* Allocate(cmsContext context, cmsUInt32Number size) {
  Transform* of = Of(context);
  if (of == nullptr) return std::malloc(size);
  return size > of->left ? nullptr : of->Taken(std::malloc(size));
}

void Free(cmsContext context, void* memory) {
  if (Transform* of = Of(context); of != nullptr && memory != nullptr) {
    of->left += malloc_usable_size(memory);
  }
  std::free(memory);
}

void* Reallocate(cmsContext context, void* memory, cmsUInt32Number size) {
  Transform* of = Of(context);
  if (of == nullptr) return std::realloc(memory, size);
  const size_t had = memory == nullptr ? 0 : malloc_usable_size(memory);
  if (size > of->left + had) return nullptr;
  of->left += had;
  void* grown = of->Taken(std::realloc(memory, size));
  if (grown == nullptr) of->left -= std::min(of->left, had);
  return grown;
}

void KeepReason(cmsContext context, cmsUInt32Number, const char* text) {
  Transform* of = Of(context);
  if (of != nullptr && of->reason[0] == 0) {
    std::snprintf(of->reason, sizeof(of->reason), "%s", text);
  }
}

struct CloseProfile {
  void operator()(void* profile) const { cmsCloseProfile(profile); }
};
using Profile = std::unique_ptr<void, CloseProfile>;

int Refuse(char* error, const Transform& of, const char* fallback) {
  if (of.no_memory) return kImnormIccNoMemory;
  const char* reason = of.reason[0] != 0 ? of.reason : fallback;
  std::snprintf(error, kImnormIccErrorBytes, "%.*s", int(kImnormIccErrorBytes) - 1, reason);
  return kImnormIccDamaged;
}

int Open(const uint8_t* bytes, size_t size, int colors, void** out, char* error) {
  // What parsing and precalculated tables take, of sound profiles with much to spare.
  constexpr size_t kMore = size_t{32} << 20;
  cmsPluginMemHandler memory = {};
  memory.base.Magic = cmsPluginMagicNumber;
  memory.base.ExpectedVersion = 2000;
  memory.base.Type = cmsPluginMemHandlerSig;
  memory.MallocPtr = Allocate;
  memory.FreePtr = Free;
  memory.ReallocPtr = Reallocate;
  auto of = std::make_unique<Transform>();
  of->left = 8 * size + kMore;
  of->context = cmsCreateContext(&memory, of.get());
  if (of->context == nullptr) return kImnormIccNoMemory;
  cmsSetLogErrorHandlerTHR(of->context, KeepReason);
  const Profile from(cmsOpenProfileFromMemTHR(of->context, bytes, cmsUInt32Number(size)));
  if (!from) return Refuse(error, *of, "it is no ICC profile");
  const Profile to(cmsCreate_sRGBProfileTHR(of->context));
  if (!to) return Refuse(error, *of, "Little CMS makes no sRGB");
  const cmsUInt32Number format = colors == 1 ? TYPE_GRAY_8 : colors == 4 ? TYPE_CMYK_8 : TYPE_RGB_8;
  constexpr cmsUInt32Number kNoFlags = 0;
  of->transform = cmsCreateTransformTHR(of->context, from.get(), format, to.get(), TYPE_RGB_8,
                                        INTENT_PERCEPTUAL, kNoFlags);
  if (of->transform == nullptr) return Refuse(error, *of, "no way leads from it to sRGB");
  *out = of.release();
  return kImnormIccGood;
}

void Apply(void* transform, const uint8_t* in, uint8_t* out, uint32_t pixels) {
  cmsDoTransform(static_cast<Transform*>(transform)->transform, in, out, pixels);
}

void Close(void* transform) { delete static_cast<Transform*>(transform); }

// "2.14" of 2140.
const char* Version() {
  static char text[32];
  const int version = cmsGetEncodedCMMversion();
  std::snprintf(text, sizeof(text), "%d.%d", version / 1000, version % 1000 / 10);
  return text;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const ImnormIccApi* imnorm_icc_api() {
  static const ImnormIccApi api = {kImnormIccApi, "Little CMS", Version(), Open, Apply, Close};
  // A profile has a date, for which the C library reads the time zone once: not in a process that
  // may open nothing any more.
  static const bool knows_time = cmsCloseProfile(cmsCreate_sRGBProfile()) != 0;
  static_cast<void>(knows_time);
  return &api;
}
