// Streams of normal numbers for one-pass training: a number for every 32 random bits.
//
// Group g of a stream is 64 numbers from the blocks 16g … 16g + 15 of Philox4x32-10. Block 16g + b gives
// four words; the first two give numbers b and 16 + b of the group, the last two 32 + b and 48 + b:
// Box and Muller's transform, radius √(−2 log u) with u = (word + ½)·2⁻³² rounded to a float, angle
// 2π·word·2⁻³². Everything is IEEE single precision in the stated order (docs/NUMERICS.md); a number is
// within 2⁻²⁰ of the transform in exact arithmetic.

typedef uint32_t vfu __attribute__((ext_vector_type(VF)));

/// Even blocks first + 2i in the lower half of the lanes, odd ones in the upper.
///
/// From a table: lanes that are set one by one go through memory, each waiting for the one before.
INLINE vwi stream_counting(uint64_t first) {
#if VF == 16
  const vwi places = {0, 2, 4, 6, 8, 10, 12, 14, 1, 3, 5, 7, 9, 11, 13, 15};
#elif VF == 8
  const vwi places = {0, 2, 4, 6, 1, 3, 5, 7};
#else
  const vwi places = {0, 2, 1, 3};
#endif
  return places + (vwi)(int64_t)first;
}

/// The lower 32 bits of 64-bit lanes as 32-bit lanes, in the order of blocks.
INLINE vfu stream_packed(vwi words) {
  vdi bits = (words.lo & (vdi)(int64_t)0xffffffff) | words.hi << 32;
  return (vfu)bits;
}

/// √(−2 log((word + ½)·2⁻³²)).
INLINE vf stream_radius(vfu word) {
  vf u = fused(__builtin_convertvector(word, vf), (vf)0x1p-32f, (vf)0x1p-33f);
  vfi bits = (vfi)u;
  vfi n = (bits - 0x3f3504f3) >> 23;
  vf f = (vf)(bits - (n << 23)) - 1.0f;
  vf k = __builtin_convertvector(n, vf);
  vf p = (vf)-0x1.43b246p-4f;
  p = fused(p, f, (vf)0x1.02814ep-3f);
  p = fused(p, f, (vf)-0x1.0a33eap-3f);
  p = fused(p, f, (vf)0x1.231ce6p-3f);
  p = fused(p, f, (vf)-0x1.54d03ep-3f);
  p = fused(p, f, (vf)0x1.999f14p-3f);
  p = fused(p, f, (vf)-0x1.0000cep-2f);
  p = fused(p, f, (vf)0x1.555554p-2f);
  vf z = f * f;
  vf r = f + fused(f * z, p, -0.5f * z);
  r = fused(k, (vf)0x1.62e430p-1f, r);
  return __builtin_elementwise_sqrt(-2.0f * r);
}

/// cos and sin of 2π·word·2⁻³²: the quadrant and the signed rest of it are exact.
INLINE void stream_circle(vfu word, vf *cosine, vf *sine) {
  vfu q = (word + 0x20000000u) >> 30;
  vf t = __builtin_convertvector((vfi)(word - (q << 30)), vf) * 0x1.921fb6p-30f;
  vf z = t * t;
  vf p = (vf)-0x1.9ac9b0p-13f;
  p = fused(p, z, (vf)0x1.110c28p-7f);
  p = fused(p, z, (vf)-0x1.555552p-3f);
  vf s = fused(t * z, p, t);
  vf c = (vf)0x1.9bd89cp-16f;
  c = fused(c, z, (vf)-0x1.6c12d2p-10f);
  c = fused(c, z, (vf)0x1.555554p-5f);
  c = fused(c, z, (vf)-0.5f);
  c = fused(c, z, (vf)1.0f);
  vfi odd = (vfi)(q << 31) < 0;
  vf x = odd ? s : c, y = odd ? c : s;
  *cosine = (vf)((vfi)x ^ (vfi)(((q + 1) & 2u) << 30));
  *sine = (vf)((vfi)y ^ (vfi)((q & 2u) << 30));
}

/// A vector of numbers into x, times the factors at the same place where there are some.
INLINE void stream_put(float *x, const float *scale, size_t place, vf v) {
  if (scale) {
    vf factor;
    load(&factor, scale + place);
    v = v * factor;
  }
  store(x + place, v);
}

/// Groups `group`, `group` + 1, …: 64 numbers each, times `scale` (64·groups numbers) if not null.
INLINE void stream_groups(uint32_t key0, uint32_t key1, uint64_t index, uint64_t group, size_t groups,
                          const float *scale, float *x) {
  const vwi mask = (vwi)(int64_t)0xffffffff;
  for (size_t g = 0; g < groups; g++) {
    for (int part = 0; part < 16; part += VF) {
      vwi counter = stream_counting(16 * (group + g) + (uint64_t)part);
      vwi a = counter & mask, b = (counter >> 32) & mask;
      vwi c = (vwi)(int64_t)(index & 0xffffffff), d = (vwi)(int64_t)(index >> 32);
      uint32_t k0 = key0, k1 = key1;
#pragma clang loop unroll(full)
      for (int round = 0; round < 10; round++) {
        vwi p = (a & mask) * (vwi)(int64_t)0xd2511f53, q = (c & mask) * (vwi)(int64_t)0xcd9e8d57;
        a = ((q >> 32) & mask) ^ b ^ (vwi)(int64_t)k0;
        b = q;
        c = ((p >> 32) & mask) ^ d ^ (vwi)(int64_t)k1;
        d = p;
        k0 += 0x9e3779b9, k1 += 0xbb67ae85;
      }
      vf cosine, sine;
      vf radius = stream_radius(stream_packed(a));
      stream_circle(stream_packed(b), &cosine, &sine);
      stream_put(x, scale, 64 * g + (size_t)part, radius * cosine);
      stream_put(x, scale, 64 * g + (size_t)part + 16, radius * sine);
      radius = stream_radius(stream_packed(c));
      stream_circle(stream_packed(d), &cosine, &sine);
      stream_put(x, scale, 64 * g + (size_t)part + 32, radius * cosine);
      stream_put(x, scale, 64 * g + (size_t)part + 48, radius * sine);
    }
  }
}

static void stream_normals(uint32_t key0, uint32_t key1, uint64_t index, uint64_t group, size_t groups,
                           float *x) {
  stream_groups(key0, key1, index, group, groups, 0, x);
}

/// Each number times a factor, in the type of the factors.
static void f32_stream_scaled(uint32_t key0, uint32_t key1, uint64_t index, uint64_t group,
                              size_t groups, const float *scale, float *room, float *x) {
  (void)room;
  stream_groups(key0, key1, index, group, groups, scale, x);
}

static void f64_stream_scaled(uint32_t key0, uint32_t key1, uint64_t index, uint64_t group,
                              size_t groups, const double *scale, float *room, double *x) {
  stream_groups(key0, key1, index, group, groups, 0, room);
  for (size_t i = 0; i < 64 * groups; i++) x[i] = (double)room[i] * scale[i];
}
