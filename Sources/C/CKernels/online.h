// One-pass gradient descent of a student committee on a teacher's outputs; included after training.h
// and stream.h. docs/NUMERICS.md gives every formula.

/// Inner products of rows with x, several rows at a time; each as `inner` gives it. n is a multiple of 64.
#define FIELDS(COUNT)                                                                              \
  INLINE void fields_##COUNT(size_t n, const REAL *a, size_t stride, const REAL *x, REAL *y) {     \
    VECTOR lanes[COUNT][GROUPS];                                                                   \
    for (int r = 0; r < COUNT; r++)                                                                \
      for (int g = 0; g < GROUPS; g++) lanes[r][g] = ALL(0);                                       \
    for (size_t i = 0; i < n; i += 32) {                                                           \
      _Pragma("clang loop unroll(full)") for (int g = 0; g < GROUPS; g++) {                        \
        VECTOR v = loaded(x + i + g * LANES);                                                      \
        _Pragma("clang loop unroll(full)") for (int r = 0; r < COUNT; r++)                         \
            lanes[r][g] = fused(loaded(a + r * stride + i + g * LANES), v, lanes[r][g]);           \
      }                                                                                            \
    }                                                                                              \
    for (int r = 0; r < COUNT; r++) y[r] = folded(lanes[r]);                                       \
  }
FIELDS(1)
FIELDS(2)
FIELDS(4)

static void KERNEL(fields)(size_t rows, size_t n, const REAL *a, size_t stride, const REAL *x, REAL *y) {
  size_t r = 0;
#if VECTOR_BYTES == 64
  for (; r + 4 <= rows; r += 4) fields_4(n, a + r * stride, stride, x, y + r);
#endif
  for (; r + 2 <= rows; r += 2) fields_2(n, a + r * stride, stride, x, y + r);
  for (; r < rows; r++) fields_1(n, a + r * stride, stride, x, y + r);
}

/// The job with typed arrays.
typedef BITLAW_ONLINE_JOB(REAL) KERNEL(online_job);

/// The next input: normals of the stream, times `scale`; turned where there is a rotation.
INLINE void online_input(const KERNEL(online_job) *job, uint64_t example, REAL *x) {
  size_t n = job->stride;
  REAL *plain = job->rotation ? job->plain : x;
  KERNEL(stream_scaled)(job->key0, job->key1, job->index, example * (n / 64), n / 64, job->scale,
                        job->normals, plain);
  if (job->rotation) KERNEL(fields)(job->inputs, n, job->rotation, n, plain, x);
}

/// `steps` steps from a number of examples on; returns how many were made before a field was not finite.
static uint64_t KERNEL(online)(const bitlaw_online *given, uint64_t example, uint64_t steps) {
  KERNEL(online_job) typed;
  _Static_assert(sizeof typed == sizeof *given, "an address has one size");
  __builtin_memcpy(&typed, given, sizeof typed);
  const KERNEL(online_job) *job = &typed;
  const REAL rate = (REAL)job->rate, field_scale = (REAL)job->field_scale;
  const REAL student_scale = (REAL)job->student_scale, teacher_scale = (REAL)job->teacher_scale;
  size_t n = job->stride, units = job->students + job->teachers;
  size_t active = (job->trained + 63) / 64 * 64;
  for (uint64_t step = 0; step < steps; step++) {
    for (size_t e = 0; e < job->batch; e++, example++) {
      REAL *x = job->x + e * n, *h = job->fields, *slope = job->fields + units;
      REAL *factor = job->factors + e * job->students;
      online_input(job, example, x);
      KERNEL(fields)(units, n, job->weights, n, x, h);
      for (size_t u = 0; u < units; u++) h[u] *= field_scale;
      if (job->activation == BITLAW_ACTIVATE_LINEAR) {
        for (size_t u = 0; u < units; u++) slope[u] = (REAL)1;
      } else {
        KERNEL(activate)(job->activation, units, h, slope);
      }
      REAL student = (REAL)0, teacher = (REAL)0;
      for (size_t u = 0; u < job->students; u++) student += h[u];
      for (size_t u = job->students; u < units; u++) teacher += h[u];
      REAL error = teacher_scale * teacher - student_scale * student;
      if (!(error - error == (REAL)0)) return step;
      for (size_t u = 0; u < job->students; u++) factor[u] = (rate * error) * slope[u];
      for (size_t i = job->trained; i < active; i++) x[i] = (REAL)0;
    }
    for (size_t e = 0; e < job->batch; e++)
      KERNEL(rank_one)(job->students, active, job->factors + e * job->students, job->x + e * n,
                       job->weights, n);
  }
  return steps;
}
