// Vectors of 128 bits with the fused multiply-add of the hardware.
#include "internal.h"
#if defined(__x86_64__) || defined(__aarch64__)
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("fma"))), apply_to = function)
#endif
#define VARIANT bitlaw_kernels_generic
#define VARIANT_NAME "generic"
#define VECTOR_BYTES 16
#define HARDWARE_FUSED 1
#define TILE_ROWS 6
#define TILE_COLUMNS 2
#include "variant.h"
#if defined(__x86_64__)
#pragma clang attribute pop
#endif
#endif
