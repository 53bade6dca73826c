// Products of many small matrices at once; included after product.h.

/// A tile of `rows` by `columns` elements, of as many matrices as a vector has lanes.
INLINE void interleaved_tile(size_t k, int rows, int columns, const REAL *a, const size_t *a_steps,
                             const REAL *b, const size_t *b_steps, int32_t manner, REAL *c,
                             size_t c_step, size_t width) {
  VECTOR s[2][4];
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++)
      s[i][j] = manner == BITLAW_INTERLEAVED_ZERO
                    ? ALL(0)
                    : loaded(c + (size_t)i * c_step + (size_t)j * width);
  for (size_t p = 0; p < k; p++) {
    VECTOR x[2], y[4];
    for (int i = 0; i < rows; i++) {
      x[i] = loaded(a + (size_t)i * a_steps[0] + p * a_steps[1]);
      x[i] = manner == BITLAW_INTERLEAVED_LESS ? -x[i] : x[i];
    }
    for (int j = 0; j < columns; j++) y[j] = loaded(b + p * b_steps[0] + (size_t)j * b_steps[1]);
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < columns; j++) s[i][j] = fused(x[i], y[j], s[i][j]);
  }
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++) store(c + (size_t)i * c_step + (size_t)j * width, s[i][j]);
}

/// Each of `width` matrices: c[i,j] = the chain over p of fma(±a[i,p], b[p,j], ·), nothing crosses lanes.
///
/// Element (i, j) of matrix l stands at (i·columns + j)·width + l; steps are of rows and of columns, in
/// elements. The width is a multiple of 16.
static void KERNEL(interleaved)(size_t m, size_t n, size_t k, size_t width, const REAL *a,
                                const size_t *a_steps, const REAL *b, const size_t *b_steps,
                                int32_t manner, REAL *c) {
  for (size_t l = 0; l < width; l += LANES)
    for (size_t i = 0; i < m; i += 2)
      for (size_t j = 0; j < n; j += 4) {
        const REAL *x = a + i * a_steps[0] + l, *y = b + j * b_steps[1] + l;
        REAL *z = c + (i * n + j) * width + l;
        int rows = m - i < 2 ? 1 : 2, columns = n - j < 4 ? (int)(n - j) : 4;
#define TILE(R, C)                                                                                 \
  if (rows == R && columns == C)                                                                   \
    interleaved_tile(k, R, C, x, a_steps, y, b_steps, manner, z, n * width, width);
        TILE(2, 4) TILE(2, 3) TILE(2, 2) TILE(2, 1) TILE(1, 4) TILE(1, 3) TILE(1, 2) TILE(1, 1)
#undef TILE
      }
}
