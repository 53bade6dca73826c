// Philox4x32-10 and normal numbers, two vectors of blocks at a time: one alone waits for itself.
//
// Included once a variant. The same words as Numerics/Random/Philox4x32.swift, and the same normals as
// RandomStream.normal(): each is made of one block's four words, so they need no order.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).

/// Blocks first, first + 1, … of a counter whose upper half is `index`: two 64-bit words each.
INLINE void philox(vwi counter, uint64_t index, uint32_t key0, uint32_t key1, vwi *low, vwi *high) {
  const vwi mask = (vwi)(int64_t)0xffffffff;
  vwi a = counter & mask, b = (counter >> 32) & mask;
  vwi c = (vwi)(int64_t)(index & 0xffffffff), d = (vwi)(int64_t)(index >> 32);
  // Upper halves hold what they will: each use masks them, so that 32-bit multiplications serve.
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++) {
    vwi p = (a & mask) * (vwi)(int64_t)0xd2511f53, q = (c & mask) * (vwi)(int64_t)0xcd9e8d57;
    a = ((q >> 32) & mask) ^ b ^ (vwi)(int64_t)key0;
    b = q;
    c = ((p >> 32) & mask) ^ d ^ (vwi)(int64_t)key1;
    d = p;
    key0 += 0x9e3779b9, key1 += 0xbb67ae85;
  }
  *low = (a & mask) | b << 32;
  *high = (c & mask) | d << 32;
}

/// The multiple of 2⁻⁵³ in [0, 1) that a word's upper 53 bits make; exact.
INLINE vw unit_of(vwi word) {
  vwi bits = (word >> 11) & (vwi)0x1fffffffffffff;
  // The upper and lower 26 and 27 bits each fit beside 2⁵², and their sum is exact.
  vw high = (vw)((bits >> 27) | (vwi)0x4330000000000000) - 0x1p52;
  vw low = (vw)((bits & (vwi)0x7ffffff) | (vwi)0x4330000000000000) - 0x1p52;
  return (high * 0x1p27 + low) * 0x1p-53;
}

/// √(−2 log(1 − u))·cos 2πv, u and v from the words of a block.
INLINE vw normal_of(vwi counter, uint64_t index, uint32_t key0, uint32_t key1) {
  vwi low, high;
  philox(counter, index, key0, key1, &low, &high);
  vw radius = __builtin_elementwise_sqrt(-2.0 * log_of(1.0 - unit_of(low)));
  return radius * cos_of(6.283185307179586 * unit_of(high));
}

/// Lanes that are set one by one would go through memory, each waiting for the one before.
INLINE vwi counting(uint64_t first) {
#if VF == 16
  const vwi places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#elif VF == 8
  const vwi places = {0, 1, 2, 3, 4, 5, 6, 7};
#else
  const vwi places = {0, 1, 2, 3};
#endif
  return places + (vwi)(int64_t)first;
}

static void f64_normals(uint32_t key0, uint32_t key1, uint64_t index, uint64_t block, size_t n,
                        double *x) {
  for (size_t i = 0; i < n; i += VF) {
    double part[VF];
    vw v = normal_of(counting(block + i), index, key0, key1);
    __builtin_memcpy(part, &v, sizeof v);
    for (size_t j = 0; j < VF && i + j < n; j++) x[i + j] = part[j];
  }
}

/// The same, each rounded to single precision.
static void f32_normals(uint32_t key0, uint32_t key1, uint64_t index, uint64_t block, size_t n,
                        float *x) {
  for (size_t i = 0; i < n; i += VF) {
    vf v = __builtin_convertvector(normal_of(counting(block + i), index, key0, key1), vf);
    if (i + VF <= n) store(x + i, v);
    else store_partial(x + i, v, n - i);
  }
}
