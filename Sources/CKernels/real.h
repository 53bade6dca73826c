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

INLINE V K(activated_relu)(V z, V *slope) {
  *slope = z > (V)(T)0 ? (V)(T)1 : (V)(T)0;
  return z > (V)(T)0 ? z : (V)(T)0;
}

INLINE V K(activated_tanh)(V z, V *slope) {
  V t = E(tanh)(z);
  *slope = fused(-t, t, (V)(T)1);
  return t;
}

INLINE V K(activated_gelu)(V z, V *slope) {
  V share = (T)0.5 * ((T)1 + E(erf)(z * (T)0.70710678118654752));
  V density = (T)0.39894228040143268 * E(exp)((T)-0.5 * z * z);
  *slope = fused(z, density, share);
  return z * share;
}

INLINE V K(activated_erf)(V z, V *slope) {
  *slope = (T)0.79788456080286536 * E(exp)((T)-0.5 * z * z);
  return E(erf)(z * (T)0.70710678118654752);
}

#define ACTIVATED(name)                                                                            \
  static void K(activate_##name)(size_t n, T *z, T *slope) {                                       \
    V s;                                                                                           \
    FOR_VECTORS(n, store(z + i, K(activated_##name)(K(loaded)(z + i), &s)); store(slope + i, s),   \
                K(store_partial)(z + i, K(activated_##name)(K(partial)(z + i, left), &s), left);   \
                K(store_partial)(slope + i, s, left));                                             \
  }
ACTIVATED(relu)
ACTIVATED(tanh)
ACTIVATED(gelu)
ACTIVATED(erf)

static void K(activate)(int32_t activation, size_t n, T *z, T *slope) {
  switch (activation) {
  case BITLAW_RELU: K(activate_relu)(n, z, slope); break;
  case BITLAW_ACTIVATE_TANH: K(activate_tanh)(n, z, slope); break;
  case BITLAW_GELU: K(activate_gelu)(n, z, slope); break;
  default: K(activate_erf)(n, z, slope);
  }
}

static void K(multiply)(size_t n, const T *factors, T *values) {
  FOR_VECTORS(n, store(values + i, K(loaded)(values + i) * K(loaded)(factors + i)),
              for (size_t j = 0; j < left; j++) values[i + j] *= factors[i + j]);
}

static void K(scale)(size_t n, T factor, T *values) {
  FOR_VECTORS(n, store(values + i, K(loaded)(values + i) * factor),
              for (size_t j = 0; j < left; j++) values[i + j] *= factor);
}

/// v ← fma(μ, v, g); w ← fma(−rate, v, w).
static void K(momentum)(size_t n, T mu, T rate, const T *gradient, T *velocity, T *values) {
  V factor = (V)mu, down = (V)-rate;
  FOR_VECTORS(
      n,
      V v = fused(factor, K(loaded)(velocity + i), K(loaded)(gradient + i));
      store(velocity + i, v); store(values + i, fused(down, v, K(loaded)(values + i))),
      V v = fused(factor, K(partial)(velocity + i, left), K(partial)(gradient + i, left));
      K(store_partial)(velocity + i, v, left);
      K(store_partial)(values + i, fused(down, v, K(partial)(values + i, left)), left));
}

/// One step of Adam; `values` are multiplied by `keep` first where it is not 1.
INLINE V K(adam_lane)(V g, V *first, V *second, V w, T step, T correction, T keep) {
  V a = fused((V)(T)0.9, *first, (T)0.1 * g);
  V b = fused((V)(T)0.999, *second, ((T)0.001 * g) * g);
  *first = a;
  *second = b;
  V root = __builtin_elementwise_sqrt(b * correction) + (T)1e-8;
  return w * keep - (step * a) / root;
}

static void K(adam)(size_t n, T step, T correction, T keep, const T *gradient, T *first, T *second,
                    T *values) {
  V a, b, w;
  FOR_VECTORS(
      n,
      load(&a, first + i); load(&b, second + i);
      w = K(adam_lane)(K(loaded)(gradient + i), &a, &b, K(loaded)(values + i), step, correction, keep);
      store(first + i, a); store(second + i, b); store(values + i, w),
      a = K(partial)(first + i, left); b = K(partial)(second + i, left);
      w = K(adam_lane)(K(partial)(gradient + i, left), &a, &b, K(partial)(values + i, left), step,
                       correction, keep);
      K(store_partial)(first + i, a, left); K(store_partial)(second + i, b, left);
      K(store_partial)(values + i, w, left));
}

/// Row r of z stands for the targets at places[r] … places[r + 1] − 1 (places null: one each, n = 1):
/// it becomes scale·(n·softmax(z) − Σ one-hot(target)); losses[r] = Σ (log Σe^(z − max) + (max − zₜ)).
static void K(cross_entropy)(size_t rows, size_t classes, T scale, const int32_t *places,
                             const int32_t *targets, T *z, size_t stride, T *losses) {
  for (size_t r = 0; r < rows; r++) {
    T *row = z + r * stride;
    size_t first = places ? (size_t)places[r] : r, end = places ? (size_t)places[r + 1] : r + 1;
    T most = K(maximum)(classes, row), gap = (T)0;
    // What the targets need of the logits, before these are gone.
    for (size_t t = first; t < end; t++) gap += most - row[targets[t]];
    V lanes[GROUPS];
    for (int g = 0; g < GROUPS; g++) lanes[g] = (V)(T)0;
    size_t i = 0;
    for (; i + 32 <= classes; i += 32) {
#pragma clang loop unroll(full)
      for (int g = 0; g < GROUPS; g++) {
        V e = E(exp)(K(loaded)(row + i + g * L) - most);
        lanes[g] += e;
        store(row + i + g * L, e);
      }
    }
    if (i < classes) {
      T rest[32], powers[32] = {0};
      for (int j = 0; j < 32; j++) rest[j] = i + j < classes ? row[i + j] : most;
      for (int g = 0; g < GROUPS; g++)
        store(rest + g * L, E(exp)(K(loaded)(rest + g * L) - most));
      for (size_t j = i; j < classes; j++) row[j] = powers[j - i] = rest[j - i];
      for (int g = 0; g < GROUPS; g++) lanes[g] += K(loaded)(powers + g * L);
    }
    T sum = K(folded)(lanes), count = (T)(end - first);
    losses[r] = fused((ONE)count, (ONE)K(scalar_log)(sum), (ONE)gap)[0];
    K(scale)(classes, scale * count / sum, row);
    for (size_t t = first; t < end; t++) row[targets[t]] -= scale;
  }
}

/// Logit z, target 0 or 1, s = ±1: losses = softplus(−sz), z becomes −s·logistic(−sz)·scale.
static void K(logistic_loss)(size_t n, T scale, const T *targets, T *z, T *losses) {
  V t, u, s;
  FOR_VECTORS(
      n,
      load(&t, targets + i); load(&u, z + i);
      s = t > (V)(T)0.5 ? (V)(T)1 : (V)(T)-1; u *= -s;
      store(losses + i, E(softplus)(u)); store(z + i, -s * E(logistic)(u) * scale),
      t = K(partial)(targets + i, left); u = K(partial)(z + i, left);
      s = t > (V)(T)0.5 ? (V)(T)1 : (V)(T)-1; u *= -s;
      K(store_partial)(losses + i, E(softplus)(u), left);
      K(store_partial)(z + i, -s * E(logistic)(u) * scale, left));
}

/// Each row: x̂ = (x − mean)/√(variance + 10⁻⁵); x becomes fma(x̂, gain, shift).
static void K(normalize)(size_t rows, size_t width, const T *gain, const T *shift, T *x,
                         T *normalized, T *deviations) {
  for (size_t r = 0; r < rows; r++) {
    T *row = x + r * width, *unit = normalized + r * width;
    T mean = K(sum)(width, row) / (T)width;
    for (size_t i = 0; i < width; i++) unit[i] = row[i] - mean;
    T variance = K(inner)(width, unit, unit) / (T)width;
    T inverse = (T)1 / __builtin_elementwise_sqrt((ONE)(variance + (T)1e-5))[0];
    deviations[r] = inverse;
    FOR_VECTORS(width,
                V v = K(loaded)(unit + i) * inverse; store(unit + i, v);
                store(row + i, fused(v, K(loaded)(gain + i), K(loaded)(shift + i))),
                V v = K(partial)(unit + i, left) * inverse; K(store_partial)(unit + i, v, left);
                K(store_partial)(row + i, fused(v, K(partial)(gain + i, left),
                                                K(partial)(shift + i, left)), left));
  }
}

/// The way back: delta, the gradient of the outputs, becomes that of the inputs; the gradients of
/// gain and shift are chains over the rows, ascending, that start at what they hold.
static void K(unnormalize)(size_t rows, size_t width, const T *gain, const T *normalized,
                           const T *deviations, T *delta, T *gain_gradient, T *shift_gradient) {
  for (size_t r = 0; r < rows; r++) {
    T *row = delta + r * width;
    const T *unit = normalized + r * width;
    FOR_VECTORS(width,
                V d = K(loaded)(row + i);
                store(gain_gradient + i, fused(d, K(loaded)(unit + i), K(loaded)(gain_gradient + i)));
                store(shift_gradient + i, K(loaded)(shift_gradient + i) + d);
                store(row + i, d * K(loaded)(gain + i)),
                V d = K(partial)(row + i, left);
                K(store_partial)(gain_gradient + i,
                                 fused(d, K(partial)(unit + i, left),
                                       K(partial)(gain_gradient + i, left)), left);
                K(store_partial)(shift_gradient + i, K(partial)(shift_gradient + i, left) + d, left);
                K(store_partial)(row + i, d * K(partial)(gain + i, left), left));
    T mean = K(sum)(width, row) / (T)width;
    T product = K(inner)(width, row, unit) / (T)width;
    T inverse = deviations[r];
    V down = (V)-product;
    FOR_VECTORS(width,
                store(row + i, fused(down, K(loaded)(unit + i), K(loaded)(row + i) - mean) * inverse),
                K(store_partial)(row + i, fused(down, K(partial)(unit + i, left),
                                                K(partial)(row + i, left) - mean) * inverse, left));
  }
}
