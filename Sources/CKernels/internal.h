// What variants share.
#ifndef BITLAW_INTERNAL_H
#define BITLAW_INTERNAL_H

#include "CKernels.h"
#include "fused.h"
#include "reduction_large.h"

/// Bytes of a thread's scratch memory: panels of b lie in the second-level cache.
#define BITLAW_WORKSPACE ((size_t)1 << 20)

/// This thread's scratch memory, 64-byte aligned; made once, freed with the thread.
void *bitlaw_workspace(void);

extern const bitlaw_kernels bitlaw_kernels_avx512, bitlaw_kernels_avx2, bitlaw_kernels_neon,
    bitlaw_kernels_generic, bitlaw_kernels_software;

#endif
