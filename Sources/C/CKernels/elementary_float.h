// Elementary functions in single precision: at most 1 ulp; exp in single precision, the others
// evaluated in double and rounded once, which leaves little over half an ulp.
//
// Included after elementary_double.h with VECTOR (floats), INTEGERS (32-bit integers), WIDE (as many
// doubles) and WIDE_INTEGERS (64-bit integers), which it takes away at its end.

INLINE WIDE widened(VECTOR x) { return __builtin_convertvector(x, WIDE); }
INLINE VECTOR rounded(WIDE x) { return __builtin_convertvector(x, VECTOR); }
INLINE VECTOR nan_if(VECTOR x, VECTOR r) { return x == x ? r : (VECTOR)__builtin_nanf(""); }

/// eˣ, all in single precision: the workhorse of softmax.
INLINE VECTOR exp_of(VECTOR x) {
  VECTOR c = x > (VECTOR)130.0f ? (VECTOR)130.0f : x;
  c = c < (VECTOR)-150.0f ? (VECTOR)-150.0f : c;
  VECTOR n = (c * 0x1.715476p+0f + 0x1.8p23f) - 0x1.8p23f;
  VECTOR whole = fused(n, (VECTOR)-0x1.63p-1f, c);  // exact
  VECTOR part = n * 0x1.bd0106p-13f;
  VECTOR r = whole + part;
  VECTOR rest = (whole - r) + part;
  VECTOR q = (VECTOR)0x1.a01a02p-13f;
  q = fused(q, r, (VECTOR)0x1.6c16c2p-10f);
  q = fused(q, r, (VECTOR)0x1.111112p-7f);
  q = fused(q, r, (VECTOR)0x1.555556p-5f);
  q = fused(q, r, (VECTOR)0x1.555556p-3f);
  q = fused(q, r, (VECTOR)0.5f);
  VECTOR e = 1.0f + (r + fused(r * r, q, rest));
  VECTOR half = (n * 0.5f + 0x1.8p23f) - 0x1.8p23f;
  VECTOR one = (VECTOR)(((INTEGERS)(half + 0x1.8p23f) + 127) << 23);
  VECTOR two = (VECTOR)(((INTEGERS)((n - half) + 0x1.8p23f) + 127) << 23);
  return nan_if(x, e * one * two);
}

/// e^x = 2ᵏ(1 + p), p right to 2⁻³⁴ of itself; |x| ≤ 1000.
INLINE void exp_parts(WIDE x, WIDE *k, WIDE *p) {
  WIDE n = nearest(x * 0x1.71547652b82fep+0);
  WIDE r = fused(n, (WIDE)-0x1.62e42fefa39efp-1, x);
  WIDE q = (WIDE)0x1.71de3a556c734p-19;
  q = fused(q, r, (WIDE)0x1.a01a01a01a01ap-16);
  q = fused(q, r, (WIDE)0x1.a01a01a01a01ap-13);
  q = fused(q, r, (WIDE)0x1.6c16c16c16c17p-10);
  q = fused(q, r, (WIDE)0x1.1111111111111p-7);
  q = fused(q, r, (WIDE)0x1.5555555555555p-5);
  q = fused(q, r, (WIDE)0x1.5555555555555p-3);
  q = fused(q, r, (WIDE)0.5);
  *k = n;
  *p = fused(r * r, q, r);
}

/// e^x, |x| ≤ 1000 (results of this function stay far inside the range of doubles).
INLINE WIDE wide_exp(WIDE x) {
  WIDE k, p;
  exp_parts(x, &k, &p);
  return (1.0 + p) * power_of_two(k);
}

/// e^x − 1, |x| ≤ 700.
INLINE WIDE wide_expm1(WIDE x) {
  WIDE k, p;
  exp_parts(x, &k, &p);
  WIDE scale = power_of_two(k);
  return fused(p, scale, scale - 1.0);
}

/// log(1 + d) scaled: log of u in (0, ∞), with f = u/2ᵏ − 1 + rest.
INLINE WIDE wide_log(WIDE u, WIDE c) {
  WIDE_INTEGERS bits = (WIDE_INTEGERS)u;
  WIDE_INTEGERS n = (bits - 0x3fe6a09e667f3bcd) >> 52;
  WIDE m = (WIDE)(bits - (n << 52));
  WIDE k = (WIDE)(n + 0x4338000000000000) - 0x1.8p52;
  WIDE f = (m - 1.0) + c * power_of_two(-k);
  WIDE s = f / (2.0 + f);
  WIDE z = s * s;
  WIDE p = (WIDE)0x1.1111111111111p-3;
  p = fused(p, z, (WIDE)0x1.3b13b13b13b14p-3);
  p = fused(p, z, (WIDE)0x1.745d1745d1746p-3);
  p = fused(p, z, (WIDE)0x1.c71c71c71c71cp-3);
  p = fused(p, z, (WIDE)0x1.2492492492492p-2);
  p = fused(p, z, (WIDE)0x1.999999999999ap-2);
  p = fused(p, z, (WIDE)0x1.5555555555555p-1);
  return fused(k, (WIDE)0x1.62e42fefa39efp-1, fused(s * z, p, 2.0 * s));
}

INLINE WIDE wide_log1p(WIDE x) {
  WIDE u = 1.0 + x;
  return wide_log(u, x - (u - 1.0));
}

INLINE VECTOR expm1_of(VECTOR x) {
  VECTOR r = rounded(wide_expm1(clamped(widened(x), -100, 100)));
  return nan_if(x, x == (VECTOR)0.0f ? x : r);
}

INLINE VECTOR log_of(VECTOR x) {
  VECTOR r = rounded(wide_log(widened(x), (WIDE)0.0));
  r = x == (VECTOR)0.0f ? (VECTOR)-__builtin_inff() : r;
  r = x == (VECTOR)__builtin_inff() ? x : r;
  return x >= (VECTOR)0.0f ? r : (VECTOR)__builtin_nanf("");
}

INLINE VECTOR log1p_of(VECTOR x) {
  WIDE w = widened(x > (VECTOR)-1.0f ? x : (VECTOR)0.0f);
  VECTOR r = rounded(wide_log1p(w));
  r = x == (VECTOR)0.0f ? x : r;
  r = x == (VECTOR)-1.0f ? (VECTOR)-__builtin_inff() : r;
  r = x == (VECTOR)__builtin_inff() ? x : r;
  return x >= (VECTOR)-1.0f ? r : (VECTOR)__builtin_nanf("");
}

INLINE VECTOR tanh_of(VECTOR x) {
  WIDE w = widened(x);
  WIDE t = wide_expm1(clamped(2.0 * absolute(w), 0, 40));
  return nan_if(x, rounded(with_sign(t / (t + 2.0), w)));
}

INLINE VECTOR logistic_of(VECTOR x) {
  WIDE w = widened(x);
  WIDE e = wide_exp(clamped(-absolute(w), -200, 0));
  return nan_if(x, rounded((w >= (WIDE)0.0 ? (WIDE)1.0 : e) / (1.0 + e)));
}

INLINE VECTOR softplus_of(VECTOR x) {
  WIDE w = widened(x);
  WIDE e = wide_exp(clamped(-absolute(w), -200, 0));
  return nan_if(x, rounded((w > (WIDE)0.0 ? w : (WIDE)0.0) + wide_log1p(e)));
}

/// The same two ranges as in double precision.
INLINE VECTOR erf_of(VECTOR x) {
  WIDE w = widened(x);
  WIDE a = clamped(absolute(w), 0, 4);
  WIDE z = a * a;
  WIDE p = (WIDE)-0x1.57469a8be71eep-17;
  p = fused(p, z, (WIDE)0x1.e07e289a5a670p-14);
  p = fused(p, z, (WIDE)-0x1.be1df772048b0p-11);
  p = fused(p, z, (WIDE)0x1.5645471bc3687p-8);
  p = fused(p, z, (WIDE)-0x1.b82bf72bed44dp-6);
  p = fused(p, z, (WIDE)0x1.ce2f1dfee6a43p-4);
  p = fused(p, z, (WIDE)-0x1.812746ade16b2p-2);
  WIDE small = a * fused(z, p, (WIDE)0x1.20dd750429b6dp+0);
  WIDE t = (a - 2.0) / (a + 2.0);
  WIDE q = (WIDE)0x1.b3d0287950a7fp-14;
  q = fused(q, t, (WIDE)0x1.df7ea473814fcp-8);
  q = fused(q, t, (WIDE)0x1.edc82fde37c45p-9);
  q = fused(q, t, (WIDE)-0x1.4381f8b77b47fp-4);
  q = fused(q, t, (WIDE)0x1.eeea1b18be2cap-3);
  q = fused(q, t, (WIDE)-0x1.b57036ca8d926p-2);
  q = fused(q, t, (WIDE)0x1.058671be0923ap-2);
  WIDE large = fused(-wide_exp(-z), q, (WIDE)1.0);
  return nan_if(x, rounded(with_sign(a < (WIDE)1.0 ? small : large, w)));
}

INLINE VECTOR sin_of(VECTOR x) { return rounded(sin_of(widened(x))); }

INLINE VECTOR cos_of(VECTOR x) { return rounded(cos_of(widened(x))); }

#undef VECTOR
#undef INTEGERS
#undef WIDE
#undef WIDE_INTEGERS
