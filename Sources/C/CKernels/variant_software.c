// Any CPU: the fused multiply-add in software, slow, same bits.
#include "internal.h"
#if 1
#define VARIANT bitlaw_kernels_software
#define VARIANT_NAME "software"
#define VECTOR_BYTES 16
#define HARDWARE_FUSED 0
#define TILE_ROWS 4
#define TILE_COLUMNS 2
#include "variant.h"
#endif
