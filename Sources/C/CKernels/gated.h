// Gated residual blocks, and cross-entropy to a whole distribution; included after training.h with the
// same macros. docs/NUMERICS.md gives every formula.

/// Each row: y = x·(1/√(Σx²/width + 10⁻⁶)).
static void K(rms)(size_t rows, size_t width, const T *x, T *y, T *inverses) {
  for (size_t r = 0; r < rows; r++) {
    const T *row = x + r * width;
    T *unit = y + r * width;
    T square = K(inner)(width, row, row) / (T)width;
    T inverse = (T)1 / __builtin_elementwise_sqrt((ONE)(square + (T)1e-6))[0];
    inverses[r] = inverse;
    FOR_VECTORS(width, store(unit + i, K(loaded)(row + i) * inverse),
                for (size_t j = 0; j < left; j++) unit[i + j] = row[i + j] * inverse);
  }
}

/// The way back: into ← (delta − y·(Σ delta·y)/width)·inverse, or that added to what it holds.
static void K(rms_back)(size_t rows, size_t width, const T *y, const T *inverses, const T *delta,
                        int32_t adds, T *into) {
  for (size_t r = 0; r < rows; r++) {
    const T *unit = y + r * width, *row = delta + r * width;
    T *out = into + r * width;
    V down = (V)-(K(inner)(width, row, unit) / (T)width);
    T inverse = inverses[r];
    FOR_VECTORS(width,
                V v = fused(down, K(loaded)(unit + i), K(loaded)(row + i)) * inverse;
                store(out + i, adds ? K(loaded)(out + i) + v : v),
                V v = fused(down, K(partial)(unit + i, left), K(partial)(row + i, left)) * inverse;
                K(store_partial)(out + i, adds ? K(partial)(out + i, left) + v : v, left));
  }
}

INLINE V K(gated)(V *a, V b, V *slope) {
  V z = *a, s = E(logistic)(z);
  *a = z * s;
  *slope = s * fused(z, (T)1 - s, (V)(T)1);
  return *a * b;
}

/// Rows (a, b) of twice `hidden`: product = (a·s)·b for s = logistic(a), a ← a·s, slope ← s·(1 + a(1 − s)).
static void K(gate)(size_t rows, size_t hidden, T *pairs, T *slope, T *product) {
  for (size_t r = 0; r < rows; r++) {
    T *a = pairs + 2 * r * hidden, *b = a + hidden, *d = slope + r * hidden, *out = product + r * hidden;
    V v, s;
    FOR_VECTORS(hidden,
                load(&v, a + i); store(out + i, K(gated)(&v, K(loaded)(b + i), &s));
                store(a + i, v); store(d + i, s),
                v = K(partial)(a + i, left);
                K(store_partial)(out + i, K(gated)(&v, K(partial)(b + i, left), &s), left);
                K(store_partial)(a + i, v, left); K(store_partial)(d + i, s, left));
  }
}

/// The way back from delta, the product's gradient: a ← (delta·b)·slope, b ← delta·a as `gate` left it.
static void K(gate_back)(size_t rows, size_t hidden, const T *delta, const T *slope, T *pairs) {
  for (size_t r = 0; r < rows; r++) {
    T *a = pairs + 2 * r * hidden, *b = a + hidden;
    const T *d = delta + r * hidden, *s = slope + r * hidden;
    FOR_VECTORS(hidden,
                V g = K(loaded)(d + i); V v = g * K(loaded)(a + i);
                store(a + i, g * K(loaded)(b + i) * K(loaded)(s + i)); store(b + i, v),
                V g = K(partial)(d + i, left); V v = g * K(partial)(a + i, left);
                K(store_partial)(a + i, g * K(partial)(b + i, left) * K(partial)(s + i, left), left);
                K(store_partial)(b + i, v, left));
  }
}

/// One row of logits z and a distribution p: m the maximum, e = exp(z − m), S its sum, gap = Σ p·(m − z):
/// log S + gap; z ← fma(e, weight/S, −(weight·p)) where the gradient is wanted.
static T K(soft_cross_entropy)(size_t classes, T weight, const T *p, int32_t wants_gradient, T *z) {
  T most = K(maximum)(classes, z);
  V lanes[GROUPS], gaps[GROUPS];
  for (int g = 0; g < GROUPS; g++) lanes[g] = gaps[g] = (V)(T)0;
  size_t i = 0;
  for (; i + 32 <= classes; i += 32) {
#pragma clang loop unroll(full)
    for (int g = 0; g < GROUPS; g++) {
      V d = K(loaded)(z + i + g * L) - most;
      V e = E(exp)(d);
      lanes[g] += e;
      gaps[g] = fused(K(loaded)(p + i + g * L), -d, gaps[g]);
      store(z + i + g * L, e);
    }
  }
  if (i < classes) {
    T rest[32], share[32] = {0}, powers[32] = {0};
    for (int j = 0; j < 32; j++) rest[j] = i + j < classes ? z[i + j] : most;
    for (size_t j = i; j < classes; j++) share[j - i] = p[j];
    for (int g = 0; g < GROUPS; g++) {
      V d = K(loaded)(rest + g * L) - most;
      store(rest + g * L, E(exp)(d));
      gaps[g] = fused(K(loaded)(share + g * L), -d, gaps[g]);
    }
    for (size_t j = i; j < classes; j++) z[j] = powers[j - i] = rest[j - i];
    for (int g = 0; g < GROUPS; g++) lanes[g] += K(loaded)(powers + g * L);
  }
  T sum = K(folded)(lanes), gap = K(folded)(gaps);
  if (wants_gradient) {
    V factor = (V)(weight / sum);
    FOR_VECTORS(classes,
                store(z + i, fused(K(loaded)(z + i), factor, -(weight * K(loaded)(p + i)))),
                K(store_partial)(z + i, fused(K(partial)(z + i, left), factor,
                                              -(weight * K(partial)(p + i, left))), left));
  }
  return K(scalar_log)(sum) + gap;
}

/// out[i,j] = x[i]·y[j], or 0 where that is below 2⁻⁶⁰: products of such products stay normal numbers.
static void K(outer)(size_t m, size_t n, const T *x, const T *y, T *out) {
  const T least = (T)0x1p-60;
  for (size_t i = 0; i < m; i++) {
    T *row = out + i * n;
    size_t j = 0;
    for (; j + L <= n; j += L) {
      V v = x[i] * K(loaded)(y + j);
      store(row + j, v < (V)least ? (V)(T)0 : v);
    }
    for (; j < n; j++) {
      T v = x[i] * y[j];
      row[j] = v < least ? (T)0 : v;
    }
  }
}

/// rows[i] ← rows[i] + table[index[i]].
static void K(gather_add)(size_t count, size_t width, const T *table, const int32_t *index, T *rows) {
  for (size_t i = 0; i < count; i++) {
    const T *entry = table + (size_t)index[i] * width;
    T *row = rows + i * width;
    size_t j = 0;
    for (; j + L <= width; j += L) store(row + j, K(loaded)(row + j) + K(loaded)(entry + j));
    for (; j < width; j++) row[j] += entry[j];
  }
}
