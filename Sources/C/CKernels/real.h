// Kernels over arrays of one scalar type; included twice a variant.
//
// Written in the names of as_float.h and as_double.h; a register tile has TILE_ROWS rows and TILE_COLUMNS
// vectors. What is inlined goes by the types of its arguments, a kernel by KERNEL(name).
//
// Sums have 32 lanes: element i goes to lane i mod 32 in ascending order; then lane j takes up lane
// j + 16, j + 8, j + 4, j + 2, j + 1. The lanes lie in 32/LANES vectors.

#define GROUPS (32 / LANES)

INLINE VECTOR loaded(const REAL *p) {
  VECTOR v;
  load(&v, p);
  return v;
}

/// The end of every sum.
INLINE REAL folded(const VECTOR *lanes) {
  VECTOR sums[GROUPS];
  for (int g = 0; g < GROUPS; g++) sums[g] = lanes[g];
#pragma clang loop unroll(full)
  for (int half = GROUPS / 2; half > 0; half /= 2)
#pragma clang loop unroll(full)
    for (int g = 0; g < half; g++) sums[g] += sums[g + half];
  return across(sums[0]);
}

static REAL KERNEL(sum)(size_t n, const REAL *x) {
  VECTOR lanes[GROUPS];
  for (int g = 0; g < GROUPS; g++) lanes[g] = ALL(0);
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
#pragma clang loop unroll(full)
    for (int g = 0; g < GROUPS; g++) lanes[g] += loaded(x + i + g * LANES);
  }
  if (i < n) {
    REAL rest[32] = {0};
    // A lane without an element keeps its bits: −0 + 0 cannot arise, for lanes start at +0.
    for (size_t j = i; j < n; j++) rest[j - i] = x[j];
    for (int g = 0; g < GROUPS; g++) lanes[g] += loaded(rest + g * LANES);
  }
  return folded(lanes);
}

/// Inner products of COUNT rows with x, side by side: each row's lanes are its own.
#define INNER(COUNT)                                                                               \
  INLINE void inner_##COUNT(size_t n, const REAL *a, size_t stride, const REAL *x, REAL *y) {      \
    VECTOR lanes[COUNT][GROUPS];                                                                   \
    for (int r = 0; r < COUNT; r++)                                                                \
      for (int g = 0; g < GROUPS; g++) lanes[r][g] = ALL(0);                                       \
    size_t i = 0;                                                                                  \
    for (; i + 32 <= n; i += 32) {                                                                 \
      _Pragma("clang loop unroll(full)") for (int g = 0; g < GROUPS; g++) {                        \
        VECTOR v = loaded(x + i + g * LANES);                                                      \
        _Pragma("clang loop unroll(full)") for (int r = 0; r < COUNT; r++)                         \
            lanes[r][g] = fused(loaded(a + r * stride + i + g * LANES), v, lanes[r][g]);           \
      }                                                                                            \
    }                                                                                              \
    for (int g = 0; i < n && g < GROUPS; g++) {                                                    \
      size_t first = i + (size_t)(g * LANES), left = n < first ? 0 : n - first;                    \
      size_t count = left < LANES ? left : LANES, place = count ? first : 0;                       \
      VECTOR v = partial(x + place, count);                                                        \
      for (int r = 0; r < COUNT; r++)                                                              \
        lanes[r][g] = fused(partial(a + r * stride + place, count), v, lanes[r][g]);               \
    }                                                                                              \
    for (int r = 0; r < COUNT; r++) y[r] = folded(lanes[r]);                                       \
  }
INNER(1)
INNER(2)
INNER(4)

INLINE REAL inner(size_t n, const REAL *x, const REAL *y) {
  REAL sum;
  inner_1(n, x, 0, y, &sum);
  return sum;
}

static REAL KERNEL(dot)(size_t n, const REAL *x, const REAL *y) { return inner(n, x, y); }

/// The greatest element; −∞ of nothing; unspecified (but fixed) where an element is NaN.
static REAL KERNEL(maximum)(size_t n, const REAL *x) {
  VECTOR lanes[GROUPS];
  for (int g = 0; g < GROUPS; g++) lanes[g] = ALL(-__builtin_inf());
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
#pragma clang loop unroll(full)
    for (int g = 0; g < GROUPS; g++) {
      VECTOR v = loaded(x + i + g * LANES);
      lanes[g] = v > lanes[g] ? v : lanes[g];
    }
  }
  REAL most = (REAL)-__builtin_inf(), all[32];
  for (int g = 0; g < GROUPS; g++) store(all + g * LANES, lanes[g]);
  for (int j = 0; j < 32; j++) most = all[j] > most ? all[j] : most;
  for (; i < n; i++) most = x[i] > most ? x[i] : most;
  return most;
}

/// One chain of additions over the rows, ascending, for each column.
static void KERNEL(column_sums)(size_t rows, size_t columns, const REAL *x, size_t stride,
                                int32_t adds, REAL *sums) {
  size_t j = 0;
  for (; j + 4 * LANES <= columns; j += 4 * LANES) {
    VECTOR s[4];
    for (int g = 0; g < 4; g++) s[g] = adds ? loaded(sums + j + g * LANES) : ALL(0);
    for (size_t r = 0; r < rows; r++) {
#pragma clang loop unroll(full)
      for (int g = 0; g < 4; g++) s[g] += loaded(x + r * stride + j + g * LANES);
    }
    for (int g = 0; g < 4; g++) store(sums + j + g * LANES, s[g]);
  }
  for (; j + LANES <= columns; j += LANES) {
    VECTOR s = adds ? loaded(sums + j) : ALL(0);
    for (size_t r = 0; r < rows; r++) s += loaded(x + r * stride + j);
    store(sums + j, s);
  }
  for (; j < columns; j++) {
    REAL s = adds ? sums[j] : (REAL)0;
    for (size_t r = 0; r < rows; r++) s += x[r * stride + j];
    sums[j] = s;
  }
}

/// y[i] = a sum of 32 lanes, each a chain of fused multiply-adds; several rows at a time.
static void KERNEL(vector_product)(size_t m, size_t k, const REAL *a, size_t stride, const REAL *x,
                                   REAL *y) {
  size_t i = 0;
#if VECTOR_BYTES == 64
  for (; i + 4 <= m; i += 4) inner_4(k, a + i * stride, stride, x, y + i);
#endif
  for (; i + 2 <= m; i += 2) inner_2(k, a + i * stride, stride, x, y + i);
  for (; i < m; i++) inner_1(k, a + i * stride, stride, x, y + i);
}

static void KERNEL(rank_one)(size_t m, size_t n, const REAL *x, const REAL *y, REAL *a, size_t stride) {
  for (size_t i = 0; i < m; i++) {
    REAL *row = a + i * stride;
    VECTOR f = (VECTOR)x[i];
    size_t j = 0;
    for (; j + LANES <= n; j += LANES) store(row + j, fused(f, loaded(y + j), loaded(row + j)));
    if (j < n)
      store_partial(row + j, fused(f, partial(y + j, n - j), partial(row + j, n - j)), n - j);
  }
}

/// a[i,j] ← fma(z[i], v[j], fma(x[i], u[j], a[i,j])).
static void KERNEL(rank_two)(size_t m, size_t n, const REAL *x, const REAL *u, const REAL *z,
                             const REAL *v, REAL *a, size_t stride) {
  for (size_t i = 0; i < m; i++) {
    REAL *row = a + i * stride;
    VECTOR f = (VECTOR)x[i], g = (VECTOR)z[i];
    size_t j = 0;
    for (; j + LANES <= n; j += LANES)
      store(row + j, fused(g, loaded(v + j), fused(f, loaded(u + j), loaded(row + j))));
    size_t left = n - j;
    if (left)
      store_partial(row + j, fused(g, partial(v + j, left), fused(f, partial(u + j, left),
                                                                 partial(row + j, left))), left);
  }
}

/// Rotations in order, each of rows i = rows[r] and i + 1: x ← fma(c, x, −(s·y)), y ← fma(s, x, c·y).
///
/// In strips of columns that stay in a cache over all rotations: no bit depends on that.
static void KERNEL(rotations)(size_t count, const REAL *cosines, const REAL *sines,
                              const int32_t *rows, size_t columns, REAL *a, size_t stride) {
  for (size_t j = 0; j < columns; j += 4 * LANES) {
    size_t wide = columns - j < 4 * LANES ? columns - j : 4 * LANES;
    for (size_t r = 0; r < count; r++) {
      REAL *x = a + (size_t)rows[r] * stride + j, *y = x + stride;
      VECTOR c = (VECTOR)cosines[r], s = (VECTOR)sines[r];
      if (wide == 4 * LANES) {
#pragma clang loop unroll(full)
        for (int g = 0; g < 4; g++) {
          VECTOR p = loaded(x + g * LANES), q = loaded(y + g * LANES);
          store(x + g * LANES, fused(c, p, -(s * q)));
          store(y + g * LANES, fused(s, p, c * q));
        }
      } else {
        for (size_t i = 0; i < wide; i++) {
          REAL p = x[i], q = y[i];
          x[i] = fused((SINGLE)cosines[r], (SINGLE)p, (SINGLE)(-(sines[r] * q)))[0];
          y[i] = fused((SINGLE)sines[r], (SINGLE)p, (SINGLE)(cosines[r] * q))[0];
        }
      }
    }
  }
}

static void KERNEL(gather)(size_t count, size_t width, const REAL *table, const int32_t *index,
                           REAL *rows) {
  for (size_t i = 0; i < count; i++)
    __builtin_memcpy(rows + i * width, table + (size_t)index[i] * width, width * sizeof(REAL));
}

/// In the order of rows: the first row that names an entry is added first.
static void KERNEL(scatter_add)(size_t count, size_t width, const REAL *rows, const int32_t *index,
                                REAL *table) {
  for (size_t i = 0; i < count; i++) {
    REAL *entry = table + (size_t)index[i] * width;
    const REAL *row = rows + i * width;
    size_t j = 0;
    for (; j + LANES <= width; j += LANES) store(entry + j, loaded(entry + j) + loaded(row + j));
    for (; j < width; j++) entry[j] += row[j];
  }
}

// Elementwise: `step` computes v from vectors; the tail runs through a padded one.
#define FOR_VECTORS(n, whole, part)                                                                \
  do {                                                                                             \
    size_t i = 0;                                                                                  \
    for (; i + LANES <= (n); i += LANES) { whole; }                                                \
    size_t left = (n) - i;                                                                         \
    if (left) { part; }                                                                            \
  } while (0)

#define MAPPED(number, name)                                                                       \
  static void KERNEL(map_##name)(size_t n, const REAL *x, REAL *y) {                               \
    FOR_VECTORS(n, store(y + i, name##_of(loaded(x + i))),                                         \
                store_partial(y + i, name##_of(partial(x + i, left)), left));                      \
  }                                                                                                \
  static REAL KERNEL(scalar_##name)(REAL x) { return name##_of((SINGLE)x)[0]; }
BITLAW_FUNCTIONS(MAPPED)
#undef MAPPED

static void KERNEL(map)(int32_t function, size_t n, const REAL *x, REAL *y) {
#define MAP(number, name) [number] = KERNEL(map_##name),
  static void (*const all[])(size_t, const REAL *, REAL *) = {BITLAW_FUNCTIONS(MAP)};
#undef MAP
  all[function](n, x, y);
}

static REAL KERNEL(scalar)(int32_t function, REAL x) {
#define SCALAR(number, name) [number] = KERNEL(scalar_##name),
  static REAL (*const all[])(REAL) = {BITLAW_FUNCTIONS(SCALAR)};
#undef SCALAR
  return all[function](x);
}

static REAL KERNEL(fused)(REAL a, REAL b, REAL c) { return fused((SINGLE)a, (SINGLE)b, (SINGLE)c)[0]; }
