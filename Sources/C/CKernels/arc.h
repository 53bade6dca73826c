// Arc sine and arc cosine in double precision: at most 1 ulp; included like elementary_double.h.
//
// |x| ≤ ½: x + x³R(x²). Above: π/2 − 2·asin √((1 − x)/2), the root with its rest. R interpolates
// (asin √z/√z − 1)/z at Chebyshev's points of [0, ¼], right to 2⁻⁶¹ of asin.

INLINE V F(arc_series)(V z) {
  V q = (V)0x1.e529c6fce9bb4p-6;
  q = fused(q, z, (V)-0x1.3b416bb7d9257p-6);
  q = fused(q, z, (V)0x1.406192d124629p-6);
  q = fused(q, z, (V)0x1.8f193743418ffp-9);
  q = fused(q, z, (V)0x1.31622469ce5adp-7);
  q = fused(q, z, (V)0x1.3b49de7121487p-7);
  q = fused(q, z, (V)0x1.7b027ee1dd585p-7);
  q = fused(q, z, (V)0x1.c990ad3d8fdcap-7);
  q = fused(q, z, (V)0x1.1c4efce23019fp-6);
  q = fused(q, z, (V)0x1.6e8ba123e494cp-6);
  q = fused(q, z, (V)0x1.f1c71c7a52ba3p-6);
  q = fused(q, z, (V)0x1.6db6db6dac1e0p-5);
  q = fused(q, z, (V)0x1.3333333333388p-4);
  q = fused(q, z, (V)0x1.5555555555555p-3);
  return q;
}

/// 2·asin √((1 − |x|)/2) as h + l, for |x| in [½, 1].
INLINE void F(arc_outer)(V a, V *h, V *l) {
  V z = 0.5 * (1.0 - a);  // exact
  V s = __builtin_elementwise_sqrt(z);
  V rest = fused(-s, s, z) / (s + s);
  rest = s > (V)0.0 ? rest : (V)0.0;
  *h = 2.0 * s;
  *l = 2.0 * fused(s * z, F(arc_series)(z), rest);
}

INLINE V F(asin)(V x) {
  V a = F(absolute)(x);
  V inner = fused(a * (a * a), F(arc_series)(a * a), a);
  V h, l, s, e;
  F(arc_outer)(a > (V)0.5 ? a : (V)0.5, &h, &l);
  F(two_sum)((V)0x1.921fb54442d18p+0, -h, &s, &e);
  V outer = s + (e + ((V)0x1.1a62633145c07p-54 - l));
  V r = F(with_sign)(a > (V)0.5 ? outer : inner, x);
  return a <= (V)1.0 ? r : F(not_a_number)();
}

INLINE V F(acos)(V x) {
  V a = F(absolute)(x);
  V p = a * (a * a) * F(arc_series)(a * a);
  V h, l, s, e, t, f;
  V signed_p = F(with_sign)(p, x);
  F(two_sum)((V)0x1.921fb54442d18p+0, -x, &s, &e);
  V inner = s + (e + ((V)0x1.1a62633145c07p-54 - signed_p));
  F(arc_outer)(a > (V)0.5 ? a : (V)0.5, &h, &l);
  F(two_sum)((V)0x1.921fb54442d18p+1, -h, &t, &f);
  V far = t + (f + ((V)0x1.1a62633145c07p-53 - l));
  V r = x > (V)0.5 ? h + l : x < (V)-0.5 ? far : inner;
  return a <= (V)1.0 ? r : F(not_a_number)();
}
