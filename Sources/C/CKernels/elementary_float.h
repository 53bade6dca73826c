// Elementary functions in single precision: at most 1 ulp; exp in single precision, the others
// evaluated in double and rounded once, which leaves little over half an ulp.
//
// Included with V (floats), I (32-bit integers), W (as many doubles), J (64-bit integers) and
// F(name), G(name): G names the functions of elementary_double.h for W.

INLINE W F(widened)(V x) { return __builtin_convertvector(x, W); }
INLINE V F(rounded)(W x) { return __builtin_convertvector(x, V); }
INLINE V F(nan_if)(V x, V r) { return x == x ? r : (V)__builtin_nanf(""); }

/// eˣ, all in single precision: the workhorse of softmax.
INLINE V F(exp)(V x) {
  V c = x > (V)130.0f ? (V)130.0f : x;
  c = c < (V)-150.0f ? (V)-150.0f : c;
  V n = (c * 0x1.715476p+0f + 0x1.8p23f) - 0x1.8p23f;
  V whole = fused(n, (V)-0x1.63p-1f, c);  // exact
  V part = n * 0x1.bd0106p-13f;
  V r = whole + part;
  V rest = (whole - r) + part;
  V q = (V)0x1.a01a02p-13f;
  q = fused(q, r, (V)0x1.6c16c2p-10f);
  q = fused(q, r, (V)0x1.111112p-7f);
  q = fused(q, r, (V)0x1.555556p-5f);
  q = fused(q, r, (V)0x1.555556p-3f);
  q = fused(q, r, (V)0.5f);
  V e = 1.0f + (r + fused(r * r, q, rest));
  V half = (n * 0.5f + 0x1.8p23f) - 0x1.8p23f;
  V one = (V)(((I)(half + 0x1.8p23f) + 127) << 23);
  V two = (V)(((I)((n - half) + 0x1.8p23f) + 127) << 23);
  return F(nan_if)(x, e * one * two);
}

/// e^x = 2ᵏ(1 + p), p right to 2⁻³⁴ of itself; |x| ≤ 1000.
INLINE void F(exp_parts)(W x, W *k, W *p) {
  W n = G(nearest)(x * 0x1.71547652b82fep+0);
  W r = fused(n, (W)-0x1.62e42fefa39efp-1, x);
  W q = (W)0x1.71de3a556c734p-19;
  q = fused(q, r, (W)0x1.a01a01a01a01ap-16);
  q = fused(q, r, (W)0x1.a01a01a01a01ap-13);
  q = fused(q, r, (W)0x1.6c16c16c16c17p-10);
  q = fused(q, r, (W)0x1.1111111111111p-7);
  q = fused(q, r, (W)0x1.5555555555555p-5);
  q = fused(q, r, (W)0x1.5555555555555p-3);
  q = fused(q, r, (W)0.5);
  *k = n;
  *p = fused(r * r, q, r);
}

/// e^x, |x| ≤ 1000 (results of this function stay far inside the range of doubles).
INLINE W F(wide_exp)(W x) {
  W k, p;
  F(exp_parts)(x, &k, &p);
  return (1.0 + p) * G(power_of_two)(k);
}

/// e^x − 1, |x| ≤ 700.
INLINE W F(wide_expm1)(W x) {
  W k, p;
  F(exp_parts)(x, &k, &p);
  W scale = G(power_of_two)(k);
  return fused(p, scale, scale - 1.0);
}

/// log(1 + d) scaled: log of u in (0, ∞), with f = u/2ᵏ − 1 + rest.
INLINE W F(wide_log)(W u, W c) {
  J bits = (J)u;
  J n = (bits - 0x3fe6a09e667f3bcd) >> 52;
  W m = (W)(bits - (n << 52));
  W k = (W)(n + 0x4338000000000000) - 0x1.8p52;
  W f = (m - 1.0) + c * G(power_of_two)(-k);
  W s = f / (2.0 + f);
  W z = s * s;
  W p = (W)0x1.1111111111111p-3;
  p = fused(p, z, (W)0x1.3b13b13b13b14p-3);
  p = fused(p, z, (W)0x1.745d1745d1746p-3);
  p = fused(p, z, (W)0x1.c71c71c71c71cp-3);
  p = fused(p, z, (W)0x1.2492492492492p-2);
  p = fused(p, z, (W)0x1.999999999999ap-2);
  p = fused(p, z, (W)0x1.5555555555555p-1);
  return fused(k, (W)0x1.62e42fefa39efp-1, fused(s * z, p, 2.0 * s));
}

INLINE W F(wide_log1p)(W x) {
  W u = 1.0 + x;
  return F(wide_log)(u, x - (u - 1.0));
}

INLINE V F(expm1)(V x) {
  V r = F(rounded)(F(wide_expm1)(G(clamped)(F(widened)(x), -100, 100)));
  return F(nan_if)(x, x == (V)0.0f ? x : r);
}

INLINE V F(log)(V x) {
  V r = F(rounded)(F(wide_log)(F(widened)(x), (W)0.0));
  r = x == (V)0.0f ? (V)-__builtin_inff() : r;
  r = x == (V)__builtin_inff() ? x : r;
  return x >= (V)0.0f ? r : (V)__builtin_nanf("");
}

INLINE V F(log1p)(V x) {
  W w = F(widened)(x > (V)-1.0f ? x : (V)0.0f);
  V r = F(rounded)(F(wide_log1p)(w));
  r = x == (V)0.0f ? x : r;
  r = x == (V)-1.0f ? (V)-__builtin_inff() : r;
  r = x == (V)__builtin_inff() ? x : r;
  return x >= (V)-1.0f ? r : (V)__builtin_nanf("");
}

INLINE V F(tanh)(V x) {
  W w = F(widened)(x);
  W t = F(wide_expm1)(G(clamped)(2.0 * G(absolute)(w), 0, 40));
  return F(nan_if)(x, F(rounded)(G(with_sign)(t / (t + 2.0), w)));
}

INLINE V F(logistic)(V x) {
  W w = F(widened)(x);
  W e = F(wide_exp)(G(clamped)(-G(absolute)(w), -200, 0));
  return F(nan_if)(x, F(rounded)((w >= (W)0.0 ? (W)1.0 : e) / (1.0 + e)));
}

INLINE V F(softplus)(V x) {
  W w = F(widened)(x);
  W e = F(wide_exp)(G(clamped)(-G(absolute)(w), -200, 0));
  return F(nan_if)(x, F(rounded)((w > (W)0.0 ? w : (W)0.0) + F(wide_log1p)(e)));
}

/// The same two ranges as in double precision.
INLINE V F(erf)(V x) {
  W w = F(widened)(x);
  W a = G(clamped)(G(absolute)(w), 0, 4);
  W z = a * a;
  W p = (W)-0x1.57469a8be71eep-17;
  p = fused(p, z, (W)0x1.e07e289a5a670p-14);
  p = fused(p, z, (W)-0x1.be1df772048b0p-11);
  p = fused(p, z, (W)0x1.5645471bc3687p-8);
  p = fused(p, z, (W)-0x1.b82bf72bed44dp-6);
  p = fused(p, z, (W)0x1.ce2f1dfee6a43p-4);
  p = fused(p, z, (W)-0x1.812746ade16b2p-2);
  W small = a * fused(z, p, (W)0x1.20dd750429b6dp+0);
  W t = (a - 2.0) / (a + 2.0);
  W q = (W)0x1.b3d0287950a7fp-14;
  q = fused(q, t, (W)0x1.df7ea473814fcp-8);
  q = fused(q, t, (W)0x1.edc82fde37c45p-9);
  q = fused(q, t, (W)-0x1.4381f8b77b47fp-4);
  q = fused(q, t, (W)0x1.eeea1b18be2cap-3);
  q = fused(q, t, (W)-0x1.b57036ca8d926p-2);
  q = fused(q, t, (W)0x1.058671be0923ap-2);
  W large = fused(-F(wide_exp)(-z), q, (W)1.0);
  return F(nan_if)(x, F(rounded)(G(with_sign)(a < (W)1.0 ? small : large, w)));
}

INLINE V F(sin)(V x) { return F(rounded)(G(sin)(F(widened)(x))); }

INLINE V F(cos)(V x) { return F(rounded)(G(cos)(F(widened)(x))); }
