// What the files of this folder share.
#pragma once
#include "crypto.h"

// Compresses whole blocks with libcrypto's code; 0 where it cannot be opened.
int32_t bitlaw_library_compress(uint32_t state[8], const uint8_t *bytes, size_t blocks);
