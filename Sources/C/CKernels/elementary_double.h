// Elementary functions in double precision: at most 1 ulp, for vectors of any number of lanes.
//
// Included with VECTOR (doubles) and INTEGERS (as many 64-bit integers), which it takes away at its end.
// Intermediate results are unevaluated sums of two doubles, h + l, wherever their rounding would show.
// Series are Taylor's, but for erf's two, which are minimax polynomials.

/// a + b exactly, as s + e. Source: Knuth, TAOCP 2, §4.2.2, theorem B.
INLINE void two_sum(VECTOR a, VECTOR b, VECTOR *s, VECTOR *e) {
  VECTOR sum = a + b;
  VECTOR t = sum - a;
  *e = (a - (sum - t)) + (b - t);
  *s = sum;
}

/// As above where |a| ≥ |b| or a = 0. Source: Dekker, Numer. Math. 18 (1971).
INLINE void fast_sum(VECTOR a, VECTOR b, VECTOR *s, VECTOR *e) {
  VECTOR sum = a + b;
  *e = b - (sum - a);
  *s = sum;
}

/// The nearest whole number, ties to even; |x| < 2⁵¹.
INLINE VECTOR nearest(VECTOR x) { return (x + 0x1.8p52) - 0x1.8p52; }

/// 2ᵏ for a whole number k in −1022…1023.
INLINE VECTOR power_of_two(VECTOR k) {
  INTEGERS bits = (INTEGERS)(k + 0x1.8p52);
  return (VECTOR)((bits + 1023) << 52);
}

/// v·2ᵏ for k in −2044…2046: rounded once at most.
INLINE VECTOR scaled(VECTOR v, VECTOR k) {
  VECTOR half = nearest(k * 0.5);
  return v * power_of_two(half) * power_of_two(k - half);
}

INLINE VECTOR absolute(VECTOR x) { return (VECTOR)((INTEGERS)x & INT64_MAX); }
INLINE VECTOR with_sign(VECTOR magnitude, VECTOR sign) {
  return (VECTOR)((INTEGERS)magnitude | ((INTEGERS)sign & INT64_MIN));
}
INLINE VECTOR clamped(VECTOR x, double low, double high) {
  x = x > (VECTOR)high ? (VECTOR)high : x;
  return x < (VECTOR)low ? (VECTOR)low : x;
}
INLINE VECTOR nan_if(VECTOR x, VECTOR r) { return x == x ? r : (VECTOR)__builtin_nan(""); }

/// e^(x + d) = 2ᵏ(1 + h + l), |h| ≤ 0.35, |l| ≤ 0.08; |x| ≤ 1000, |d| small beside 1.
///
/// h + l is right to 2⁻⁵⁷ absolutely, and to 2⁻⁵⁵ of itself.
INLINE void exp_parts(VECTOR x, VECTOR d, VECTOR *k, VECTOR *h, VECTOR *l) {
  VECTOR n = nearest(x * 0x1.71547652b82fep+0);
  VECTOR r = fused(n, (VECTOR)-0x1.62e42fee00000p-1, x);  // exact: the constant ends in 21 zero bits
  VECTOR rest, tail;
  two_sum(r, fused(n, (VECTOR)-0x1.a39ef35793c76p-33, d), &r, &rest);
  tail = fused(rest, r, rest);
  VECTOR q = (VECTOR)0x1.93974a8c07c9dp-37;
  q = fused(q, r, (VECTOR)0x1.6124613a86d09p-33);
  q = fused(q, r, (VECTOR)0x1.1eed8eff8d898p-29);
  q = fused(q, r, (VECTOR)0x1.ae64567f544e4p-26);
  q = fused(q, r, (VECTOR)0x1.27e4fb7789f5cp-22);
  q = fused(q, r, (VECTOR)0x1.71de3a556c734p-19);
  q = fused(q, r, (VECTOR)0x1.a01a01a01a01ap-16);
  q = fused(q, r, (VECTOR)0x1.a01a01a01a01ap-13);
  q = fused(q, r, (VECTOR)0x1.6c16c16c16c17p-10);
  q = fused(q, r, (VECTOR)0x1.1111111111111p-7);
  q = fused(q, r, (VECTOR)0x1.5555555555555p-5);
  q = fused(q, r, (VECTOR)0x1.5555555555555p-3);
  q = fused(q, r, (VECTOR)0.5);
  *k = n;
  *h = r;
  *l = fused(r * r, q, tail);
}

/// e^(x + d), d a small correction.
INLINE VECTOR exp_sum(VECTOR x, VECTOR d) {
  VECTOR k, h, l, s, e;
  exp_parts(clamped(x, -1000, 1000), d, &k, &h, &l);
  fast_sum((VECTOR)1.0, h, &s, &e);
  return nan_if(x, scaled(s + (e + l), k));
}

INLINE VECTOR exp_of(VECTOR x) { return exp_sum(x, (VECTOR)0.0); }

/// e^x − 1 = 2ᵏ(s + t) with |t| ≪ |s|; −60 ≤ x ≤ 1000.
INLINE void expm1_parts(VECTOR x, VECTOR *k, VECTOR *s, VECTOR *t) {
  VECTOR h, l, one, rest, e;
  exp_parts(x, (VECTOR)0.0, k, &h, &l);
  VECTOR negative = clamped(-*k, -1022, 1022);
  two_sum((VECTOR)1.0, -power_of_two(negative), &one, &rest);
  two_sum(one, h, &h, &e);
  fast_sum(h, l + (e + rest), s, t);
}

INLINE VECTOR expm1_of(VECTOR x) {
  VECTOR k, s, t;
  expm1_parts(clamped(x, -60, 1000), &k, &s, &t);
  VECTOR r = scaled(s + t, k);
  r = absolute(x) < (VECTOR)0x1p-54 ? x : r;
  return nan_if(x, r);
}

/// log(u + c + d) = h + l, right to 2⁻⁵⁹ of itself; u normal, positive; |c| ≤ ulp(u)/2 or u = 1, and
/// |d| ≤ ulp(c)/2.
///
/// u = 2ᵏm with m in [√½, √2); log m = 2 artanh s, s = (m − 1)/(m + 1).
INLINE void log_parts(VECTOR u, VECTOR c, VECTOR d, VECTOR *h, VECTOR *l) {
  INTEGERS bits = (INTEGERS)u;
  INTEGERS n = (bits - 0x3fe6a09e667f3bcd) >> 52;
  VECTOR m = (VECTOR)(bits - (n << 52));
  VECTOR k = (VECTOR)(n + 0x4338000000000000) - 0x1.8p52;
  VECTOR unit = power_of_two(clamped(-k, -1022, 1022));
  VECTOR f, rest, below, e;
  two_sum(m - 1.0, c * unit, &f, &rest);
  rest = fused(d, unit, rest);
  fast_sum((VECTOR)2.0, f, &below, &e);
  e += rest;
  VECTOR inverse = 1.0 / below;
  VECTOR s = f * inverse;
  VECTOR t = (fused(-s, below, f) + (rest - s * e)) * inverse;
  VECTOR z = s * s;
  VECTOR p = (VECTOR)0x1.642c8590b2164p-4;
  p = fused(p, z, (VECTOR)0x1.8618618618618p-4);
  p = fused(p, z, (VECTOR)0x1.af286bca1af28p-4);
  p = fused(p, z, (VECTOR)0x1.e1e1e1e1e1e1ep-4);
  p = fused(p, z, (VECTOR)0x1.1111111111111p-3);
  p = fused(p, z, (VECTOR)0x1.3b13b13b13b14p-3);
  p = fused(p, z, (VECTOR)0x1.745d1745d1746p-3);
  p = fused(p, z, (VECTOR)0x1.c71c71c71c71cp-3);
  p = fused(p, z, (VECTOR)0x1.2492492492492p-2);
  p = fused(p, z, (VECTOR)0x1.999999999999ap-2);
  p = fused(p, z, (VECTOR)0x1.5555555555555p-1);
  VECTOR low = fused(s * z, p, 2.0 * t);
  VECTOR high = k * 0x1.62e42fee00000p-1;  // exact
  fast_sum(high, 2.0 * s, &high, &e);
  fast_sum(high, e + fused(k, (VECTOR)0x1.a39ef35793c76p-33, low), h, l);
}

INLINE VECTOR log_specials(VECTOR x, VECTOR r) {
  r = x == (VECTOR)0.0 ? (VECTOR)-__builtin_inf() : r;
  r = x == (VECTOR)__builtin_inf() ? x : r;
  return x >= (VECTOR)0.0 ? r : (VECTOR)__builtin_nan("");
}

/// log x for x > 0 as h + l.
INLINE void log_pair(VECTOR x, VECTOR *h, VECTOR *l) {
  INTEGERS small = x < (VECTOR)0x1p-1022;
  log_parts(small ? x * 0x1p54 : x, (VECTOR)0.0, (VECTOR)0.0, h, l);
  VECTOR e;
  two_sum(*h, small ? (VECTOR)-0x1.2b708872320e2p+5 : (VECTOR)0.0, h, &e);  // −54 log 2 and its rest
  *l += e + (small ? (VECTOR)0x1.570da7e077bcbp-50 : (VECTOR)0.0);
}

INLINE VECTOR log_of(VECTOR x) {
  VECTOR h, l;
  log_pair(x, &h, &l);
  return log_specials(x, h + l);
}

/// log(1 + x + d) as h + l, for 1 + x > 0 and |d| small beside x.
INLINE void log1p_parts(VECTOR x, VECTOR d, VECTOR *h, VECTOR *l) {
  VECTOR u, c;
  two_sum((VECTOR)1.0, x, &u, &c);
  log_parts(u, c, d, h, l);
}

INLINE VECTOR log1p_of(VECTOR x) {
  VECTOR h, l;
  VECTOR c = clamped(x, -0.9999999999999999, 0x1p1023);
  log1p_parts(c, (VECTOR)0.0, &h, &l);
  VECTOR r = absolute(x) < (VECTOR)0x1p-54 ? x : h + l;
  r = x == (VECTOR)-1.0 ? (VECTOR)-__builtin_inf() : r;
  r = x > (VECTOR)0x1p1023 ? log_of(x) : r;
  return x >= (VECTOR)-1.0 ? r : (VECTOR)__builtin_nan("");
}

/// (a + b)/(c + d), |b| ≪ |a|, |d| ≪ |c|.
INLINE VECTOR quotient(VECTOR a, VECTOR b, VECTOR c, VECTOR d) {
  VECTOR inverse = 1.0 / c;
  VECTOR q = a * inverse;
  return q + (fused(-q, c, a) + (b - q * d)) * inverse;
}

INLINE VECTOR tanh_of(VECTOR x) {
  VECTOR a = absolute(x);
  VECTOR k, s, t, d, e;
  expm1_parts(clamped(2.0 * a, 0, 44), &k, &s, &t);
  VECTOR scale = power_of_two(k);
  s *= scale;
  t *= scale;
  two_sum((VECTOR)2.0, s, &d, &e);
  VECTOR r = quotient(s, t, d, e + t);
  r = a < (VECTOR)0x1p-30 ? a : r;
  return nan_if(x, with_sign(r, x));
}

/// e^(−|x|) = 2ᵏ(h + l), and 1 + that as c + d.
INLINE void one_plus_exp(VECTOR x, VECTOR *k, VECTOR *h, VECTOR *l, VECTOR *c, VECTOR *d) {
  VECTOR r, s, e;
  exp_parts(clamped(-absolute(x), -1000, 0), (VECTOR)0.0, k, &r, l);
  fast_sum((VECTOR)1.0, r, &s, &e);
  fast_sum(s, e + *l, h, l);
  VECTOR scale = power_of_two(clamped(*k, -1000, 1));
  two_sum((VECTOR)1.0, *h * scale, c, &e);
  *d = fused(*l, scale, e);
}

INLINE VECTOR logistic_of(VECTOR x) {
  VECTOR k, h, l, c, d;
  one_plus_exp(x, &k, &h, &l, &c, &d);
  INTEGERS positive = x >= (VECTOR)0.0;
  VECTOR r = quotient(positive ? (VECTOR)1.0 : h, positive ? (VECTOR)0.0 : l, c, d);
  return nan_if(x, scaled(r, positive ? (VECTOR)0.0 : k));
}

INLINE VECTOR softplus_of(VECTOR x) {
  VECTOR k, h, l, s, e;
  VECTOR a = clamped(-absolute(x), -100, 0);
  exp_parts(a, (VECTOR)0.0, &k, &h, &l);
  fast_sum((VECTOR)1.0, h, &s, &e);
  fast_sum(s, e + l, &h, &l);
  VECTOR scale = power_of_two(k);
  log1p_parts(h * scale, l * scale, &h, &l);
  VECTOR positive = x > (VECTOR)0.0 ? x : (VECTOR)0.0;
  two_sum(positive, h, &s, &e);
  VECTOR r = s + (e + l);
  r = x < (VECTOR)-60.0 ? exp_of(x) : r;
  r = x > (VECTOR)60.0 ? x : r;
  return nan_if(x, r);
}

/// |x| < 0.9: x·2/√π + x³P(x²). Above: 1 − e^(−x²)·R((x − 2)/(x + 2)).
///
/// P and R are minimax for x² in [0, 1] and for x in [0.82, 6], right to 2⁻⁵⁹ of erf.
INLINE VECTOR erf_of(VECTOR x) {
  VECTOR a = clamped(absolute(x), 0, 6);
  VECTOR z = a * a;
  VECTOR p = (VECTOR)0x1.0fb2efcc114eep-34;
  p = fused(p, z, (VECTOR)-0x1.3c2c97a47d62dp-30);
  p = fused(p, z, (VECTOR)0x1.f8d8a0d1d252bp-27);
  p = fused(p, z, (VECTOR)-0x1.5f39909e0131bp-23);
  p = fused(p, z, (VECTOR)0x1.b9e23c89e4441p-20);
  p = fused(p, z, (VECTOR)-0x1.f4d21f9d7b564p-17);
  p = fused(p, z, (VECTOR)0x1.f9a324e4cfcc1p-14);
  p = fused(p, z, (VECTOR)-0x1.c02db3f4a282bp-11);
  p = fused(p, z, (VECTOR)0x1.565bcd0e44088p-8);
  p = fused(p, z, (VECTOR)-0x1.b82ce31288329p-6);
  p = fused(p, z, (VECTOR)0x1.ce2f21a042bd7p-4);
  p = fused(p, z, (VECTOR)-0x1.812746b0379e7p-2);
  VECTOR h = a * 0x1.20dd750429b6dp+0;
  VECTOR l = fused(a, (VECTOR)0x1.20dd750429b6dp+0, -h);
  VECTOR cube = a * z;
  VECTOR rest = fused(a, z, -cube) + a * fused(a, a, -z);
  VECTOR small = h + fused(cube, p, fused(rest, p, fused(a, (VECTOR)0x1.1ae3a914fed80p-56, l)));
  // Of the smallest numbers the corrections would be lost below the normal range.
  small = a < (VECTOR)0x1p-960 ? h : small;
  VECTOR t = (a - 2.0) / (a + 2.0);
  VECTOR q = (VECTOR)-0x1.716e7f6684a35p-19;
  q = fused(q, t, (VECTOR)-0x1.0d73f53c1e20fp-16);
  q = fused(q, t, (VECTOR)-0x1.d40d017c9b2f1p-16);
  q = fused(q, t, (VECTOR)0x1.d05645fc10eebp-16);
  q = fused(q, t, (VECTOR)0x1.6dd0f1054fc8cp-13);
  q = fused(q, t, (VECTOR)0x1.6d6d9a4436bfdp-15);
  q = fused(q, t, (VECTOR)-0x1.016b82525480ap-10);
  q = fused(q, t, (VECTOR)-0x1.bc25b65d0e75bp-11);
  q = fused(q, t, (VECTOR)0x1.ca95ed4ac19ddp-8);
  q = fused(q, t, (VECTOR)0x1.e94715a6f2d13p-9);
  q = fused(q, t, (VECTOR)-0x1.437f0b68b8119p-4);
  q = fused(q, t, (VECTOR)0x1.eeea7dc8a769ap-3);
  q = fused(q, t, (VECTOR)-0x1.b57034efd3f8fp-2);
  q = fused(q, t, (VECTOR)0x1.058671b52c776p-2);
  VECTOR large = fused(-exp_sum(-z, -fused(a, a, -z)), q, (VECTOR)1.0);
  return nan_if(x, with_sign(a < (VECTOR)0.9 ? small : large, x));
}

/// sin and cos of h + l, |h| ≤ π/4 + a little.
INLINE void circular(VECTOR h, VECTOR l, VECTOR *sine, VECTOR *cosine) {
  VECTOR z = h * h;
  VECTOR p = (VECTOR)0x1.952c77030ad4ap-49;
  p = fused(p, z, (VECTOR)-0x1.ae7f3e733b81fp-41);
  p = fused(p, z, (VECTOR)0x1.6124613a86d09p-33);
  p = fused(p, z, (VECTOR)-0x1.ae64567f544e4p-26);
  p = fused(p, z, (VECTOR)0x1.71de3a556c734p-19);
  p = fused(p, z, (VECTOR)-0x1.a01a01a01a01ap-13);
  p = fused(p, z, (VECTOR)0x1.1111111111111p-7);
  p = fused(p, z, (VECTOR)-0x1.5555555555555p-3);
  // sin(h + l) = h + (h³P + l(1 − h²/2))
  *sine = h + fused(h * z, p, fused(l, -0.5 * z, l));
  VECTOR q = (VECTOR)-0x1.6827863b97d97p-53;
  q = fused(q, z, (VECTOR)0x1.ae7f3e733b81fp-45);
  q = fused(q, z, (VECTOR)-0x1.93974a8c07c9dp-37);
  q = fused(q, z, (VECTOR)0x1.1eed8eff8d898p-29);
  q = fused(q, z, (VECTOR)-0x1.27e4fb7789f5cp-22);
  q = fused(q, z, (VECTOR)0x1.a01a01a01a01ap-16);
  q = fused(q, z, (VECTOR)-0x1.6c16c16c16c17p-10);
  q = fused(q, z, (VECTOR)0x1.5555555555555p-5);
  // cos(h + l) = 1 − h²/2 + (h⁴Q − h·l)
  VECTOR half = 0.5 * z;
  VECTOR w = 1.0 - half;
  VECTOR rest = (1.0 - w) - half - 0.5 * fused(h, h, -z);
  *cosine = w + (rest + fused(z * z, q, -(h * l)));
}

/// x = quadrant·π/2 + h + l. Cody and Waite's subtraction below 2³⁰, where the first product is
/// exact in a fused multiply-add; above, 2/π in 1,344 bits (Payne & Hanek, SIGNUM 18, 1983).
INLINE void reduced(VECTOR x, INTEGERS *quadrant, VECTOR *h, VECTOR *l) {
  VECTOR n = nearest(clamped(x, -0x1p31, 0x1p31) * 0x1.45f306dc9c883p-1);
  VECTOR r = fused(n, (VECTOR)-0x1.921fb54442d18p+0, x);
  VECTOR product = n * 0x1.1a62633145c07p-54;
  VECTOR low = fused(n, (VECTOR)0x1.1a62633145c07p-54, -product);
  VECTOR rest;
  two_sum(r, -product, h, &rest);
  *l = rest - fused(n, (VECTOR)-0x1.f1976b7ed8fbcp-110, low);
  *quadrant = (INTEGERS)(n + 0x1.8p52);
  INTEGERS large = absolute(x) >= (VECTOR)0x1p30;
  if (__builtin_reduce_or(large)) {
    for (int i = 0; i < (int)(sizeof(VECTOR) / 8); i++) {
      if (!large[i]) continue;
      double high = 0, tail = 0;
      (*quadrant)[i] = reduced_large(x[i], &high, &tail);
      (*h)[i] = high;
      (*l)[i] = tail;
    }
  }
}

INLINE VECTOR sin_of(VECTOR x) {
  INTEGERS n;
  VECTOR h, l, sine, cosine;
  reduced(x, &n, &h, &l);
  circular(h, l, &sine, &cosine);
  VECTOR r = (n & 1) != 0 ? cosine : sine;
  r = (VECTOR)((INTEGERS)r ^ ((n & 2) << 62));
  r = absolute(x) < (VECTOR)0x1p-30 ? x : r;
  return x - x == (VECTOR)0.0 ? r : (VECTOR)__builtin_nan("");
}

INLINE VECTOR cos_of(VECTOR x) {
  INTEGERS n;
  VECTOR h, l, sine, cosine;
  reduced(x, &n, &h, &l);
  circular(h, l, &sine, &cosine);
  VECTOR r = (n & 1) != 0 ? sine : cosine;
  r = (VECTOR)((INTEGERS)r ^ (((n + 1) & 2) << 62));
  return x - x == (VECTOR)0.0 ? r : (VECTOR)__builtin_nan("");
}

#include "arc.h"

#undef VECTOR
#undef INTEGERS
