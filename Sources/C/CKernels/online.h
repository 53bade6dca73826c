// One-pass gradient descent of a student committee on a teacher's outputs; included after training.h
// and stream.h with the same macros. docs/NUMERICS.md gives every formula.

/// Inner products of rows with x, several rows at a time; each as K(inner) gives it. n is a multiple of 64.
#define FIELDS(R)                                                                                  \
  INLINE void K(fields_##R)(size_t n, const T *a, size_t stride, const T *x, T *y) {               \
    V lanes[R][GROUPS];                                                                            \
    for (int r = 0; r < R; r++)                                                                    \
      for (int g = 0; g < GROUPS; g++) lanes[r][g] = (V)(T)0;                                      \
    for (size_t i = 0; i < n; i += 32) {                                                           \
      _Pragma("clang loop unroll(full)") for (int g = 0; g < GROUPS; g++) {                        \
        V v = K(loaded)(x + i + g * L);                                                            \
        _Pragma("clang loop unroll(full)") for (int r = 0; r < R; r++)                             \
            lanes[r][g] = fused(K(loaded)(a + r * stride + i + g * L), v, lanes[r][g]);            \
      }                                                                                            \
    }                                                                                              \
    for (int r = 0; r < R; r++) y[r] = K(folded)(lanes[r]);                                        \
  }
FIELDS(1)
FIELDS(2)
FIELDS(4)

static void K(fields)(size_t rows, size_t n, const T *a, size_t stride, const T *x, T *y) {
  size_t r = 0;
#if VECTOR_BYTES == 64
  for (; r + 4 <= rows; r += 4) K(fields_4)(n, a + r * stride, stride, x, y + r);
#endif
  for (; r + 2 <= rows; r += 2) K(fields_2)(n, a + r * stride, stride, x, y + r);
  for (; r < rows; r++) K(fields_1)(n, a + r * stride, stride, x, y + r);
}

/// The next input: normals of the stream, times `scale`; turned where there is a rotation.
INLINE void K(online_input)(const ONLINE *job, uint64_t example, T *x) {
  size_t n = job->stride;
  T *plain = job->rotation ? job->plain : x;
  K(stream_scaled)(job->key0, job->key1, job->index, example * (n / 64), n / 64, job->scale,
                   job->normals, plain);
  if (job->rotation) K(fields)(job->inputs, n, job->rotation, n, plain, x);
}

/// `steps` steps from a number of examples on; returns how many were made before a field was not finite.
static uint64_t K(online)(const ONLINE *job, uint64_t example, uint64_t steps) {
  size_t n = job->stride, units = job->students + job->teachers;
  size_t active = (job->trained + 63) / 64 * 64;
  for (uint64_t step = 0; step < steps; step++) {
    for (size_t e = 0; e < job->batch; e++, example++) {
      T *x = job->x + e * n, *h = job->fields, *slope = job->fields + units;
      T *factor = job->factors + e * job->students;
      K(online_input)(job, example, x);
      K(fields)(units, n, job->weights, n, x, h);
      for (size_t u = 0; u < units; u++) h[u] *= job->field_scale;
      if (job->activation == BITLAW_ACTIVATE_LINEAR) {
        for (size_t u = 0; u < units; u++) slope[u] = (T)1;
      } else {
        K(activate)(job->activation, units, h, slope);
      }
      T student = (T)0, teacher = (T)0;
      for (size_t u = 0; u < job->students; u++) student += h[u];
      for (size_t u = job->students; u < units; u++) teacher += h[u];
      T error = job->teacher_scale * teacher - job->student_scale * student;
      if (!(error - error == (T)0)) return step;
      for (size_t u = 0; u < job->students; u++) factor[u] = (job->rate * error) * slope[u];
      for (size_t i = job->trained; i < active; i++) x[i] = (T)0;
    }
    for (size_t e = 0; e < job->batch; e++)
      K(rank_one)(job->students, active, job->factors + e * job->students, job->x + e * n,
                  job->weights, n);
  }
  return steps;
}
