// AArch64, whose baseline has NEON and its fused multiply-add.
#include "internal.h"
#if defined(__aarch64__)
#define VARIANT bitlaw_kernels_neon
#define VARIANT_NAME "neon"
#define VECTOR_BYTES 16
#define HARDWARE_FUSED 1
#define TILE_ROWS 12
#define TILE_COLUMNS 2
#include "variant.h"
#endif
