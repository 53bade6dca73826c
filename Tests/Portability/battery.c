// Every kernel variant that this CPU runs, on a fixed battery: one line "digest variant" each.
//
// Plain C, so that a cross compiler can build it for a CPU that the rest of the toolchain does not
// target. `Tests/Portability/run` compares the lines of several CPUs.
#include "CKernels.h"

#include <stdio.h>
#include <stdlib.h>

static uint64_t digest;

static void take(const void *data, size_t size) {
  const unsigned char *byte = data;
  for (size_t i = 0; i < size; i++) digest = (digest ^ byte[i]) * 0x100000001b3ull;
}

#define PARTS(REAL, FIELD)                                                                         \
  static void products_##FIELD(const bitlaw_kernels *kernels) {                                    \
    static const size_t shapes[][3] = {{1, 70, 33}, {37, 1, 300}, {29, 67, 41}, {50, 40, 600},     \
                                       {13, 530, 50}};                                             \
    for (int s = 0; s < 5; s++)                                                                    \
      for (int turn = 0; turn < 4; turn++) {                                                       \
        size_t m = shapes[s][0], n = shapes[s][1], k = shapes[s][2];                               \
        int left = turn & 1, right = turn >> 1;                                                    \
        REAL *a = calloc(m * k, sizeof(REAL)), *b = calloc(k * n, sizeof(REAL));                   \
        REAL *c = calloc(m * n, sizeof(REAL));                                                     \
        kernels->FIELD->normals(1, 2, 3, 0, m * k, a);                                             \
        kernels->FIELD->normals(4, 5, 6, 7, k * n, b);                                             \
        bitlaw_product job = {                                                                     \
            .m = m, .n = n, .k = k, .a = a, .a_stride = left ? m : k, .b = b,                      \
            .b_stride = right ? k : n, .c = c, .c_stride = n, .bias = c, .gate = c,                \
            .a_transposed = left, .b_transposed = right, .start = BITLAW_START_ZERO,               \
            .finish = turn == 3 ? BITLAW_FINISH_RELU : turn == 1 ? BITLAW_FINISH_SIGN : BITLAW_FINISH_NONE};                        \
        kernels->FIELD->product(&job);                                                             \
        REAL sums[2] = {kernels->FIELD->sum(m * n, c), kernels->FIELD->dot(m * n, c, c)};          \
        double wide = kernels->FIELD->sum_wide(m * n, c);                                          \
        take(c, m * n * sizeof(REAL)), take(sums, sizeof sums), take(&wide, sizeof wide);          \
        free(a), free(b), free(c);                                                                 \
      }                                                                                            \
  }                                                                                                \
  /* Norm, gate and soft targets, there and back, on rows whose ends fill no vector. */            \
  static void gated_##FIELD(const bitlaw_kernels *kernels) {                                       \
    enum { ROWS = 7, WIDTH = 37, COUNT = ROWS * WIDTH };                                           \
    REAL x[COUNT], y[COUNT], pairs[2 * COUNT], slope[COUNT], product[COUNT], inverses[ROWS];       \
    REAL p[COUNT], left[ROWS], total = 0;                                                          \
    int32_t index[ROWS] = {3, 0, 6, 3, 1, 2, 5};                                                   \
    kernels->FIELD->normals(1, 2, 3, 4, COUNT, x);                                                 \
    kernels->FIELD->normals(5, 6, 7, 8, 2 * COUNT, pairs);                                         \
    kernels->FIELD->rms(ROWS, WIDTH, x, y, inverses);                                              \
    kernels->FIELD->gate(ROWS, WIDTH, pairs, slope, product);                                      \
    kernels->FIELD->gate_back(ROWS, WIDTH, y, slope, pairs);                                       \
    kernels->FIELD->rms_back(ROWS, WIDTH, y, inverses, product, 1, x);                             \
    kernels->FIELD->gather_add(ROWS, WIDTH, y, index, x);                                          \
    take(x, sizeof x), take(pairs, sizeof pairs), take(slope, sizeof slope);                       \
    for (int i = 0; i < ROWS; i++) left[i] = inverses[i] * (i % 2 ? (REAL)0x1p-58 : (REAL)1);      \
    for (int i = 0; i < WIDTH; i++) slope[i] = y[i] * y[i];                                        \
    kernels->FIELD->outer(ROWS, WIDTH, left, slope, p);                                            \
    for (int i = 0; i < COUNT; i++) total += p[i];                                                 \
    for (int i = 0; i < COUNT; i++) p[i] /= total;                                                 \
    REAL loss = kernels->FIELD->soft_cross_entropy(COUNT, (REAL)0.25, p, 1, product);              \
    take(p, sizeof p), take(product, sizeof product), take(&loss, sizeof loss);                    \
  }                                                                                                \
  static void functions_##FIELD(const bitlaw_kernels *kernels) {                                   \
    enum { COUNT = 4001 };                                                                         \
    REAL *x = calloc(COUNT, sizeof(REAL)), *y = calloc(COUNT, sizeof(REAL));                       \
    REAL size = (REAL)0x1p-120;                                                                    \
    for (int i = 0; i + 1 < COUNT; i += 2) x[i] = size, x[i + 1] = -size, size *= (REAL)1.085;     \
    for (int f = 0; f < BITLAW_FUNCTION_COUNT; f++) {                                              \
      kernels->FIELD->map(f, COUNT, x, y);                                                         \
      for (int i = 0; i < COUNT; i++)                                                              \
        if (y[i] == y[i]) take(y + i, sizeof(REAL));                                               \
    }                                                                                              \
    kernels->FIELD->normals(1, 2, 3, 4, COUNT, x);                                                 \
    for (int activation = 0; activation < 4; activation++) {                                       \
      REAL *z = calloc(COUNT, sizeof(REAL));                                                       \
      for (int i = 0; i < COUNT; i++) z[i] = x[i];                                                 \
      kernels->FIELD->activate(activation, COUNT, z, y);                                           \
      take(z, COUNT * sizeof(REAL)), take(y, COUNT * sizeof(REAL));                                \
      free(z);                                                                                     \
    }                                                                                              \
    kernels->FIELD->squared_loss(37, (REAL)0.25, x + 40, x, y);                                    \
    take(x, 37 * sizeof(REAL)), take(y, 37 * sizeof(REAL));                                        \
    REAL errors[4], outer[3] = {1, 2, 3}, room[6];                                                 \
    bitlaw_committee committee = {                                                                 \
        .units = 3, .inputs = 41, .activation = BITLAW_ACTIVATE_ERF, .scale = (REAL)0.125,         \
        .rate = (REAL)0.5, .outer_rate = (REAL)0.25, .x = x + 200, .targets = x + 100,             \
        .errors = errors, .weights = x, .outer = outer, .fields = room, .slopes = room + 3};       \
    uint64_t made = kernels->FIELD->committee(&committee, 4);                                      \
    take(x, 123 * sizeof(REAL)), take(errors, sizeof errors), take(outer, sizeof outer);           \
    take(&made, sizeof made);                                                                      \
    int32_t targets[4] = {3, 999, 0, 500};                                                         \
    REAL losses[4];                                                                                \
    kernels->FIELD->cross_entropy(4, 1000, (REAL)0.25, NULL, targets, x, 1000, losses);            \
    take(x, COUNT * sizeof(REAL)), take(losses, sizeof losses);                                    \
    REAL *first = calloc(COUNT, sizeof(REAL)), *second = calloc(COUNT, sizeof(REAL));              \
    for (int step = 0; step < 5; step++)                                                           \
      kernels->FIELD->adam(COUNT, (REAL)0.01, (REAL)3, (REAL)0.999, x, first, second, y);          \
    take(y, COUNT * sizeof(REAL));                                                                 \
    free(x), free(y), free(first), free(second);                                                   \
  }
PARTS(float, f32)
PARTS(double, f64)

int main(void) {
  if (bitlaw_float_mode()) return printf("a changed floating-point mode\n"), 1;
  for (int32_t number = 0; number < bitlaw_variant_count(); number++) {
    if (!bitlaw_variant_supported(number)) continue;
    const bitlaw_kernels *kernels = bitlaw_variant(number);
    digest = 0xcbf29ce484222325ull;
    products_f32(kernels), products_f64(kernels), functions_f32(kernels), functions_f64(kernels);
    gated_f32(kernels), gated_f64(kernels);
    for (double x = 0.01; x < 100; x *= 1.3) {
      double value = kernels->power(x, 2.5 - x / 16);
      take(&value, sizeof value);
    }
    printf("%016llx %s\n", (unsigned long long)digest, kernels->name);
  }
  return 0;
}
