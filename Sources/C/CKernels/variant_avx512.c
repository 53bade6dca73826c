// AVX-512 (F, BW, DQ, VL).
#include "internal.h"
#if defined(__x86_64__)
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2"))),               \
    apply_to = function)
#define VARIANT bitlaw_kernels_avx512
#define VARIANT_NAME "avx512"
#define VECTOR_BYTES 64
#define HARDWARE_FUSED 1
#define TILE_ROWS 12
#define TILE_COLUMNS 2
#include "variant.h"
#pragma clang attribute pop
#endif
