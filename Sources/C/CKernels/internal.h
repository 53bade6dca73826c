// What variants share.
#ifndef BITLAW_INTERNAL_H
#define BITLAW_INTERNAL_H

#if defined(__FAST_MATH__)
#error "CKernels: -ffast-math takes away what the kernels promise; compile without it"
#endif
// A fused multiply-add happens where it is written and nowhere else, in every file.
#pragma clang fp contract(off)

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "CKernels.h"
#include "fused.h"
#include "reduction_large.h"

/// A thread's scratch memory: panels of b, and tiles of rows of a, both for the second-level cache.
#define BITLAW_PANEL_BYTES ((size_t)1 << 20)
#define BITLAW_ROW_BYTES ((size_t)1 << 19)
#define BITLAW_WORKSPACE (BITLAW_PANEL_BYTES + BITLAW_ROW_BYTES)

/// This thread's scratch memory, 64-byte aligned; made once, freed with the thread.
void *bitlaw_workspace(void);

extern const bitlaw_kernels bitlaw_kernels_avx512, bitlaw_kernels_avx2, bitlaw_kernels_neon,
    bitlaw_kernels_generic, bitlaw_kernels_software;

#endif
