// Whether a sanitizer watches this program: its runtime has an allocator of its own, takes all
// address space there is, and makes calls that no picture needs.
#pragma once

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IMNORM_WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define IMNORM_WATCHED 1
#endif
#endif
#ifndef IMNORM_WATCHED
#define IMNORM_WATCHED 0
#endif
