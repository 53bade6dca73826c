// Gated residual blocks, and cross-entropy to a whole distribution; included after training.h.
// docs/NUMERICS.md gives every formula.

/// Each row: y = x·(1/√(Σx²/width + 10⁻⁶)).
static void KERNEL(rms)(size_t rows, size_t width, const REAL *x, REAL *y, REAL *inverses) {
  for (size_t r = 0; r < rows; r++) {
    const REAL *row = x + r * width;
    REAL *unit = y + r * width;
    REAL square = inner(width, row, row) / (REAL)width;
    REAL inverse = (REAL)1 / __builtin_elementwise_sqrt((SINGLE)(square + (REAL)1e-6))[0];
    inverses[r] = inverse;
    FOR_VECTORS(width, store(unit + i, loaded(row + i) * inverse),
                for (size_t j = 0; j < left; j++) unit[i + j] = row[i + j] * inverse);
  }
}

/// The way back: into ← (delta − y·(Σ delta·y)/width)·inverse, or that added to what it holds.
static void KERNEL(rms_back)(size_t rows, size_t width, const REAL *y, const REAL *inverses,
                             const REAL *delta, int32_t adds, REAL *into) {
  for (size_t r = 0; r < rows; r++) {
    const REAL *unit = y + r * width, *row = delta + r * width;
    REAL *out = into + r * width;
    VECTOR down = (VECTOR)-(inner(width, row, unit) / (REAL)width);
    REAL inverse = inverses[r];
    FOR_VECTORS(width,
                VECTOR v = fused(down, loaded(unit + i), loaded(row + i)) * inverse;
                store(out + i, adds ? loaded(out + i) + v : v),
                VECTOR v = fused(down, partial(unit + i, left), partial(row + i, left)) * inverse;
                store_partial(out + i, adds ? partial(out + i, left) + v : v, left));
  }
}

INLINE VECTOR gated(VECTOR *a, VECTOR b, VECTOR *slope) {
  VECTOR z = *a, s = logistic_of(z);
  *a = z * s;
  *slope = s * fused(z, (REAL)1 - s, ALL(1));
  return *a * b;
}

/// Rows (a, b) of twice `hidden`: product = (a·s)·b for s = logistic(a), a ← a·s, slope ← s·(1 + a(1 − s)).
static void KERNEL(gate)(size_t rows, size_t hidden, REAL *pairs, REAL *slope, REAL *product) {
  for (size_t r = 0; r < rows; r++) {
    REAL *a = pairs + 2 * r * hidden, *b = a + hidden, *d = slope + r * hidden, *out = product + r * hidden;
    VECTOR v, s;
    FOR_VECTORS(hidden,
                load(&v, a + i); store(out + i, gated(&v, loaded(b + i), &s));
                store(a + i, v); store(d + i, s),
                v = partial(a + i, left);
                store_partial(out + i, gated(&v, partial(b + i, left), &s), left);
                store_partial(a + i, v, left); store_partial(d + i, s, left));
  }
}

/// The way back from delta, the product's gradient: a ← (delta·b)·slope, b ← delta·a as `gate` left it.
static void KERNEL(gate_back)(size_t rows, size_t hidden, const REAL *delta, const REAL *slope,
                              REAL *pairs) {
  for (size_t r = 0; r < rows; r++) {
    REAL *a = pairs + 2 * r * hidden, *b = a + hidden;
    const REAL *d = delta + r * hidden, *s = slope + r * hidden;
    FOR_VECTORS(hidden,
                VECTOR g = loaded(d + i); VECTOR v = g * loaded(a + i);
                store(a + i, g * loaded(b + i) * loaded(s + i)); store(b + i, v),
                VECTOR g = partial(d + i, left); VECTOR v = g * partial(a + i, left);
                store_partial(a + i, g * partial(b + i, left) * partial(s + i, left), left);
                store_partial(b + i, v, left));
  }
}

/// One row of logits z and a distribution p: m the maximum, e = exp(z − m), S its sum, gap = Σ p·(m − z):
/// log S + gap; z ← fma(e, weight/S, −(weight·p)) where the gradient is wanted.
static REAL KERNEL(soft_cross_entropy)(size_t classes, REAL weight, const REAL *p,
                                       int32_t wants_gradient, REAL *z) {
  REAL most = KERNEL(maximum)(classes, z);
  VECTOR lanes[GROUPS], gaps[GROUPS];
  for (int g = 0; g < GROUPS; g++) lanes[g] = gaps[g] = ALL(0);
  size_t i = 0;
  for (; i + 32 <= classes; i += 32) {
#pragma clang loop unroll(full)
    for (int g = 0; g < GROUPS; g++) {
      VECTOR d = loaded(z + i + g * LANES) - most;
      VECTOR e = exp_of(d);
      lanes[g] += e;
      gaps[g] = fused(loaded(p + i + g * LANES), -d, gaps[g]);
      store(z + i + g * LANES, e);
    }
  }
  if (i < classes) {
    REAL rest[32], share[32] = {0}, powers[32] = {0};
    for (int j = 0; j < 32; j++) rest[j] = i + j < classes ? z[i + j] : most;
    for (size_t j = i; j < classes; j++) share[j - i] = p[j];
    for (int g = 0; g < GROUPS; g++) {
      VECTOR d = loaded(rest + g * LANES) - most;
      store(rest + g * LANES, exp_of(d));
      gaps[g] = fused(loaded(share + g * LANES), -d, gaps[g]);
    }
    for (size_t j = i; j < classes; j++) z[j] = powers[j - i] = rest[j - i];
    for (int g = 0; g < GROUPS; g++) lanes[g] += loaded(powers + g * LANES);
  }
  REAL sum = folded(lanes), gap = folded(gaps);
  if (wants_gradient) {
    VECTOR factor = (VECTOR)(weight / sum);
    FOR_VECTORS(classes,
                store(z + i, fused(loaded(z + i), factor, -(weight * loaded(p + i)))),
                store_partial(z + i, fused(partial(z + i, left), factor,
                                              -(weight * partial(p + i, left))), left));
  }
  return KERNEL(scalar_log)(sum) + gap;
}

/// out[i,j] = x[i]·y[j], or 0 where that is below 2⁻⁶⁰: products of such products stay normal numbers.
static void KERNEL(outer)(size_t m, size_t n, const REAL *x, const REAL *y, REAL *out) {
  const REAL least = (REAL)0x1p-60;
  for (size_t i = 0; i < m; i++) {
    REAL *row = out + i * n;
    size_t j = 0;
    for (; j + LANES <= n; j += LANES) {
      VECTOR v = x[i] * loaded(y + j);
      store(row + j, v < (VECTOR)least ? ALL(0) : v);
    }
    for (; j < n; j++) {
      REAL v = x[i] * y[j];
      row[j] = v < least ? (REAL)0 : v;
    }
  }
}

/// rows[i] ← rows[i] + table[index[i]].
static void KERNEL(gather_add)(size_t count, size_t width, const REAL *table, const int32_t *index,
                               REAL *rows) {
  for (size_t i = 0; i < count; i++) {
    const REAL *entry = table + (size_t)index[i] * width;
    REAL *row = rows + i * width;
    size_t j = 0;
    for (; j + LANES <= width; j += LANES) store(row + j, loaded(row + j) + loaded(entry + j));
    for (; j < width; j++) row[j] += entry[j];
  }
}
