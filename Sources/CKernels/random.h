// Philox4x32-10 and normal numbers, a vector of blocks at a time.
//
// Included once a variant. The same words as Numerics/Random/Philox4x32.swift, and the same normals as
// RandomStream.normal(): each is made of one block's four words, so they need no order.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).

/// Blocks first, first + 1, … of a counter whose upper half is `index`: two 64-bit words each.
INLINE void philox(vdi counter, uint64_t index, uint32_t key0, uint32_t key1, vdi *low, vdi *high) {
  const vdi mask = (vdi)(int64_t)0xffffffff;
  vdi a = counter & mask, b = (counter >> 32) & mask;
  vdi c = (vdi)(int64_t)(index & 0xffffffff), d = (vdi)(int64_t)(index >> 32);
  for (int round = 0; round < 10; round++) {
    vdi p = a * (vdi)(int64_t)0xd2511f53, q = c * (vdi)(int64_t)0xcd9e8d57;
    a = ((q >> 32) & mask) ^ b ^ (vdi)(int64_t)key0;
    b = q & mask;
    c = ((p >> 32) & mask) ^ d ^ (vdi)(int64_t)key1;
    d = p & mask;
    key0 += 0x9e3779b9, key1 += 0xbb67ae85;
  }
  *low = a | b << 32;
  *high = c | d << 32;
}

/// The multiple of 2⁻⁵³ in [0, 1) that a word's upper 53 bits make; exact.
INLINE vd unit_of(vdi word) {
  vdi bits = (word >> 11) & (vdi)0x1fffffffffffff;
  // The upper and lower 26 and 27 bits each fit beside 2⁵², and their sum is exact.
  vd high = (vd)((bits >> 27) | (vdi)0x4330000000000000) - 0x1p52;
  vd low = (vd)((bits & (vdi)0x7ffffff) | (vdi)0x4330000000000000) - 0x1p52;
  return (high * 0x1p27 + low) * 0x1p-53;
}

/// √(−2 log(1 − u))·cos 2πv, u and v from the words of a block.
INLINE vd normal_of(vdi counter, uint64_t index, uint32_t key0, uint32_t key1) {
  vdi low, high;
  philox(counter, index, key0, key1, &low, &high);
  vd radius = __builtin_elementwise_sqrt(-2.0 * d_log(1.0 - unit_of(low)));
  return radius * d_cos(6.283185307179586 * unit_of(high));
}

INLINE vdi counting(uint64_t first) {
  vdi counter;
  for (int i = 0; i < VD; i++) counter[i] = (int64_t)(first + (uint64_t)i);
  return counter;
}

static void f64_normals(uint32_t key0, uint32_t key1, uint64_t index, uint64_t block, size_t n, double *x) {
  for (size_t i = 0; i < n; i += VD) {
    vd v = normal_of(counting(block + i), index, key0, key1);
    if (i + VD <= n) store(x + i, v);
    else f64_store_partial(x + i, v, n - i);
  }
}

/// The same, each rounded to single precision.
static void f32_normals(uint32_t key0, uint32_t key1, uint64_t index, uint64_t block, size_t n, float *x) {
  double part[VD];
  for (size_t i = 0; i < n; i += VD) {
    store(part, normal_of(counting(block + i), index, key0, key1));
    for (size_t j = 0; j < VD && i + j < n; j++) x[i + j] = (float)part[j];
  }
}
