// One step of training of 16 one-hidden-layer ReLU students at once: run r of the block in lane r.
//
// Included once a variant. Nothing crosses lanes, so a run's bits depend on nothing but the run.
// docs/COMPUTE-OPTIMAL.md, "Bits", has the definition.

/// Learning units at a time, and examples or inputs at a time: accumulators that fit in registers.
#define UNITS 2
#define DEEP 8

/// Activations of `units` units, and what they add to the outputs.
INLINE void students_forward(const bitlaw_students *job, size_t lane, size_t unit, int units) {
  const size_t d = job->inputs, rows = d + 1, batch = job->batch;
  const float *x = job->x + lane, *w = job->weights + unit * rows * 16 + lane;
  float *u = job->activations + unit * batch * 16 + lane, *f = job->outputs + lane;
  vf out[UNITS];
  for (int j = 0; j < units; j++) out[j] = loaded(w + ((size_t)j * rows + d) * 16);
  for (size_t b = 0; b < batch; b += DEEP) {
    vf h[UNITS][DEEP];
    for (int j = 0; j < units; j++)
      for (int i = 0; i < DEEP; i++) h[j][i] = (vf)0.0f;
    for (size_t k = 0; k < d; k++) {
      vf v[UNITS];
      for (int j = 0; j < units; j++) v[j] = loaded(w + ((size_t)j * rows + k) * 16);
#pragma clang loop unroll(full)
      for (int i = 0; i < DEEP; i++) {
        vf one = loaded(x + ((b + (size_t)i) * d + k) * 16);
        for (int j = 0; j < units; j++) h[j][i] = fused(one, v[j], h[j][i]);
      }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < DEEP; i++) {
      vf sum = loaded(f + (b + (size_t)i) * 16);
      for (int j = 0; j < units; j++) {
        vf on = h[j][i] > (vf)0.0f ? h[j][i] : (vf)0.0f;
        store(u + ((size_t)j * batch + b + (size_t)i) * 16, on);
        sum = fused(out[j], on, sum);
      }
      store(f + (b + (size_t)i) * 16, sum);
    }
  }
}

/// One step of Adam of a row of parameters.
INLINE void students_adam(const bitlaw_students *job, size_t place, size_t lane, vf g) {
  const float *step = job->steps + lane;
  vf m = fused((vf)job->beta1, loaded(job->first + place), ((vf)1.0f - job->beta1) * g);
  vf s = fused((vf)job->beta2, loaded(job->second + place),
               (((vf)1.0f - job->beta2) * g) * g);
  store(job->first + place, m);
  store(job->second + place, s);
  vf root = __builtin_elementwise_sqrt(s * job->correction) + (vf)1e-8f;
  store(job->weights + place, loaded(job->weights + place) - (loaded(step) * m) / root);
}

/// Gradients of inputs k, k + 1, … (`deep` of them) of `units` units, and their step.
INLINE void students_inputs(const bitlaw_students *job, size_t lane, size_t unit, int units,
                            size_t k, int deep, const vf *out) {
  const size_t d = job->inputs, rows = d + 1, batch = job->batch;
  const float *x = job->x + lane + k * 16, *delta = job->outputs + lane;
  const float *u = job->activations + unit * batch * 16 + lane;
  vf g[UNITS][DEEP];
  for (int j = 0; j < units; j++)
    for (int i = 0; i < deep; i++) g[j][i] = (vf)0.0f;
  for (size_t b = 0; b < batch; b++) {
    vf back[UNITS], error = loaded(delta + b * 16);
    for (int j = 0; j < units; j++)
      back[j] = loaded(u + ((size_t)j * batch + b) * 16) > (vf)0.0f ? error : (vf)0.0f;
#pragma clang loop unroll(full)
    for (int i = 0; i < deep; i++) {
      vf one = loaded(x + (b * d + (size_t)i) * 16);
      for (int j = 0; j < units; j++) g[j][i] = fused(back[j], one, g[j][i]);
    }
  }
  for (int j = 0; j < units; j++)
    for (int i = 0; i < deep; i++)
      students_adam(job, ((unit + (size_t)j) * rows + k + (size_t)i) * 16 + lane, lane,
                    out[j] * g[j][i]);
}

/// Gradients of `units` units, and their step.
INLINE void students_backward(const bitlaw_students *job, size_t lane, size_t unit, int units) {
  const size_t d = job->inputs, rows = d + 1, batch = job->batch;
  const float *u = job->activations + unit * batch * 16 + lane, *delta = job->outputs + lane;
  vf out[UNITS], g[UNITS];
  for (int j = 0; j < units; j++) {
    out[j] = loaded(job->weights + ((unit + (size_t)j) * rows + d) * 16 + lane);
    g[j] = (vf)0.0f;
  }
  for (size_t b = 0; b < batch; b++) {
    vf error = loaded(delta + b * 16);
    for (int j = 0; j < units; j++)
      g[j] = fused(error, loaded(u + ((size_t)j * batch + b) * 16), g[j]);
  }
  size_t k = 0;
  for (; k + DEEP <= d; k += DEEP) students_inputs(job, lane, unit, units, k, DEEP, out);
  for (; k + 4 <= d; k += 4) students_inputs(job, lane, unit, units, k, 4, out);
  for (; k < d; k++) students_inputs(job, lane, unit, units, k, 1, out);
  for (int j = 0; j < units; j++)
    students_adam(job, ((unit + (size_t)j) * rows + d) * 16 + lane, lane, g[j]);
}

/// Outputs become scaled slopes of the logistic loss; `excess` takes Σ softplus(f) − p·f.
INLINE void students_loss(const bitlaw_students *job, size_t lane) {
  const float *y = job->labels + lane, *p = job->truths + lane;
  float *f = job->outputs + lane;
  vw total;
  double *excess = job->excess + lane;
  __builtin_memcpy(&total, excess, sizeof total);
  for (size_t b = 0; b < job->batch; b += DEEP) {
    // Σ log(1 + e) as the logarithm of a product of numbers in [1, 2].
    vf product = (vf)1.0f, sum = (vf)0.0f;
    for (size_t i = b; i < b + DEEP; i++) {
      vf v = loaded(f + i * 16);
      vf e = exp_of(v > (vf)0.0f ? -v : v), s = (vf)1.0f / ((vf)1.0f + e);
      product *= (vf)1.0f + e;
      sum += fused(-loaded(p + i * 16), v, v > (vf)0.0f ? v : (vf)0.0f);
      vf sigma = v > (vf)0.0f ? s : e * s;
      store(f + i * 16, (sigma - loaded(y + i * 16)) * job->scale);
    }
    total += __builtin_convertvector(sum + log_of(product), vw);
  }
  __builtin_memcpy(excess, &total, sizeof total);
}

static void students(const bitlaw_students *job) {
  for (size_t lane = 0; lane < 16; lane += VF) {
    for (size_t b = 0; b < job->batch; b++) store(job->outputs + b * 16 + lane, (vf)0.0f);
    size_t unit = 0;
    for (; unit + UNITS <= job->width; unit += UNITS) students_forward(job, lane, unit, UNITS);
    for (; unit < job->width; unit++) students_forward(job, lane, unit, 1);
    students_loss(job, lane);
    unit = 0;
    for (; unit + UNITS <= job->width; unit += UNITS) students_backward(job, lane, unit, UNITS);
    for (; unit < job->width; unit++) students_backward(job, lane, unit, 1);
  }
}

/// rows[16 i + r] ← source[offsets[r] + i]: the runs' own rows beside each other.
static void interleave(size_t count, const float *source, const int64_t *offsets, float *rows) {
  for (int r = 0; r < 16; r++) {
    const float *one = source + offsets[r];
    for (size_t i = 0; i < count; i++) rows[16 * i + (size_t)r] = one[i];
  }
}
#undef UNITS
#undef DEEP
