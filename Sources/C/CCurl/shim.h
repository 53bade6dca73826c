#pragma once
// The part of libcurl's binary interface that is used, which has not changed since its soname
// became 4 (2006). Nothing here is linked: the library is opened with dlopen(3) when a remote is
// reached by HTTP, because loading it costs more than a whole run with nothing to do.
#include <dlfcn.h>
#include <stddef.h>

/// curl_easy_setopt, curl_multi_setopt and curl_easy_getinfo.
typedef int (*bitlaw_curl_variadic)(void *handle, int option, ...);
/// The callbacks that take and give bytes.
typedef size_t (*bitlaw_curl_bytes)(char *buffer, size_t size, size_t count, void *context);

/// What curl_multi_info_read gives.
struct bitlaw_curl_message {
    int kind;
    void *easy;
    union {
        void *data;
        int result;
    } value;
};

static inline int bitlaw_curl_number(bitlaw_curl_variadic call, void *handle, int option, long value) {
    return call(handle, option, value);
}
static inline int bitlaw_curl_offset(bitlaw_curl_variadic call, void *handle, int option,
                                     long long value) {
    return call(handle, option, value);
}
static inline int bitlaw_curl_pointer(bitlaw_curl_variadic call, void *handle, int option,
                                      const void *value) {
    return call(handle, option, value);
}
static inline int bitlaw_curl_callback(bitlaw_curl_variadic call, void *handle, int option,
                                       bitlaw_curl_bytes value) {
    return call(handle, option, value);
}
static inline int bitlaw_curl_get(bitlaw_curl_variadic call, void *handle, int option, void *result) {
    return call(handle, option, result);
}
