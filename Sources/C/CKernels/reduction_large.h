// Angles of 2³⁰ and more, one at a time, in integers: the same everywhere.
#ifndef BITLAW_REDUCTION_LARGE_H
#define BITLAW_REDUCTION_LARGE_H

#include <stdint.h>
#include <string.h>

/// 64 zero bits, then the bits of 2/π after the point.
static const uint64_t two_over_pi[22] = {
    0,
    0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
    0xb7246e3a424dd2e0, 0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484,
    0xe99c7026b45f7e41, 0x3991d639835339f4, 0x9c845f8bbdf9283b, 0x1ff897ffde05980f,
    0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d, 0x7527bac7ebe5f17b,
    0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
    0xa9e391615ee61b08,
};

/// x = quadrant·π/2 + h + l for |x| ≥ 2³⁰; the quadrant modulo 4. An infinity gives 0.
static inline int64_t reduced_large(double x, double *h, double *l) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int exponent = (int)(bits >> 52 & 2047);
  if (exponent == 2047) {
    *h = *l = 0;
    return 0;
  }
  uint64_t mantissa = (bits & 0xfffffffffffff) | 1ull << 52;
  // |x| = mantissa·2^e. Bits of 2/π before place e − 1 give multiples of 4: a window of 256 starts there.
  int e = exponent - 1075;
  int start = 64 + e - 2;  // place of the window's first bit in the table
  uint64_t window[4], value[4];
  for (int i = 0; i < 4; i++) {
    int word = (start + 64 * i) / 64, shift = (start + 64 * i) % 64;
    window[i] = two_over_pi[word] << shift;
    if (shift) window[i] |= two_over_pi[word + 1] >> (64 - shift);
  }
  uint64_t carry = 0;
  for (int i = 3; i >= 0; i--) {
    unsigned __int128 product = (unsigned __int128)window[i] * mantissa + carry;
    value[i] = (uint64_t)product;
    carry = (uint64_t)(product >> 64);
  }
  // Two bits of quadrant, then 254 of fraction; nearest quadrant.
  uint64_t quadrant = value[0] >> 62;
  for (int i = 0; i < 4; i++) value[i] = value[i] << 2 | (i < 3 ? value[i + 1] >> 62 : 0);
  int negative = (int)(value[0] >> 63);
  if (negative) {
    quadrant++;
    uint64_t one = 1;
    for (int i = 3; i >= 0; i--) {
      value[i] = ~value[i] + one;
      one = one && value[i] == 0;
    }
  }
  int zeros = 0;
  while (zeros < 192 && !(value[0] >> 63)) {
    for (int i = 0; i < 4; i++) value[i] = value[i] << 1 | (i < 3 ? value[i + 1] >> 63 : 0);
    zeros++;
  }
  // 53 bits and the next 53, each exact in a double.
  double unit;
  uint64_t scale = (uint64_t)(1023 - 53 - zeros) << 52;
  memcpy(&unit, &scale, sizeof unit);
  double high = (double)(value[0] >> 11) * unit;
  double low = (double)((value[0] << 42 | value[1] >> 22) & 0x1fffffffffffff) * unit * 0x1p-53;
  // Times π/2 as a sum of two doubles; products split so that no fused multiply-add is needed.
  double p = 0x1.921fb54442d18p+0, q = 0x1.1a62633145c07p-54;
  double t = high * 0x1.0000002p27, ah = t - (t - high), al = high - ah;
  double bh = 0x1.921fb58000000p+0, bl = -0x1.dde9740000000p-27;
  double product = high * p;
  double rest = ((ah * bh - product) + ah * bl + al * bh) + al * bl;
  rest += high * q + low * p;
  double sum = product + rest;
  double tail = rest - (sum - product);
  int sign = negative ^ (int)(bits >> 63);
  *h = sign ? -sum : sum;
  *l = sign ? -tail : tail;
  return (int64_t)(bits >> 63 ? (4 - (quadrant & 3)) & 3 : quadrant & 3);
}

#endif
