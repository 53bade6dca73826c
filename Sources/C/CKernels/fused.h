// Correctly rounded fused multiply-add without hardware for it: slow, same bits.
#ifndef BITLAW_FUSED_H
#define BITLAW_FUSED_H

#include <stdint.h>
#include <string.h>

static inline uint64_t bits_of(double x) {
  uint64_t u;
  memcpy(&u, &x, sizeof u);
  return u;
}

static inline double double_of(uint64_t u) {
  double x;
  memcpy(&x, &u, sizeof x);
  return x;
}

/// p + c rounded to odd: exact, or the neighbour whose last bit is 1. Rounding that once more to at
/// least two bits fewer gives the correct rounding of the exact sum.
/// Source: Boldo & Melquiond, "Emulation of a FMA and correctly rounded sums", IEEE TC 57 (2008).
static inline double sum_to_odd(double p, double c) {
  double s = p + c;
  double t = s - p;
  double e = (p - (s - t)) + (c - t);
  uint64_t u = bits_of(s);
  if ((e > 0 || e < 0) && !(u & 1)) u += ((e > 0) == (s > 0)) ? 1 : (uint64_t)-1;
  return double_of(u);
}

static inline float software_fmaf(float a, float b, float c) {
  // The product of two 24-bit significands is exact in 53 bits.
  return (float)sum_to_odd((double)a * (double)b, (double)c);
}

/// The general case, in integers: a, b and c finite, a·b and c not zero.
static inline double software_fma_exact(double a, double b, double c) {
  uint64_t u[3] = {bits_of(a), bits_of(b), bits_of(c)}, m[3];
  int e[3];
  for (int i = 0; i < 3; i++) {
    e[i] = (int)(u[i] >> 52 & 2047);
    m[i] = u[i] & 0xfffffffffffffull;
    if (e[i] == 0) e[i] = 1; else m[i] |= 1ull << 52;
    e[i] -= 1075;
  }
  unsigned __int128 p = (unsigned __int128)m[0] * m[1], q = m[2];
  int ep = e[0] + e[1], eq = e[2];
  // Leading bits to place 125: two to spare above, enough below to hold a sticky bit.
  while (!(p >> 125)) p <<= 1, ep--;
  while (!(q >> 125)) q <<= 1, eq--;
  int sp = (int)((u[0] ^ u[1]) >> 63), sq = (int)(u[2] >> 63);
  if (ep < eq || (ep == eq && p < q)) {
    unsigned __int128 t = p; p = q; q = t;
    int x = ep; ep = eq; eq = x;
    x = sp; sp = sq; sq = x;
  }
  int distance = ep - eq;
  if (distance > 126) q = 1;
  else if (distance > 0) q = q >> distance | ((q & (((unsigned __int128)1 << distance) - 1)) != 0);
  unsigned __int128 r = sp == sq ? p + q : p - q;
  if (r == 0) return 0.0;
  int top = 127;
  while (!(r >> top)) top--;
  int last = ep + top - 52;  // exponent of the result's last bit
  if (last < -1074) last = -1074;
  int drop = last - ep;
  unsigned __int128 kept = 0;
  if (drop <= 0) {
    kept = r << -drop;
  } else if (drop <= 127) {
    kept = r >> drop;
    unsigned __int128 rest = r & (((unsigned __int128)1 << drop) - 1);
    unsigned __int128 half = (unsigned __int128)1 << (drop - 1);
    if (rest > half || (rest == half && (kept & 1))) kept++;
  }
  double value = (double)(uint64_t)kept;
  // Exact, but for an overflow to infinity, which is right.
  while (last > 900) value *= 0x1p+900, last -= 900;
  if (last < -1000) value *= 0x1p-74, last += 74, value *= double_of((uint64_t)(last + 1023) << 52);
  else value *= double_of((uint64_t)(last + 1023) << 52);
  return sp ? -value : value;
}

static inline double software_fma(double a, double b, double c) {
  int ea = (int)(bits_of(a) >> 52 & 2047), eb = (int)(bits_of(b) >> 52 & 2047);
  int ec = (int)(bits_of(c) >> 52 & 2047), ep = ea + eb - 1023;
  if (ea > 100 && ea < 1900 && eb > 100 && eb < 1900 && ep > 150 && ep < 1900 && ec > 150
      && ec < 1900) {
    // Nothing overflows or is subnormal: Dekker's product, then Boldo and Melquiond's sum.
    double t = a * 0x1.0000002p27, ah = t - (t - a), al = a - ah;
    t = b * 0x1.0000002p27;
    double bh = t - (t - b), bl = b - bh;
    double p = a * b, pl = ((ah * bh - p) + ah * bl + al * bh) + al * bl;
    double s = c + pl;
    t = s - c;
    double sl = (c - (s - t)) + (pl - t);
    double v = p + s;
    t = v - p;
    double vl = (p - (v - t)) + (s - t);
    return v + sum_to_odd(sl, vl);
  }
  if (ea == 2047 || eb == 2047 || ec == 2047) return ec == 2047 && ea != 2047 && eb != 2047 ? c : a * b + c;
  if (a == 0 || b == 0) return a * b + c;
  if (c == 0) return a * b;
  return software_fma_exact(a, b, c);
}

#endif
