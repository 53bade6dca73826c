// Activations, steps of optimizers, losses and layer normalisation; included after real.h with the same
// macros. docs/NUMERICS.md gives every formula.

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
