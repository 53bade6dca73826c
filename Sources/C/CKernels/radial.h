// Covariances of pairs of points that their distance alone decides, in doubles; included once a variant.

INLINE vd radial_squared(vd s) { return exp_of(-0.5 * s); }
INLINE vd radial_matern12(vd s) { return exp_of(-__builtin_elementwise_sqrt(s)); }
INLINE vd radial_matern32(vd s) {
  vd t = __builtin_elementwise_sqrt(s) * 0x1.bb67ae8584caap+0;
  return (t + 1.0) * exp_of(-t);
}
INLINE vd radial_matern52(vd s) {
  vd t = __builtin_elementwise_sqrt(s) * 0x1.1e3779b97f4a8p+1;
  return fused(t, fused(t, (vd)0x1.5555555555555p-2, (vd)1.0), (vd)1.0) * exp_of(-t);
}

/// s, the squared distance of a point and n points in columns: a chain of fma(δ, δ, ·) over the coordinates.
INLINE vd distances(size_t d, const double *x, const double *y, size_t stride, size_t n) {
  vd s = (vd)0.0;
  for (size_t c = 0; c < d; c++) {
    vd delta = (vd)x[c] - (n == VD ? loaded(y + c * stride) : partial(y + c * stride, n));
    s = fused(delta, delta, s);
  }
  return s;
}

#define RADIAL(name)                                                                               \
  static void rows_##name(size_t m, size_t n, size_t d, const double *x, const double *y,          \
                          size_t y_stride, double *out, size_t stride) {                           \
    for (size_t i = 0; i < m; i++) {                                                               \
      double *row = out + i * stride;                                                              \
      size_t j = 0;                                                                                \
      for (; j + VD <= n; j += VD)                                                                 \
        store(row + j, radial_##name(distances(d, x + i * d, y + j, y_stride, VD)));               \
      if (j < n)                                                                                   \
        store_partial(row + j, radial_##name(distances(d, x + i * d, y + j, y_stride, n - j)),     \
                      n - j);                                                                      \
    }                                                                                              \
  }
RADIAL(squared)
RADIAL(matern12)
RADIAL(matern32)
RADIAL(matern52)
#undef RADIAL

static void radial(int32_t family, size_t m, size_t n, size_t d, const double *x, const double *y,
                   size_t y_stride, double *out, size_t stride) {
  switch (family) {
  case BITLAW_RADIAL_SQUARED: rows_squared(m, n, d, x, y, y_stride, out, stride); break;
  case BITLAW_RADIAL_MATERN12: rows_matern12(m, n, d, x, y, y_stride, out, stride); break;
  case BITLAW_RADIAL_MATERN32: rows_matern32(m, n, d, x, y, y_stride, out, stride); break;
  default: rows_matern52(m, n, d, x, y, y_stride, out, stride);
  }
}
