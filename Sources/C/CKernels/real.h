// Kernels over arrays of one scalar type; included twice a variant.
//
// Included with T (scalar), V (vector), I (integers beside it), L (lanes of V), ROWS and COLUMNS
// (register tile, columns in vectors), JOB, E(name) (elementary functions for V), O(name) (for one
// lane, type ONE) and K(name), which names what is defined here.
//
// Sums have 32 lanes: element i goes to lane i mod 32 in ascending order; then lane j takes up lane
// j + 16, j + 8, j + 4, j + 2, j + 1. The lanes lie in 32/L vectors.

#define GROUPS (32 / L)

INLINE V K(loaded)(const T *p) {
  V v;
  load(&v, p);
  return v;
}

/// The first n < L elements, the others 0.
INLINE V K(partial)(const T *p, size_t n) {
  T buffer[L] = {0};
  for (size_t i = 0; i < n; i++) buffer[i] = p[i];
  return K(loaded)(buffer);
}

INLINE void K(store_partial)(T *p, V v, size_t n) {
  T buffer[L];
  store(buffer, v);
  for (size_t i = 0; i < n; i++) p[i] = buffer[i];
}

/// The end of every sum.
INLINE T K(folded)(const V *lanes) {
  T sums[32];
  for (int g = 0; g < GROUPS; g++) store(sums + g * L, lanes[g]);
  for (int width = 16; width > 0; width /= 2) {
#pragma clang loop unroll(full)
    for (int i = 0; i < width; i++) sums[i] += sums[i + width];
  }
  return sums[0];
}

static T K(sum)(size_t n, const T *x) {
  V lanes[GROUPS];
  for (int g = 0; g < GROUPS; g++) lanes[g] = (V)(T)0;
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
#pragma clang loop unroll(full)
    for (int g = 0; g < GROUPS; g++) lanes[g] += K(loaded)(x + i + g * L);
  }
  if (i < n) {
    T rest[32] = {0};
    // A lane without an element keeps its bits: −0 + 0 cannot arise, for lanes start at +0.
    for (size_t j = i; j < n; j++) rest[j - i] = x[j];
    for (int g = 0; g < GROUPS; g++) lanes[g] += K(loaded)(rest + g * L);
  }
  return K(folded)(lanes);
}

INLINE T K(inner)(size_t n, const T *x, const T *y) {
  V lanes[GROUPS];
  for (int g = 0; g < GROUPS; g++) lanes[g] = (V)(T)0;
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
#pragma clang loop unroll(full)
    for (int g = 0; g < GROUPS; g++)
      lanes[g] = fused(K(loaded)(x + i + g * L), K(loaded)(y + i + g * L), lanes[g]);
  }
  if (i < n) {
    T a[32] = {0}, b[32] = {0};
    for (size_t j = i; j < n; j++) a[j - i] = x[j], b[j - i] = y[j];
    for (int g = 0; g < GROUPS; g++)
      lanes[g] = fused(K(loaded)(a + g * L), K(loaded)(b + g * L), lanes[g]);
  }
  return K(folded)(lanes);
}

static T K(dot)(size_t n, const T *x, const T *y) { return K(inner)(n, x, y); }

/// The greatest element; −∞ of nothing; unspecified (but fixed) where an element is NaN.
static T K(maximum)(size_t n, const T *x) {
  V lanes[GROUPS];
  for (int g = 0; g < GROUPS; g++) lanes[g] = (V)(T)-__builtin_inf();
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
#pragma clang loop unroll(full)
    for (int g = 0; g < GROUPS; g++) {
      V v = K(loaded)(x + i + g * L);
      lanes[g] = v > lanes[g] ? v : lanes[g];
    }
  }
  T most = (T)-__builtin_inf(), all[32];
  for (int g = 0; g < GROUPS; g++) store(all + g * L, lanes[g]);
  for (int j = 0; j < 32; j++) most = all[j] > most ? all[j] : most;
  for (; i < n; i++) most = x[i] > most ? x[i] : most;
  return most;
}

static void K(row_sums)(size_t rows, size_t columns, const T *x, size_t stride, T *sums) {
  for (size_t r = 0; r < rows; r++) sums[r] = K(sum)(columns, x + r * stride);
}

/// One chain of additions over the rows, ascending, for each column.
static void K(column_sums)(size_t rows, size_t columns, const T *x, size_t stride, int32_t adds,
                           T *sums) {
  size_t j = 0;
  for (; j + 4 * L <= columns; j += 4 * L) {
    V s[4];
    for (int g = 0; g < 4; g++) s[g] = adds ? K(loaded)(sums + j + g * L) : (V)(T)0;
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
      for (int g = 0; g < 4; g++) s[g] += K(loaded)(x + r * stride + j + g * L);
    }
    for (int g = 0; g < 4; g++) store(sums + j + g * L, s[g]);
  }
  for (; j + L <= columns; j += L) {
    V s = adds ? K(loaded)(sums + j) : (V)(T)0;
    for (size_t r = 0; r < rows; r++) s += K(loaded)(x + r * stride + j);
    store(sums + j, s);
  }
  for (; j < columns; j++) {
    T s = adds ? sums[j] : (T)0;
    for (size_t r = 0; r < rows; r++) s += x[r * stride + j];
    sums[j] = s;
  }
}

/// y[i] = a sum of 32 lanes, each a chain of fused multiply-adds.
static void K(vector_product)(size_t m, size_t k, const T *a, size_t stride, const T *x, T *y) {
  for (size_t i = 0; i < m; i++) y[i] = K(inner)(k, a + i * stride, x);
}

static void K(rank_one)(size_t m, size_t n, const T *x, const T *y, T *a, size_t stride) {
  for (size_t i = 0; i < m; i++) {
    T *row = a + i * stride;
    V f = (V)x[i];
    size_t j = 0;
    for (; j + L <= n; j += L) store(row + j, fused(f, K(loaded)(y + j), K(loaded)(row + j)));
    if (j < n)
      K(store_partial)(row + j, fused(f, K(partial)(y + j, n - j), K(partial)(row + j, n - j)), n - j);
  }
}

/// a[i,j] ← fma(z[i], v[j], fma(x[i], u[j], a[i,j])).
static void K(rank_two)(size_t m, size_t n, const T *x, const T *u, const T *z, const T *v, T *a,
                        size_t stride) {
  for (size_t i = 0; i < m; i++) {
    T *row = a + i * stride;
    V f = (V)x[i], g = (V)z[i];
    size_t j = 0;
    for (; j + L <= n; j += L)
      store(row + j, fused(g, K(loaded)(v + j), fused(f, K(loaded)(u + j), K(loaded)(row + j))));
    size_t left = n - j;
    if (left)
      K(store_partial)(row + j, fused(g, K(partial)(v + j, left), fused(f, K(partial)(u + j, left),
                                                                 K(partial)(row + j, left))), left);
  }
}

/// Rotations in order, each of rows i = rows[r] and i + 1: x ← fma(c, x, −(s·y)), y ← fma(s, x, c·y).
///
/// In strips of columns that stay in a cache over all rotations: no bit depends on that.
static void K(rotations)(size_t count, const T *cosines, const T *sines, const int32_t *rows,
                         size_t columns, T *a, size_t stride) {
  for (size_t j = 0; j < columns; j += 4 * L) {
    size_t wide = columns - j < 4 * L ? columns - j : 4 * L;
    for (size_t r = 0; r < count; r++) {
      T *x = a + (size_t)rows[r] * stride + j, *y = x + stride;
      V c = (V)cosines[r], s = (V)sines[r];
      if (wide == 4 * L) {
#pragma clang loop unroll(full)
        for (int g = 0; g < 4; g++) {
          V p = K(loaded)(x + g * L), q = K(loaded)(y + g * L);
          store(x + g * L, fused(c, p, -(s * q)));
          store(y + g * L, fused(s, p, c * q));
        }
      } else {
        for (size_t i = 0; i < wide; i++) {
          T p = x[i], q = y[i];
          x[i] = fused((ONE)cosines[r], (ONE)p, (ONE)(-(sines[r] * q)))[0];
          y[i] = fused((ONE)sines[r], (ONE)p, (ONE)(cosines[r] * q))[0];
        }
      }
    }
  }
}

static void K(gather)(size_t count, size_t width, const T *table, const int32_t *index, T *rows) {
  for (size_t i = 0; i < count; i++)
    __builtin_memcpy(rows + i * width, table + (size_t)index[i] * width, width * sizeof(T));
}

/// In the order of rows: the first row that names an entry is added first.
static void K(scatter_add)(size_t count, size_t width, const T *rows, const int32_t *index, T *table) {
  for (size_t i = 0; i < count; i++) {
    T *entry = table + (size_t)index[i] * width;
    const T *row = rows + i * width;
    size_t j = 0;
    for (; j + L <= width; j += L) store(entry + j, K(loaded)(entry + j) + K(loaded)(row + j));
    for (; j < width; j++) entry[j] += row[j];
  }
}

// Elementwise: `step` computes v from vectors; the tail runs through a padded one.
#define FOR_VECTORS(n, whole, part)                                                                \
  do {                                                                                             \
    size_t i = 0;                                                                                  \
    for (; i + L <= (n); i += L) { whole; }                                                        \
    size_t left = (n) - i;                                                                         \
    if (left) { part; }                                                                            \
  } while (0)

#define MAPPED(name)                                                                               \
  static void K(map_##name)(size_t n, const T *x, T *y) {                                          \
    FOR_VECTORS(n, store(y + i, E(name)(K(loaded)(x + i))),                                        \
                K(store_partial)(y + i, E(name)(K(partial)(x + i, left)), left));                  \
  }                                                                                                \
  static T K(scalar_##name)(T x) { return O(name)((ONE)x)[0]; }
MAPPED(exp)
MAPPED(expm1)
MAPPED(log)
MAPPED(log1p)
MAPPED(tanh)
MAPPED(erf)
MAPPED(logistic)
MAPPED(softplus)
MAPPED(sin)
MAPPED(cos)

#define EACH_FUNCTION(prefix)                                                                      \
  {                                                                                                \
    K(prefix##exp), K(prefix##expm1), K(prefix##log), K(prefix##log1p), K(prefix##tanh),           \
        K(prefix##erf), K(prefix##logistic), K(prefix##softplus), K(prefix##sin), K(prefix##cos)   \
  }

static void K(map)(int32_t function, size_t n, const T *x, T *y) {
  static void (*const all[BITLAW_FUNCTIONS])(size_t, const T *, T *) = EACH_FUNCTION(map_);
  all[function](n, x, y);
}

static T K(scalar)(int32_t function, T x) {
  static T (*const all[BITLAW_FUNCTIONS])(T) = EACH_FUNCTION(scalar_);
  return all[function](x);
}

static T K(fused)(T a, T b, T c) { return fused((ONE)a, (ONE)b, (ONE)c)[0]; }
