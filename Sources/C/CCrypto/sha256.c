// SHA-256 (FIPS 180-4).
#include "internal.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>
#endif

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2).
static const uint32_t constants[64] __attribute__((aligned(64))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint32_t turned(uint32_t word, int bits) { return word >> bits | word << (32 - bits); }

// The definition, word by word (6.2.2).
static void plain(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
  for (; blocks > 0; blocks--, bytes += 64) {
    uint32_t w[64], v[8];
    for (int t = 0; t < 16; t++) w[t] = big_endian(bytes + 4 * t);
    for (int t = 16; t < 64; t++) {
      uint32_t far = turned(w[t - 15], 7) ^ turned(w[t - 15], 18) ^ w[t - 15] >> 3;
      uint32_t near = turned(w[t - 2], 17) ^ turned(w[t - 2], 19) ^ w[t - 2] >> 10;
      w[t] = w[t - 16] + far + w[t - 7] + near;
    }
    memcpy(v, state, sizeof v);
    // The eight words move one place a round: instead the place of the first one does.
#pragma clang loop unroll_count(8)
    for (unsigned t = 0; t < 64; t++) {
      uint32_t a = v[-t & 7], b = v[(1 - t) & 7], c = v[(2 - t) & 7];
      uint32_t e = v[(4 - t) & 7], f = v[(5 - t) & 7], g = v[(6 - t) & 7];
      uint32_t one = v[(7 - t) & 7] + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25))
                     + ((e & f) ^ (~e & g)) + constants[t] + w[t];
      uint32_t two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      v[(3 - t) & 7] += one;
      v[(7 - t) & 7] = one + two;
    }
    for (int i = 0; i < 8; i++) state[i] += v[i];
  }
}

#if defined(__x86_64__)
// Four rounds an instruction pair: each vector holds four words of the message, and the state is kept as
// (a, b, e, f) and (c, d, g, h), as the instructions want it.
__attribute__((target("sha,sse4.1,ssse3"))) static void instructions(
    uint32_t state[8], const uint8_t *bytes, size_t blocks) {
  const __m128i order = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
  __m128i abef = _mm_set_epi32(
      (int)state[0], (int)state[1], (int)state[4], (int)state[5]);
  __m128i cdgh = _mm_set_epi32(
      (int)state[2], (int)state[3], (int)state[6], (int)state[7]);
  for (; blocks > 0; blocks--, bytes += 64) {
    __m128i before_abef = abef, before_cdgh = cdgh, w[4];
    for (int i = 0; i < 4; i++) {
      w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)bytes + i), order);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < 16; i++) {
      __m128i *next = &w[i & 3], newest = w[(i + 3) & 3];
      __m128i sum = _mm_add_epi32(*next, _mm_load_si128((const __m128i *)constants + i));
      cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
      abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0e));
      if (i < 12) {
        __m128i early = _mm_sha256msg1_epu32(*next, w[(i + 1) & 3]);
        early = _mm_add_epi32(early, _mm_alignr_epi8(newest, w[(i + 2) & 3], 4));
        *next = _mm_sha256msg2_epu32(early, newest);
      }
    }
    abef = _mm_add_epi32(abef, before_abef);
    cdgh = _mm_add_epi32(cdgh, before_cdgh);
  }
  uint32_t words[8] __attribute__((aligned(16)));
  _mm_store_si128((__m128i *)words, abef);
  _mm_store_si128((__m128i *)words + 1, cdgh);
  const uint32_t in_order[8] = {
      words[3], words[2], words[7], words[6], words[1], words[0], words[5], words[4]};
  memcpy(state, in_order, sizeof in_order);
}

static int32_t has_instructions(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b >> 29 & 1)) return 0;
  return __get_cpuid(1, &a, &b, &c, &d) && (c >> 9 & 1) && (c >> 19 & 1);
}
#else
static void instructions(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
  plain(state, bytes, blocks);
}

static int32_t has_instructions(void) { return 0; }
#endif

int32_t bitlaw_sha256_supported(int32_t way) {
  switch (way) {
  case BITLAW_SHA256_INSTRUCTIONS: return has_instructions();
  case BITLAW_SHA256_LIBRARY: return bitlaw_library_compress(NULL, NULL, 0);
  default: return way == BITLAW_SHA256_PLAIN;
  }
}

int32_t bitlaw_sha256_best(void) {
  // Threads that look at the same time find the same.
  static int32_t known = -1;
  int32_t way = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (way >= 0) return way;
  for (way = 0; !bitlaw_sha256_supported(way); way++) {}
  __atomic_store_n(&known, way, __ATOMIC_RELAXED);
  return way;
}

static void compress(bitlaw_sha256 *hash, const uint8_t *bytes, size_t blocks) {
  switch (hash->way) {
  case BITLAW_SHA256_INSTRUCTIONS: return instructions(hash->state, bytes, blocks);
  case BITLAW_SHA256_LIBRARY: bitlaw_library_compress(hash->state, bytes, blocks); return;
  default: return plain(hash->state, bytes, blocks);
  }
}

void bitlaw_sha256_begin(bitlaw_sha256 *hash, int32_t way) {
  // Of the square roots of the first eight primes (5.3.3).
  static const uint32_t begin[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  memcpy(hash->state, begin, sizeof begin);
  hash->count = 0;
  hash->way = way;
}

void bitlaw_sha256_update(bitlaw_sha256 *hash, const void *message, size_t count) {
  if (count == 0) return;
  const uint8_t *bytes = message;
  size_t filled = hash->count % 64;
  hash->count += count;
  if (filled > 0) {
    size_t part = count < 64 - filled ? count : 64 - filled;
    memcpy(hash->block + filled, bytes, part);
    if (filled + part < 64) return;
    compress(hash, hash->block, 1);
    bytes += part;
    count -= part;
  }
  if (count >= 64) compress(hash, bytes, count / 64);
  memcpy(hash->block, bytes + count / 64 * 64, count % 64);
}

void bitlaw_sha256_finish(bitlaw_sha256 *hash, uint8_t digest[32]) {
  uint64_t bits = hash->count * 8;
  size_t filled = hash->count % 64;
  hash->block[filled++] = 0x80;
  if (filled > 56) {
    memset(hash->block + filled, 0, 64 - filled);
    compress(hash, hash->block, 1);
    filled = 0;
  }
  memset(hash->block + filled, 0, 56 - filled);
  for (int i = 0; i < 8; i++) hash->block[56 + i] = (uint8_t)(bits >> (56 - 8 * i));
  compress(hash, hash->block, 1);
  for (int i = 0; i < 32; i++) digest[i] = (uint8_t)(hash->state[i / 4] >> (24 - i % 4 * 8));
}
