// AVX2 and FMA.
#include "internal.h"
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma,bmi,bmi2"))), apply_to = function)
#define VARIANT bitlaw_kernels_avx2
#define VARIANT_NAME "avx2"
#define VECTOR_BYTES 32
#define HARDWARE_FUSED 1
#define TILE_ROWS 6
#define TILE_COLUMNS 2
#include "variant.h"
#pragma clang attribute pop
#endif
