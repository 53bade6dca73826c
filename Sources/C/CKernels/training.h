// Activations, steps of optimizers, losses and layer normalisation; included after real.h.
// docs/NUMERICS.md gives every formula.

INLINE VECTOR activated_relu(VECTOR z, VECTOR *slope) {
  *slope = z > ALL(0) ? ALL(1) : ALL(0);
  return z > ALL(0) ? z : ALL(0);
}

INLINE VECTOR activated_tanh(VECTOR z, VECTOR *slope) {
  VECTOR t = tanh_of(z);
  *slope = fused(-t, t, ALL(1));
  return t;
}

INLINE VECTOR activated_gelu(VECTOR z, VECTOR *slope) {
  VECTOR share = (REAL)0.5 * ((REAL)1 + erf_of(z * (REAL)0.70710678118654752));
  VECTOR density = (REAL)0.39894228040143268 * exp_of((REAL)-0.5 * z * z);
  *slope = fused(z, density, share);
  return z * share;
}

INLINE VECTOR activated_erf(VECTOR z, VECTOR *slope) {
  *slope = (REAL)0.79788456080286536 * exp_of((REAL)-0.5 * z * z);
  return erf_of(z * (REAL)0.70710678118654752);
}

#define ACTIVATED(name)                                                                            \
  static void KERNEL(activate_##name)(size_t n, REAL *z, REAL *slope) {                            \
    VECTOR s;                                                                                      \
    FOR_VECTORS(n, store(z + i, activated_##name(loaded(z + i), &s)); store(slope + i, s),         \
                store_partial(z + i, activated_##name(partial(z + i, left), &s), left);            \
                store_partial(slope + i, s, left));                                                \
  }
ACTIVATED(relu)
ACTIVATED(tanh)
ACTIVATED(gelu)
ACTIVATED(erf)

static void KERNEL(activate)(int32_t activation, size_t n, REAL *z, REAL *slope) {
  switch (activation) {
  case BITLAW_RELU: KERNEL(activate_relu)(n, z, slope); break;
  case BITLAW_ACTIVATE_TANH: KERNEL(activate_tanh)(n, z, slope); break;
  case BITLAW_GELU: KERNEL(activate_gelu)(n, z, slope); break;
  default: KERNEL(activate_erf)(n, z, slope);
  }
}

static void KERNEL(multiply)(size_t n, const REAL *factors, REAL *values) {
  FOR_VECTORS(n, store(values + i, loaded(values + i) * loaded(factors + i)),
              for (size_t j = 0; j < left; j++) values[i + j] *= factors[i + j]);
}

static void KERNEL(scale)(size_t n, REAL factor, REAL *values) {
  FOR_VECTORS(n, store(values + i, loaded(values + i) * factor),
              for (size_t j = 0; j < left; j++) values[i + j] *= factor);
}

/// v ← fma(μ, v, g); w ← fma(−rate, v, w).
static void KERNEL(momentum)(size_t n, REAL mu, REAL rate, const REAL *gradient, REAL *velocity,
                             REAL *values) {
  VECTOR factor = (VECTOR)mu, down = (VECTOR)-rate;
  FOR_VECTORS(
      n,
      VECTOR v = fused(factor, loaded(velocity + i), loaded(gradient + i));
      store(velocity + i, v); store(values + i, fused(down, v, loaded(values + i))),
      VECTOR v = fused(factor, partial(velocity + i, left), partial(gradient + i, left));
      store_partial(velocity + i, v, left);
      store_partial(values + i, fused(down, v, partial(values + i, left)), left));
}

/// One step of Adam; `values` are multiplied by `keep` first where it is not 1.
INLINE VECTOR adam_lane(VECTOR g, VECTOR *first, VECTOR *second, VECTOR w, REAL step,
                        REAL correction, REAL keep) {
  VECTOR a = fused(ALL(0.9), *first, (REAL)0.1 * g);
  VECTOR b = fused(ALL(0.999), *second, ((REAL)0.001 * g) * g);
  *first = a;
  *second = b;
  VECTOR root = __builtin_elementwise_sqrt(b * correction) + (REAL)1e-8;
  return w * keep - (step * a) / root;
}

static void KERNEL(adam)(size_t n, REAL step, REAL correction, REAL keep, const REAL *gradient,
                         REAL *first, REAL *second, REAL *values) {
  VECTOR a, b, w;
  FOR_VECTORS(
      n,
      load(&a, first + i); load(&b, second + i);
      w = adam_lane(loaded(gradient + i), &a, &b, loaded(values + i), step, correction, keep);
      store(first + i, a); store(second + i, b); store(values + i, w),
      a = partial(first + i, left); b = partial(second + i, left);
      w = adam_lane(partial(gradient + i, left), &a, &b, partial(values + i, left), step,
                       correction, keep);
      store_partial(first + i, a, left); store_partial(second + i, b, left);
      store_partial(values + i, w, left));
}

/// Row r of z stands for the targets at places[r] … places[r + 1] − 1 (places null: one each, n = 1):
/// it becomes scale·(n·softmax(z) − Σ one-hot(target)); losses[r] = Σ (log Σe^(z − max) + (max − zₜ)).
static void KERNEL(cross_entropy)(size_t rows, size_t classes, REAL scale, const int32_t *places,
                                  const int32_t *targets, REAL *z, size_t stride, REAL *losses) {
  for (size_t r = 0; r < rows; r++) {
    REAL *row = z + r * stride;
    size_t first = places ? (size_t)places[r] : r, end = places ? (size_t)places[r + 1] : r + 1;
    REAL most = KERNEL(maximum)(classes, row), gap = (REAL)0;
    // What the targets need of the logits, before these are gone.
    for (size_t t = first; t < end; t++) gap += most - row[targets[t]];
    VECTOR lanes[GROUPS];
    for (int g = 0; g < GROUPS; g++) lanes[g] = ALL(0);
    size_t i = 0;
    for (; i + 32 <= classes; i += 32) {
#pragma clang loop unroll(full)
      for (int g = 0; g < GROUPS; g++) {
        VECTOR e = exp_of(loaded(row + i + g * LANES) - most);
        lanes[g] += e;
        store(row + i + g * LANES, e);
      }
    }
    if (i < classes) {
      REAL rest[32], powers[32] = {0};
      for (int j = 0; j < 32; j++) rest[j] = i + j < classes ? row[i + j] : most;
      for (int g = 0; g < GROUPS; g++)
        store(rest + g * LANES, exp_of(loaded(rest + g * LANES) - most));
      for (size_t j = i; j < classes; j++) row[j] = powers[j - i] = rest[j - i];
      for (int g = 0; g < GROUPS; g++) lanes[g] += loaded(powers + g * LANES);
    }
    REAL sum = folded(lanes), count = (REAL)(end - first);
    losses[r] = fused((SINGLE)count, (SINGLE)KERNEL(scalar_log)(sum), (SINGLE)gap)[0];
    KERNEL(scale)(classes, scale * count / sum, row);
    for (size_t t = first; t < end; t++) row[targets[t]] -= scale;
  }
}

/// Logit z, target 0 or 1, s = ±1: losses = softplus(−sz), z becomes −s·logistic(−sz)·scale.
static void KERNEL(logistic_loss)(size_t n, REAL scale, const REAL *targets, REAL *z, REAL *losses) {
  VECTOR t, u, s;
  FOR_VECTORS(
      n,
      load(&t, targets + i); load(&u, z + i);
      s = t > ALL(0.5) ? ALL(1) : ALL(-1); u *= -s;
      store(losses + i, softplus_of(u)); store(z + i, -s * logistic_of(u) * scale),
      t = partial(targets + i, left); u = partial(z + i, left);
      s = t > ALL(0.5) ? ALL(1) : ALL(-1); u *= -s;
      store_partial(losses + i, softplus_of(u), left);
      store_partial(z + i, -s * logistic_of(u) * scale, left));
}

/// In doubles, d = z − target: losses = (½·d)·d, z becomes d·scale with d rounded first.
static void KERNEL(squared_loss)(size_t n, REAL scale, const REAL *targets, REAL *z, REAL *losses) {
  DOUBLES d;
  FOR_VECTORS(
      n,
      d = __builtin_convertvector(loaded(z + i), DOUBLES) - __builtin_convertvector(loaded(targets + i), DOUBLES);
      store(losses + i, __builtin_convertvector((0.5 * d) * d, VECTOR));
      store(z + i, __builtin_convertvector(d, VECTOR) * scale),
      d = __builtin_convertvector(partial(z + i, left), DOUBLES) - __builtin_convertvector(partial(targets + i, left), DOUBLES);
      store_partial(losses + i, __builtin_convertvector((0.5 * d) * d, VECTOR), left);
      store_partial(z + i, __builtin_convertvector(d, VECTOR) * scale, left));
}

/// Each row: x̂ = (x − mean)/√(variance + 10⁻⁵); x becomes fma(x̂, gain, shift).
static void KERNEL(normalize)(size_t rows, size_t width, const REAL *gain, const REAL *shift,
                              REAL *x, REAL *normalized, REAL *deviations) {
  for (size_t r = 0; r < rows; r++) {
    REAL *row = x + r * width, *unit = normalized + r * width;
    REAL mean = KERNEL(sum)(width, row) / (REAL)width;
    for (size_t i = 0; i < width; i++) unit[i] = row[i] - mean;
    REAL variance = inner(width, unit, unit) / (REAL)width;
    REAL inverse = (REAL)1 / __builtin_elementwise_sqrt((SINGLE)(variance + (REAL)1e-5))[0];
    deviations[r] = inverse;
    FOR_VECTORS(width,
                VECTOR v = loaded(unit + i) * inverse; store(unit + i, v);
                store(row + i, fused(v, loaded(gain + i), loaded(shift + i))),
                VECTOR v = partial(unit + i, left) * inverse; store_partial(unit + i, v, left);
                store_partial(row + i, fused(v, partial(gain + i, left),
                                                partial(shift + i, left)), left));
  }
}

/// The way back: delta, the gradient of the outputs, becomes that of the inputs; the gradients of
/// gain and shift are chains over the rows, ascending, that start at what they hold.
static void KERNEL(unnormalize)(size_t rows, size_t width, const REAL *gain, const REAL *normalized,
                                const REAL *deviations, REAL *delta, REAL *gain_gradient,
                                REAL *shift_gradient) {
  for (size_t r = 0; r < rows; r++) {
    REAL *row = delta + r * width;
    const REAL *unit = normalized + r * width;
    FOR_VECTORS(width,
                VECTOR d = loaded(row + i);
                store(gain_gradient + i, fused(d, loaded(unit + i), loaded(gain_gradient + i)));
                store(shift_gradient + i, loaded(shift_gradient + i) + d);
                store(row + i, d * loaded(gain + i)),
                VECTOR d = partial(row + i, left);
                store_partial(gain_gradient + i,
                                 fused(d, partial(unit + i, left),
                                       partial(gain_gradient + i, left)), left);
                store_partial(shift_gradient + i, partial(shift_gradient + i, left) + d, left);
                store_partial(row + i, d * partial(gain + i, left), left));
    REAL mean = KERNEL(sum)(width, row) / (REAL)width;
    REAL product = inner(width, row, unit) / (REAL)width;
    REAL inverse = deviations[r];
    VECTOR down = (VECTOR)-product;
    FOR_VECTORS(width,
                store(row + i, fused(down, loaded(unit + i), loaded(row + i) - mean) * inverse),
                store_partial(row + i, fused(down, partial(unit + i, left),
                                                partial(row + i, left) - mean) * inverse, left));
  }
}
