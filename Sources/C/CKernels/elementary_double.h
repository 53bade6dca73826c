// Elementary functions in double precision: at most 1 ulp, for vectors of any number of lanes.
//
// Included with V (a vector of doubles), I (of as many 64-bit integers) and F(name). Intermediate
// results are unevaluated sums of two doubles, h + l, wherever their rounding would show. Series
// are Taylor's, but for erf's two, which are minimax polynomials.

/// a + b exactly, as s + e. Source: Knuth, TAOCP 2, §4.2.2, theorem B.
INLINE void F(two_sum)(V a, V b, V *s, V *e) {
  V sum = a + b;
  V t = sum - a;
  *e = (a - (sum - t)) + (b - t);
  *s = sum;
}

/// As above where |a| ≥ |b| or a = 0. Source: Dekker, Numer. Math. 18 (1971).
INLINE void F(fast_sum)(V a, V b, V *s, V *e) {
  V sum = a + b;
  *e = b - (sum - a);
  *s = sum;
}

/// The nearest whole number, ties to even; |x| < 2⁵¹.
INLINE V F(nearest)(V x) { return (x + 0x1.8p52) - 0x1.8p52; }

/// 2ᵏ for a whole number k in −1022…1023.
INLINE V F(power_of_two)(V k) {
  I bits = (I)(k + 0x1.8p52);
  return (V)((bits + 1023) << 52);
}

/// v·2ᵏ for k in −2044…2046: rounded once at most.
INLINE V F(scaled)(V v, V k) {
  V half = F(nearest)(k * 0.5);
  return v * F(power_of_two)(half) * F(power_of_two)(k - half);
}

INLINE V F(absolute)(V x) { return (V)((I)x & INT64_MAX); }
INLINE V F(with_sign)(V magnitude, V sign) {
  return (V)((I)magnitude | ((I)sign & INT64_MIN));
}
INLINE V F(clamped)(V x, double low, double high) {
  x = x > (V)high ? (V)high : x;
  return x < (V)low ? (V)low : x;
}
INLINE V F(not_a_number)(void) { return (V)__builtin_nan(""); }
INLINE V F(nan_if)(V x, V r) { return x == x ? r : F(not_a_number)(); }

/// e^(x + d) = 2ᵏ(1 + h + l), |h| ≤ 0.35, |l| ≤ 0.08; |x| ≤ 1000, |d| small beside 1.
///
/// h + l is right to 2⁻⁵⁷ absolutely, and to 2⁻⁵⁵ of itself.
INLINE void F(exp_parts)(V x, V d, V *k, V *h, V *l) {
  V n = F(nearest)(x * 0x1.71547652b82fep+0);
  V r = fused(n, (V)-0x1.62e42fee00000p-1, x);  // exact: the constant ends in 21 zero bits
  V rest, tail;
  F(two_sum)(r, fused(n, (V)-0x1.a39ef35793c76p-33, d), &r, &rest);
  tail = fused(rest, r, rest);
  V q = (V)0x1.93974a8c07c9dp-37;
  q = fused(q, r, (V)0x1.6124613a86d09p-33);
  q = fused(q, r, (V)0x1.1eed8eff8d898p-29);
  q = fused(q, r, (V)0x1.ae64567f544e4p-26);
  q = fused(q, r, (V)0x1.27e4fb7789f5cp-22);
  q = fused(q, r, (V)0x1.71de3a556c734p-19);
  q = fused(q, r, (V)0x1.a01a01a01a01ap-16);
  q = fused(q, r, (V)0x1.a01a01a01a01ap-13);
  q = fused(q, r, (V)0x1.6c16c16c16c17p-10);
  q = fused(q, r, (V)0x1.1111111111111p-7);
  q = fused(q, r, (V)0x1.5555555555555p-5);
  q = fused(q, r, (V)0x1.5555555555555p-3);
  q = fused(q, r, (V)0.5);
  *k = n;
  *h = r;
  *l = fused(r * r, q, tail);
}

/// e^(x + d), d a small correction.
INLINE V F(exp_sum)(V x, V d) {
  V k, h, l, s, e;
  F(exp_parts)(F(clamped)(x, -1000, 1000), d, &k, &h, &l);
  F(fast_sum)((V)1.0, h, &s, &e);
  return F(nan_if)(x, F(scaled)(s + (e + l), k));
}

INLINE V F(exp)(V x) { return F(exp_sum)(x, (V)0.0); }

/// e^x − 1 = 2ᵏ(s + t) with |t| ≪ |s|; −60 ≤ x ≤ 1000.
INLINE void F(expm1_parts)(V x, V *k, V *s, V *t) {
  V h, l, one, rest, e;
  F(exp_parts)(x, (V)0.0, k, &h, &l);
  V negative = F(clamped)(-*k, -1022, 1022);
  F(two_sum)((V)1.0, -F(power_of_two)(negative), &one, &rest);
  F(two_sum)(one, h, &h, &e);
  F(fast_sum)(h, l + (e + rest), s, t);
}

INLINE V F(expm1)(V x) {
  V k, s, t;
  F(expm1_parts)(F(clamped)(x, -60, 1000), &k, &s, &t);
  V r = F(scaled)(s + t, k);
  r = F(absolute)(x) < (V)0x1p-54 ? x : r;
  return F(nan_if)(x, r);
}

/// log(u + c + d) = h + l, right to 2⁻⁵⁹ of itself; u normal, positive; |c| ≤ ulp(u)/2 or u = 1, and
/// |d| ≤ ulp(c)/2.
///
/// u = 2ᵏm with m in [√½, √2); log m = 2 artanh s, s = (m − 1)/(m + 1).
INLINE void F(log_parts)(V u, V c, V d, V *h, V *l) {
  I bits = (I)u;
  I n = (bits - 0x3fe6a09e667f3bcd) >> 52;
  V m = (V)(bits - (n << 52));
  V k = (V)(n + 0x4338000000000000) - 0x1.8p52;
  V unit = F(power_of_two)(F(clamped)(-k, -1022, 1022));
  V f, rest, below, e;
  F(two_sum)(m - 1.0, c * unit, &f, &rest);
  rest = fused(d, unit, rest);
  F(fast_sum)((V)2.0, f, &below, &e);
  e += rest;
  V inverse = 1.0 / below;
  V s = f * inverse;
  V t = (fused(-s, below, f) + (rest - s * e)) * inverse;
  V z = s * s;
  V p = (V)0x1.642c8590b2164p-4;
  p = fused(p, z, (V)0x1.8618618618618p-4);
  p = fused(p, z, (V)0x1.af286bca1af28p-4);
  p = fused(p, z, (V)0x1.e1e1e1e1e1e1ep-4);
  p = fused(p, z, (V)0x1.1111111111111p-3);
  p = fused(p, z, (V)0x1.3b13b13b13b14p-3);
  p = fused(p, z, (V)0x1.745d1745d1746p-3);
  p = fused(p, z, (V)0x1.c71c71c71c71cp-3);
  p = fused(p, z, (V)0x1.2492492492492p-2);
  p = fused(p, z, (V)0x1.999999999999ap-2);
  p = fused(p, z, (V)0x1.5555555555555p-1);
  V low = fused(s * z, p, 2.0 * t);
  V high = k * 0x1.62e42fee00000p-1;  // exact
  F(fast_sum)(high, 2.0 * s, &high, &e);
  F(fast_sum)(high, e + fused(k, (V)0x1.a39ef35793c76p-33, low), h, l);
}

INLINE V F(log_specials)(V x, V r) {
  r = x == (V)0.0 ? (V)-__builtin_inf() : r;
  r = x == (V)__builtin_inf() ? x : r;
  return x >= (V)0.0 ? r : F(not_a_number)();
}

/// log x for x > 0 as h + l.
INLINE void F(log_pair)(V x, V *h, V *l) {
  I small = x < (V)0x1p-1022;
  F(log_parts)(small ? x * 0x1p54 : x, (V)0.0, (V)0.0, h, l);
  V e;
  F(two_sum)(*h, small ? (V)-0x1.2b708872320e2p+5 : (V)0.0, h, &e);  // −54 log 2 and its rest
  *l += e + (small ? (V)0x1.570da7e077bcbp-50 : (V)0.0);
}

INLINE V F(log)(V x) {
  V h, l;
  F(log_pair)(x, &h, &l);
  return F(log_specials)(x, h + l);
}

/// log(1 + x + d) as h + l, for 1 + x > 0 and |d| small beside x.
INLINE void F(log1p_parts)(V x, V d, V *h, V *l) {
  V u, c;
  F(two_sum)((V)1.0, x, &u, &c);
  F(log_parts)(u, c, d, h, l);
}

INLINE V F(log1p)(V x) {
  V h, l;
  V c = F(clamped)(x, -0.9999999999999999, 0x1p1023);
  F(log1p_parts)(c, (V)0.0, &h, &l);
  V r = F(absolute)(x) < (V)0x1p-54 ? x : h + l;
  r = x == (V)-1.0 ? (V)-__builtin_inf() : r;
  r = x > (V)0x1p1023 ? F(log)(x) : r;
  return x >= (V)-1.0 ? r : F(not_a_number)();
}

/// (a + b)/(c + d), |b| ≪ |a|, |d| ≪ |c|.
INLINE V F(quotient)(V a, V b, V c, V d) {
  V inverse = 1.0 / c;
  V q = a * inverse;
  return q + (fused(-q, c, a) + (b - q * d)) * inverse;
}

INLINE V F(tanh)(V x) {
  V a = F(absolute)(x);
  V k, s, t, d, e;
  F(expm1_parts)(F(clamped)(2.0 * a, 0, 44), &k, &s, &t);
  V scale = F(power_of_two)(k);
  s *= scale;
  t *= scale;
  F(two_sum)((V)2.0, s, &d, &e);
  V r = F(quotient)(s, t, d, e + t);
  r = a < (V)0x1p-30 ? a : r;
  return F(nan_if)(x, F(with_sign)(r, x));
}

/// e^(−|x|) = 2ᵏ(h + l), and 1 + that as c + d.
INLINE void F(one_plus_exp)(V x, V *k, V *h, V *l, V *c, V *d) {
  V r, s, e;
  F(exp_parts)(F(clamped)(-F(absolute)(x), -1000, 0), (V)0.0, k, &r, l);
  F(fast_sum)((V)1.0, r, &s, &e);
  F(fast_sum)(s, e + *l, h, l);
  V scale = F(power_of_two)(F(clamped)(*k, -1000, 1));
  F(two_sum)((V)1.0, *h * scale, c, &e);
  *d = fused(*l, scale, e);
}

INLINE V F(logistic)(V x) {
  V k, h, l, c, d;
  F(one_plus_exp)(x, &k, &h, &l, &c, &d);
  I positive = x >= (V)0.0;
  V r = F(quotient)(positive ? (V)1.0 : h, positive ? (V)0.0 : l, c, d);
  return F(nan_if)(x, F(scaled)(r, positive ? (V)0.0 : k));
}

INLINE V F(softplus)(V x) {
  V k, h, l, s, e;
  V a = F(clamped)(-F(absolute)(x), -100, 0);
  F(exp_parts)(a, (V)0.0, &k, &h, &l);
  F(fast_sum)((V)1.0, h, &s, &e);
  F(fast_sum)(s, e + l, &h, &l);
  V scale = F(power_of_two)(k);
  F(log1p_parts)(h * scale, l * scale, &h, &l);
  V positive = x > (V)0.0 ? x : (V)0.0;
  F(two_sum)(positive, h, &s, &e);
  V r = s + (e + l);
  r = x < (V)-60.0 ? F(exp)(x) : r;
  r = x > (V)60.0 ? x : r;
  return F(nan_if)(x, r);
}

/// |x| < 0.9: x·2/√π + x³P(x²). Above: 1 − e^(−x²)·R((x − 2)/(x + 2)).
///
/// P and R are minimax for x² in [0, 1] and for x in [0.82, 6], right to 2⁻⁵⁹ of erf.
INLINE V F(erf)(V x) {
  V a = F(clamped)(F(absolute)(x), 0, 6);
  V z = a * a;
  V p = (V)0x1.0fb2efcc114eep-34;
  p = fused(p, z, (V)-0x1.3c2c97a47d62dp-30);
  p = fused(p, z, (V)0x1.f8d8a0d1d252bp-27);
  p = fused(p, z, (V)-0x1.5f39909e0131bp-23);
  p = fused(p, z, (V)0x1.b9e23c89e4441p-20);
  p = fused(p, z, (V)-0x1.f4d21f9d7b564p-17);
  p = fused(p, z, (V)0x1.f9a324e4cfcc1p-14);
  p = fused(p, z, (V)-0x1.c02db3f4a282bp-11);
  p = fused(p, z, (V)0x1.565bcd0e44088p-8);
  p = fused(p, z, (V)-0x1.b82ce31288329p-6);
  p = fused(p, z, (V)0x1.ce2f21a042bd7p-4);
  p = fused(p, z, (V)-0x1.812746b0379e7p-2);
  V h = a * 0x1.20dd750429b6dp+0;
  V l = fused(a, (V)0x1.20dd750429b6dp+0, -h);
  V cube = a * z;
  V rest = fused(a, z, -cube) + a * fused(a, a, -z);
  V small = h + fused(cube, p, fused(rest, p, fused(a, (V)0x1.1ae3a914fed80p-56, l)));
  // Of the smallest numbers the corrections would be lost below the normal range.
  small = a < (V)0x1p-960 ? h : small;
  V t = (a - 2.0) / (a + 2.0);
  V q = (V)-0x1.716e7f6684a35p-19;
  q = fused(q, t, (V)-0x1.0d73f53c1e20fp-16);
  q = fused(q, t, (V)-0x1.d40d017c9b2f1p-16);
  q = fused(q, t, (V)0x1.d05645fc10eebp-16);
  q = fused(q, t, (V)0x1.6dd0f1054fc8cp-13);
  q = fused(q, t, (V)0x1.6d6d9a4436bfdp-15);
  q = fused(q, t, (V)-0x1.016b82525480ap-10);
  q = fused(q, t, (V)-0x1.bc25b65d0e75bp-11);
  q = fused(q, t, (V)0x1.ca95ed4ac19ddp-8);
  q = fused(q, t, (V)0x1.e94715a6f2d13p-9);
  q = fused(q, t, (V)-0x1.437f0b68b8119p-4);
  q = fused(q, t, (V)0x1.eeea7dc8a769ap-3);
  q = fused(q, t, (V)-0x1.b57034efd3f8fp-2);
  q = fused(q, t, (V)0x1.058671b52c776p-2);
  V large = fused(-F(exp_sum)(-z, -fused(a, a, -z)), q, (V)1.0);
  return F(nan_if)(x, F(with_sign)(a < (V)0.9 ? small : large, x));
}

/// sin and cos of h + l, |h| ≤ π/4 + a little.
INLINE void F(circular)(V h, V l, V *sine, V *cosine) {
  V z = h * h;
  V p = (V)0x1.952c77030ad4ap-49;
  p = fused(p, z, (V)-0x1.ae7f3e733b81fp-41);
  p = fused(p, z, (V)0x1.6124613a86d09p-33);
  p = fused(p, z, (V)-0x1.ae64567f544e4p-26);
  p = fused(p, z, (V)0x1.71de3a556c734p-19);
  p = fused(p, z, (V)-0x1.a01a01a01a01ap-13);
  p = fused(p, z, (V)0x1.1111111111111p-7);
  p = fused(p, z, (V)-0x1.5555555555555p-3);
  // sin(h + l) = h + (h³P + l(1 − h²/2))
  *sine = h + fused(h * z, p, fused(l, -0.5 * z, l));
  V q = (V)-0x1.6827863b97d97p-53;
  q = fused(q, z, (V)0x1.ae7f3e733b81fp-45);
  q = fused(q, z, (V)-0x1.93974a8c07c9dp-37);
  q = fused(q, z, (V)0x1.1eed8eff8d898p-29);
  q = fused(q, z, (V)-0x1.27e4fb7789f5cp-22);
  q = fused(q, z, (V)0x1.a01a01a01a01ap-16);
  q = fused(q, z, (V)-0x1.6c16c16c16c17p-10);
  q = fused(q, z, (V)0x1.5555555555555p-5);
  // cos(h + l) = 1 − h²/2 + (h⁴Q − h·l)
  V half = 0.5 * z;
  V w = 1.0 - half;
  V rest = (1.0 - w) - half - 0.5 * fused(h, h, -z);
  *cosine = w + (rest + fused(z * z, q, -(h * l)));
}

/// x = quadrant·π/2 + h + l. Cody and Waite's subtraction below 2³⁰, where the first product is
/// exact in a fused multiply-add; above, 2/π in 1,344 bits (Payne & Hanek, SIGNUM 18, 1983).
INLINE void F(reduced)(V x, I *quadrant, V *h, V *l) {
  V n = F(nearest)(F(clamped)(x, -0x1p31, 0x1p31) * 0x1.45f306dc9c883p-1);
  V r = fused(n, (V)-0x1.921fb54442d18p+0, x);
  V product = n * 0x1.1a62633145c07p-54;
  V low = fused(n, (V)0x1.1a62633145c07p-54, -product);
  V rest;
  F(two_sum)(r, -product, h, &rest);
  *l = rest - fused(n, (V)-0x1.f1976b7ed8fbcp-110, low);
  *quadrant = (I)(n + 0x1.8p52);
  I large = F(absolute)(x) >= (V)0x1p30;
  if (__builtin_reduce_or(large)) {
    for (int i = 0; i < (int)(sizeof(V) / 8); i++) {
      if (!large[i]) continue;
      double high = 0, tail = 0;
      (*quadrant)[i] = reduced_large(x[i], &high, &tail);
      (*h)[i] = high;
      (*l)[i] = tail;
    }
  }
}

INLINE V F(sin)(V x) {
  I n;
  V h, l, sine, cosine;
  F(reduced)(x, &n, &h, &l);
  F(circular)(h, l, &sine, &cosine);
  V r = (n & 1) != 0 ? cosine : sine;
  r = (V)((I)r ^ ((n & 2) << 62));
  r = F(absolute)(x) < (V)0x1p-30 ? x : r;
  return x - x == (V)0.0 ? r : F(not_a_number)();
}

INLINE V F(cos)(V x) {
  I n;
  V h, l, sine, cosine;
  F(reduced)(x, &n, &h, &l);
  F(circular)(h, l, &sine, &cosine);
  V r = (n & 1) != 0 ? sine : cosine;
  r = (V)((I)r ^ (((n + 1) & 2) << 62));
  return x - x == (V)0.0 ? r : F(not_a_number)();
}
