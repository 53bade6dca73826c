// One-pass gradient descent of a student committee on a teacher's outputs; included after training.h
// and stream.h. docs/NUMERICS.md gives every formula.

/// The job with typed arrays.
typedef BITLAW_ONLINE_JOB(REAL) KERNEL(online_job);

/// The next input: normals of the stream, times `scale`; turned where there is a rotation.
INLINE void online_input(const KERNEL(online_job) *job, uint64_t example, REAL *x) {
  size_t n = job->stride;
  REAL *plain = job->rotation ? job->plain : x;
  KERNEL(stream_scaled)(job->key0, job->key1, job->index, example * (n / 64), n / 64, job->scale,
                        job->normals, plain);
  if (job->rotation) KERNEL(vector_product)(job->inputs, n, job->rotation, n, plain, x);
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
      KERNEL(vector_product)(units, n, job->weights, n, x, h);
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

/// The job with typed arrays.
typedef BITLAW_COMMITTEE_JOB(REAL) KERNEL(committee_job);

/// A step an example; returns how many were made before an error was not finite.
static uint64_t KERNEL(committee)(const bitlaw_committee *given, uint64_t examples) {
  KERNEL(committee_job) job;
  _Static_assert(sizeof job == sizeof *given, "an address has one size");
  __builtin_memcpy(&job, given, sizeof job);
  const REAL scale = (REAL)job.scale, rate = (REAL)job.rate, outer_rate = (REAL)job.outer_rate;
  REAL *h = job.fields, *slope = job.slopes;
  for (uint64_t e = 0; e < examples; e++) {
    const REAL *x = job.x + e * job.inputs;
    KERNEL(vector_product)(job.units, job.inputs, job.weights, job.inputs, x, h);
    for (size_t u = 0; u < job.units; u++) h[u] *= scale, slope[u] = (REAL)1;
    if (job.activation != BITLAW_ACTIVATE_LINEAR) KERNEL(activate)(job.activation, job.units, h, slope);
    REAL output = (REAL)0;
    for (size_t u = 0; u < job.units; u++)
      output = fused((SINGLE)job.outer[u], (SINGLE)h[u], (SINGLE)output)[0];
    REAL error = output - job.targets[e];
    job.errors[e] = error;
    if (!(error - error == (REAL)0)) return e;
    REAL factor = -(rate * scale) * error;
    for (size_t u = 0; u < job.units; u++) {
      slope[u] *= factor * job.outer[u];
      if (outer_rate != (REAL)0)
        job.outer[u] = fused((SINGLE)(-outer_rate * error), (SINGLE)h[u], (SINGLE)job.outer[u])[0];
    }
    KERNEL(rank_one)(job.units, job.inputs, slope, x, job.weights, job.inputs);
  }
  return examples;
}
