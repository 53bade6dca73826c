// Arc sine and arc cosine in double precision: at most 1 ulp; included by elementary_double.h.
//
// |x| ≤ ½: x + x³R(x²). Above: π/2 − 2·asin √((1 − x)/2), the root with its rest. R interpolates
// (asin √z/√z − 1)/z at Chebyshev's points of [0, ¼], right to 2⁻⁶¹ of asin.

INLINE VECTOR arc_series(VECTOR z) {
  VECTOR q = (VECTOR)0x1.e529c6fce9bb4p-6;
  q = fused(q, z, (VECTOR)-0x1.3b416bb7d9257p-6);
  q = fused(q, z, (VECTOR)0x1.406192d124629p-6);
  q = fused(q, z, (VECTOR)0x1.8f193743418ffp-9);
  q = fused(q, z, (VECTOR)0x1.31622469ce5adp-7);
  q = fused(q, z, (VECTOR)0x1.3b49de7121487p-7);
  q = fused(q, z, (VECTOR)0x1.7b027ee1dd585p-7);
  q = fused(q, z, (VECTOR)0x1.c990ad3d8fdcap-7);
  q = fused(q, z, (VECTOR)0x1.1c4efce23019fp-6);
  q = fused(q, z, (VECTOR)0x1.6e8ba123e494cp-6);
  q = fused(q, z, (VECTOR)0x1.f1c71c7a52ba3p-6);
  q = fused(q, z, (VECTOR)0x1.6db6db6dac1e0p-5);
  q = fused(q, z, (VECTOR)0x1.3333333333388p-4);
  q = fused(q, z, (VECTOR)0x1.5555555555555p-3);
  return q;
}

/// 2·asin √((1 − |x|)/2) as h + l, for |x| in [½, 1].
INLINE void arc_outer(VECTOR a, VECTOR *h, VECTOR *l) {
  VECTOR z = 0.5 * (1.0 - a);  // exact
  VECTOR s = __builtin_elementwise_sqrt(z);
  VECTOR rest = fused(-s, s, z) / (s + s);
  rest = s > (VECTOR)0.0 ? rest : (VECTOR)0.0;
  *h = 2.0 * s;
  *l = 2.0 * fused(s * z, arc_series(z), rest);
}

INLINE VECTOR asin_of(VECTOR x) {
  VECTOR a = absolute(x);
  VECTOR inner = fused(a * (a * a), arc_series(a * a), a);
  VECTOR h, l, s, e;
  arc_outer(a > (VECTOR)0.5 ? a : (VECTOR)0.5, &h, &l);
  two_sum((VECTOR)0x1.921fb54442d18p+0, -h, &s, &e);
  VECTOR outer = s + (e + ((VECTOR)0x1.1a62633145c07p-54 - l));
  VECTOR r = with_sign(a > (VECTOR)0.5 ? outer : inner, x);
  return a <= (VECTOR)1.0 ? r : (VECTOR)__builtin_nan("");
}

INLINE VECTOR acos_of(VECTOR x) {
  VECTOR a = absolute(x);
  VECTOR p = a * (a * a) * arc_series(a * a);
  VECTOR h, l, s, e, t, f;
  VECTOR signed_p = with_sign(p, x);
  two_sum((VECTOR)0x1.921fb54442d18p+0, -x, &s, &e);
  VECTOR inner = s + (e + ((VECTOR)0x1.1a62633145c07p-54 - signed_p));
  arc_outer(a > (VECTOR)0.5 ? a : (VECTOR)0.5, &h, &l);
  two_sum((VECTOR)0x1.921fb54442d18p+1, -h, &t, &f);
  VECTOR far = t + (f + ((VECTOR)0x1.1a62633145c07p-53 - l));
  VECTOR r = x > (VECTOR)0.5 ? h + l : x < (VECTOR)-0.5 ? far : inner;
  return a <= (VECTOR)1.0 ? r : (VECTOR)__builtin_nan("");
}
