// A formula of somebody's own at the points of one block: rows of numbers, and what an objective sums of them.
// Included after as_double.h and real.h. docs/NUMERICS.md gives the order of every sum.

/// So many points are worked on at a time: their rows stay in the cache.
#define FORMULA_CHUNK 64
/// So many lanes a sum has, whatever a vector holds.
#define FORMULA_LANES 8

/// The numbers of a place from i on; a place that is the same for all points holds eight equal ones.
INLINE vd formula_at(const double *room, int32_t place, size_t i) {
  vd v;
  load(&v, room + (place & ~7) + (i & (size_t) - (int64_t)(place & 1)));
  return v;
}

INLINE vd formula_loaded(const double *p) {
  vd v;
  load(&v, p);
  return v;
}

/// The product of a derivative: where either is 0 it is 0, also where the other is not finite.
INLINE vd formula_product(vd a, vd b) {
  vdi none = (a == (vd)0.0) | (b == (vd)0.0);
  return none ? (vd)0.0 : a * b;
}

/// A whole power by squaring.
INLINE vd formula_raised(vd a, int32_t whole) {
  vd result = (vd)1.0, square = a;
  for (uint32_t left = whole < 0 ? -(uint32_t)whole : (uint32_t)whole; left > 0; left >>= 1) {
    if (left & 1) result *= square;
    square *= square;
  }
  return whole < 0 ? (vd)1.0 / result : result;
}

#define FORMULA_TRUTH(condition) ((condition) ? (vd)1.0 : (vd)0.0)
#define FORMULA_STEP(name, result)                                                                 \
  case name:                                                                                       \
    for (size_t i = 0; i < n; i += VD) {                                                           \
      vd a = formula_at(room, step[2], i), b = formula_at(room, step[3], i);                       \
      store(out + i, result);                                                                      \
    }                                                                                              \
    break;

/// Steps of five numbers each: what it does, where it goes, and what it takes.
static void formula_run(const int32_t *step, size_t count, double *room, size_t n) {
  const vd zero = (vd)0.0, one = (vd)1.0;
  for (; count > 0; count--, step += 5) {
    double *out = room + (step[1] & ~7);
    switch (step[0]) {
      FORMULA_STEP(BITLAW_STEP_ADD, a + b)
      FORMULA_STEP(BITLAW_STEP_SUBTRACT, a - b)
      FORMULA_STEP(BITLAW_STEP_MULTIPLY, a * b)
      FORMULA_STEP(BITLAW_STEP_PRODUCT, formula_product(a, b))
      FORMULA_STEP(BITLAW_STEP_DIVIDE, a / b)
      FORMULA_STEP(BITLAW_STEP_NEGATE, ((void)b, -a))
      FORMULA_STEP(BITLAW_STEP_INVERT, ((void)b, one / a))
      FORMULA_STEP(BITLAW_STEP_EXP, ((void)b, exp_of(a)))
      FORMULA_STEP(BITLAW_STEP_LOG, ((void)b, log_of(a)))
      FORMULA_STEP(BITLAW_STEP_LOGISTIC, ((void)b, logistic_of(a)))
      FORMULA_STEP(BITLAW_STEP_TANH, ((void)b, tanh_of(a)))
      FORMULA_STEP(BITLAW_STEP_SQRT, ((void)b, __builtin_elementwise_sqrt(a)))
      FORMULA_STEP(BITLAW_STEP_ABS, ((void)b, absolute(a)))
      FORMULA_STEP(BITLAW_STEP_SIGN, ((void)b, a < zero ? -one : one))
      FORMULA_STEP(BITLAW_STEP_NOT, ((void)b, FORMULA_TRUTH(a == zero)))
      FORMULA_STEP(BITLAW_STEP_MIN, b < a ? b : a)
      FORMULA_STEP(BITLAW_STEP_MAX, b >= a ? b : a)
      FORMULA_STEP(BITLAW_STEP_LESS, FORMULA_TRUTH(a < b))
      FORMULA_STEP(BITLAW_STEP_LESS_EQUAL, FORMULA_TRUTH(a <= b))
      FORMULA_STEP(BITLAW_STEP_EQUAL, FORMULA_TRUTH(a == b))
      FORMULA_STEP(BITLAW_STEP_AND, FORMULA_TRUTH((a != zero) & (b != zero)))
      FORMULA_STEP(BITLAW_STEP_OR, FORMULA_TRUTH((a != zero) | (b != zero)))
      FORMULA_STEP(BITLAW_STEP_RAISE, ((void)b, formula_raised(a, step[4])))
      FORMULA_STEP(BITLAW_STEP_CHOOSE, a != zero ? b : formula_at(room, step[4], i))
    }
  }
}

/// The columns of a chunk, and every step there.
INLINE void formula_chunk(const bitlaw_formula *job, const int32_t *program, const double *data, double *room,
                          size_t at, size_t n) {
  const int32_t *places = program + 5 * (job->uniform + job->values + job->derivatives);
  for (size_t c = 0; c < job->columns; c++)
    __builtin_memcpy(room + (places[c] & ~7), data + c * job->stride + job->start + at, n * sizeof(double));
  size_t steps = job->values + (job->order > 0 ? job->derivatives : 0);
  formula_run(program + 5 * job->uniform, steps, room, n);
}

/// T(f) − T(y) of a chunk, and what the points cost.
typedef struct {
  double residuals[FORMULA_CHUNK], bends[FORMULA_CHUNK], sizes[FORMULA_CHUNK], seconds[FORMULA_CHUNK], squares[FORMULA_CHUNK];
} formula_costs;

/// T(f).
INLINE vd formula_transformed(const bitlaw_formula *job, vd f) {
  if (job->space == BITLAW_SPACE_LINEAR) return f;
  return job->space == BITLAW_SPACE_LOG ? log_of(f) : log1p_of((vd)job->unit * f);
}

/// The sum of what the points cost goes to lanes.
INLINE void formula_value(const bitlaw_formula *job, const double *data, const double *room, size_t at,
                          size_t n, formula_costs *costs, double *lanes) {
  const double *targets = data + job->columns * job->stride + job->start + at;
  const double *weights = targets + job->stride;
  const vd zero = (vd)0.0, delta = (vd)job->delta, inverse = (vd)1.0 / delta;
  int squared = job->delta == __builtin_inf();
  for (size_t i = 0; i < n; i += VD) {
    vd w, target, sum;
    load(&w, weights + i);
    load(&target, targets + i);
    vd r = formula_transformed(job, formula_at(room, job->value, i)) - target, size = absolute(r);
    vd rho = squared ? 0.5 * r * r : size <= delta ? 0.5 * r * r * inverse : size - 0.5 * delta;
    store(costs->residuals + i, r);
    load(&sum, lanes + i % FORMULA_LANES);
    store(lanes + i % FORMULA_LANES, sum + (w != zero ? w * rho : zero));
  }
}

/// The derivatives of what each point costs, by f.
INLINE void formula_cost(const bitlaw_formula *job, const double *data, const double *room, size_t at,
                         size_t n, formula_costs *costs) {
  const double *targets = data + job->columns * job->stride + job->start + at;
  const double *weights = targets + job->stride;
  const vd zero = (vd)0.0, one = (vd)1.0, delta = (vd)job->delta, inverse = one / delta;
  int squared = job->delta == __builtin_inf();
  for (size_t i = 0; i < n; i += VD) {
    vd first = one, second = zero, w, target;
    vd f = formula_at(room, job->value, i);
    load(&w, weights + i);
    load(&target, targets + i);
    if (job->space != BITLAW_SPACE_LINEAR) {
      vd unit = (vd)job->unit;
      first = job->space == BITLAW_SPACE_LOG ? one / f : unit / (one + unit * f);
      second = -first * first;
    }
    vd r = formula_loaded(costs->residuals + i);
    vd rho1 = r, rho2 = one, iterated = one;
    if (!squared) {
      vd size = absolute(r);
      vdi inside = size <= delta;
      rho1 = inside ? r * inverse : (r > zero ? one : -one);
      rho2 = inside ? inverse : zero;
      iterated = inside ? inverse : one / size;
    }
    vd rounding = rho2 * 2.3e-9 * (1.0 + absolute(target));
    vd least = rounding > (vd)1e-7 ? rounding : (vd)1e-7;
    vdi counts = w != zero;
    store(costs->bends + i, counts ? w * rho1 * first : zero);
    store(costs->sizes + i, counts ? absolute(w * (absolute(rho1) + least) * first) : zero);
    store(costs->seconds + i, counts ? w * (rho2 * first * first + rho1 * second) : zero);
    store(costs->squares + i, counts ? w * iterated * first * first : zero);
  }
}

/// Adds to the lanes of two sums: chains that do not wait for one another.
#define FORMULA_SUMS(lanes, n, first, other)                                                       \
  do {                                                                                             \
    vd all[2 * FORMULA_LANES / VD];                                                                \
    for (size_t g = 0; g < 2 * FORMULA_LANES / VD; g++) load(all + g, (lanes) + g * VD);           \
    for (size_t from = 0; from < (n); from += FORMULA_LANES)                                       \
      _Pragma("clang loop unroll(full)") for (size_t g = 0; g < FORMULA_LANES / VD; g++) {         \
        size_t i = from + g * VD;                                                                  \
        vd sum = all[g];                                                                           \
        all[g] = first;                                                                            \
        sum = all[g + FORMULA_LANES / VD];                                                         \
        all[g + FORMULA_LANES / VD] = other;                                                       \
      }                                                                                            \
    for (size_t g = 0; g < 2 * FORMULA_LANES / VD; g++) store((lanes) + g * VD, all[g]);           \
  } while (0)

/// Adds a chunk to the gradient and what it is compared with, the curvature and its model.
INLINE void formula_derivatives(const bitlaw_formula *job, const int32_t *program, const double *room,
                                size_t n, const formula_costs *costs, double *lanes) {
  const int32_t *slopes =
      program + 5 * (job->uniform + job->values + job->derivatives) + job->columns;
  const int32_t *bends = slopes + job->width;
  double second[FORMULA_CHUNK], square[FORMULA_CHUNK];
  for (size_t j = 0; j < job->width; j++, lanes += 2 * FORMULA_LANES) {
    int32_t place = slopes[j];
    FORMULA_SUMS(lanes, n, fused(formula_loaded(costs->bends + i), formula_at(room, place, i), sum),
                 fused(formula_loaded(costs->sizes + i), absolute(formula_at(room, place, i)), sum));
  }
  for (size_t j = 0; j < job->width; j++) {
    for (size_t i = 0; i < n; i += VD) {
      vd slope = formula_at(room, slopes[j], i);
      store(second + i, formula_loaded(costs->seconds + i) * slope);
      store(square + i, formula_loaded(costs->squares + i) * slope);
    }
    for (size_t k = 0; k <= j; k++, bends++, lanes += 2 * FORMULA_LANES) {
      int32_t other = slopes[k], bend = *bends;
      if (job->order == 1)
        FORMULA_SUMS(lanes, n, sum, fused(formula_loaded(square + i), formula_at(room, other, i), sum));
      else if (bend < 0)
        FORMULA_SUMS(lanes, n, fused(formula_loaded(second + i), formula_at(room, other, i), sum),
                     fused(formula_loaded(square + i), formula_at(room, other, i), sum));
      else
        FORMULA_SUMS(
            lanes, n,
            fused(formula_loaded(second + i), formula_at(room, other, i), sum) +
                formula_product(formula_loaded(costs->bends + i), formula_at(room, bend, i)),
            fused(formula_loaded(square + i), formula_at(room, other, i), sum));
    }
  }
}

static void formula_sums(const bitlaw_formula *job, const int32_t *program, const double *data, double *room) {
  size_t count = 1 + (job->order > 0 ? 2 * job->width + job->width * (job->width + 1) : 0);
  double *sums = room + job->sums, *lanes = sums + job->count;
  for (size_t i = 0; i < FORMULA_LANES * count; i++) lanes[i] = 0.0;
  formula_run(program, job->uniform, room, FORMULA_LANES);
  for (size_t at = 0; at < job->points; at += FORMULA_CHUNK) {
    size_t n = job->points - at < FORMULA_CHUNK ? job->points - at : FORMULA_CHUNK;
    formula_chunk(job, program, data, room, at, n);
    formula_costs costs;
    formula_value(job, data, room, at, n, &costs, lanes);
    if (job->order == 0) continue;
    formula_cost(job, data, room, at, n, &costs);
    formula_derivatives(job, program, room, n, &costs, lanes + FORMULA_LANES);
  }
  for (size_t s = 0; s < count; s++) {
    double *of = lanes + FORMULA_LANES * s;
    for (int width = FORMULA_LANES / 2; width > 0; width /= 2)
      for (int j = 0; j < width; j++) of[j] += of[j + width];
    sums[s] = of[0];
  }
}

static void formula_rows(const bitlaw_formula *job, const int32_t *program, const double *data, double *room,
                         size_t count, const int32_t *places, double *out) {
  formula_run(program, job->uniform, room, FORMULA_LANES);
  for (size_t at = 0; at < job->points; at += FORMULA_CHUNK) {
    size_t n = job->points - at < FORMULA_CHUNK ? job->points - at : FORMULA_CHUNK;
    formula_chunk(job, program, data, room, at, n);
    for (size_t r = 0; r < count; r++)
      for (size_t i = 0; i < n; i += VD)
        store(out + r * job->stride + job->start + at + i, formula_at(room, places[r], i));
  }
}
