// Portable numerical kernels: one definition each, compiled per instruction set, with the same bits
// in all of them. docs/NUMERICS.md defines every result; this file only says who calls what.
//
// A kernel is written in three places: its definition beside this folder, its entry in one of the lists
// below, and the Swift function that checks every bound and calls it.
#ifndef BITLAW_CKERNELS_H
#define BITLAW_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

/// Where a product's chains start.
enum { BITLAW_START_ZERO = 0, BITLAW_START_TARGET = 1, BITLAW_START_BIAS = 2 };

/// What an interleaved product does to its target: set, added to, subtracted from.
enum { BITLAW_INTERLEAVED_ZERO = 0, BITLAW_INTERLEAVED_MORE = 1, BITLAW_INTERLEAVED_LESS = 2 };

/// What happens to a product's element after its chain.
enum { BITLAW_FINISH_NONE = 0, BITLAW_FINISH_RELU = 1, BITLAW_FINISH_GATE = 2, BITLAW_FINISH_SIGN = 3 };

/// The elementary functions of `map` and `scalar`: FUNCTION(its number, its name).
#define BITLAW_FUNCTIONS(FUNCTION)                                                                 \
  FUNCTION(BITLAW_EXP, exp)                                                                        \
  FUNCTION(BITLAW_EXPM1, expm1)                                                                    \
  FUNCTION(BITLAW_LOG, log)                                                                        \
  FUNCTION(BITLAW_LOG1P, log1p)                                                                    \
  FUNCTION(BITLAW_TANH, tanh)                                                                      \
  FUNCTION(BITLAW_ERF, erf)                                                                        \
  FUNCTION(BITLAW_LOGISTIC, logistic)                                                              \
  FUNCTION(BITLAW_SOFTPLUS, softplus)                                                              \
  FUNCTION(BITLAW_SIN, sin)                                                                        \
  FUNCTION(BITLAW_COS, cos)

#define BITLAW_FUNCTION_NUMBER(number, name) number,
enum { BITLAW_FUNCTIONS(BITLAW_FUNCTION_NUMBER) BITLAW_FUNCTION_COUNT };
#undef BITLAW_FUNCTION_NUMBER

/// Activations of `activate`.
enum { BITLAW_RELU, BITLAW_ACTIVATE_TANH, BITLAW_GELU, BITLAW_ACTIVATE_ERF };
/// Of `online` and `committee` besides those.
enum { BITLAW_ACTIVATE_LINEAR = -1 };

/// Families of `radial`.
enum { BITLAW_RADIAL_SQUARED, BITLAW_RADIAL_MATERN12, BITLAW_RADIAL_MATERN32, BITLAW_RADIAL_MATERN52 };

// Two scalar types have the same kernels, and the same table: arrays of them are bare addresses there, and
// single ones doubles, which hold every float. The table's functions call the definitions, which are typed
// (entries.h).

/// c[i,j] = finish(chain over p ascending of fma(op(a)[i,p], op(b)[p,j], ·) from start).
///
/// op(a) is [m,k], op(b) [k,n], c and gate [m,n], bias [n]; strides are between rows in memory, in
/// elements. bias and gate are c where there is none: places in them are reckoned, not read. `packed`, if not
/// null, is op(b) as `pack` left it.
#define BITLAW_PRODUCT_JOB(REAL)                                                                   \
  struct {                                                                                         \
    size_t m, n, k;                                                                                \
    const REAL *a;                                                                                 \
    size_t a_stride;                                                                               \
    const REAL *b;                                                                                 \
    size_t b_stride;                                                                               \
    REAL *c;                                                                                       \
    size_t c_stride;                                                                               \
    const REAL *bias;                                                                              \
    const REAL *gate;                                                                              \
    size_t gate_stride;                                                                            \
    const REAL *_Nullable packed;                                                                  \
    int32_t a_transposed, b_transposed, start, finish;                                             \
  }
typedef BITLAW_PRODUCT_JOB(void) bitlaw_product;

/// A student of `students` units learns a teacher of `teachers`, whose weights follow in rows of `stride`
/// elements (a multiple of 64, zeros from `inputs` on).
///
/// Inputs are the stream's normals times `scale` [stride], turned by `rotation` [inputs, stride] if not
/// null; the first `trained` weights learn. normals, plain [stride], x [batch, stride],
/// fields [2(students + teachers)] and factors [batch, students] are room.
#define BITLAW_ONLINE_JOB(REAL)                                                                    \
  struct {                                                                                         \
    size_t inputs, stride, trained, students, teachers, batch;                                     \
    int32_t activation;                                                                            \
    double rate, field_scale, student_scale, teacher_scale;                                        \
    uint32_t key0, key1;                                                                           \
    uint64_t index;                                                                                \
    REAL *weights;                                                                                 \
    const REAL *scale;                                                                             \
    const REAL *_Nullable rotation;                                                                \
    float *normals;                                                                                \
    REAL *plain;                                                                                   \
    REAL *x;                                                                                       \
    REAL *fields;                                                                                  \
    REAL *factors;                                                                                 \
  }
typedef BITLAW_ONLINE_JOB(void) bitlaw_online;

/// A committee of `units` units, output Σ outer[u]·g(scale·weights[u]·x), learns one example a step.
///
/// Weights are [units, inputs], x [examples, inputs], targets and errors (output less target before the step)
/// [examples], outer [units]; fields and slopes [units] are room.
#define BITLAW_COMMITTEE_JOB(REAL)                                                                 \
  struct {                                                                                         \
    size_t units, inputs;                                                                          \
    int32_t activation;                                                                            \
    double scale, rate, outer_rate;                                                                \
    const REAL *x;                                                                                 \
    const REAL *targets;                                                                           \
    REAL *errors;                                                                                  \
    REAL *weights;                                                                                 \
    REAL *outer;                                                                                   \
    REAL *fields;                                                                                  \
    REAL *slopes;                                                                                  \
  }
typedef BITLAW_COMMITTEE_JOB(void) bitlaw_committee;

/// The kernels of each scalar type: ENTRY(result, name, parameters, their names).
///
/// `void *` is an array of the scalar type.
#define BITLAW_REAL_KERNELS(ENTRY)                                                                 \
  /* A matrix product. */                                                                          \
  ENTRY(void, product, (const bitlaw_product *job), (job))                                         \
  /* How many elements `pack` writes, and op(b) [k,n] in the order in which products read it. */   \
  ENTRY(size_t, packed_count, (size_t n, size_t k), (n, k))                                        \
  ENTRY(void, pack,                                                                                \
         (int32_t transposed, size_t n, size_t k, const void *b, size_t stride, void *packed),     \
         (transposed, n, k, b, stride, packed))                                                    \
  /* Products of `width` pairs of small matrices at once, element by element beside each other;    \
     steps of rows and of columns. */                                                              \
  ENTRY(void, interleaved,                                                                         \
         (size_t m, size_t n, size_t k, size_t width, const void *a, const size_t *a_steps,        \
          const void *b, const size_t *b_steps, int32_t manner, void *c),                          \
         (m, n, k, width, a, a_steps, b, b_steps, manner, c))                                      \
  /* Inner products of rows with a vector. */                                                      \
  ENTRY(void, vector_product,                                                                      \
         (size_t m, size_t k, const void *a, size_t stride, const void *x, void *y),               \
         (m, k, a, stride, x, y))                                                                  \
  /* a <- fma(x, y, a); a <- fma(z, v, fma(x, u, a)); rotations of neighbouring rows, in order. */ \
  ENTRY(void, rank_one,                                                                            \
         (size_t m, size_t n, const void *x, const void *y, void *a, size_t stride),               \
         (m, n, x, y, a, stride))                                                                  \
  ENTRY(void, rank_two,                                                                            \
         (size_t m, size_t n, const void *x, const void *u, const void *z, const void *v, void *a, \
          size_t stride),                                                                          \
         (m, n, x, u, z, v, a, stride))                                                            \
  ENTRY(void, rotations,                                                                           \
         (size_t count, const void *cosines, const void *sines, const int32_t *rows,               \
          size_t columns, void *a, size_t stride),                                                 \
         (count, cosines, sines, rows, columns, a, stride))                                        \
  /* Sums in 32 lanes, those of `sum_wide` of doubles; a chain down each column. */                \
  ENTRY(double, sum, (size_t n, const void *x), (n, x))                                            \
  ENTRY(double, sum_wide, (size_t n, const void *x), (n, x))                                       \
  ENTRY(double, dot, (size_t n, const void *x, const void *y), (n, x, y))                          \
  ENTRY(void, column_sums,                                                                         \
         (size_t rows, size_t columns, const void *x, size_t stride, int32_t adds, void *sums),    \
         (rows, columns, x, stride, adds, sums))                                                   \
  /* Rows of a table; the same added to rows; rows added to those of a table, in order. */         \
  ENTRY(void, gather,                                                                              \
         (size_t count, size_t width, const void *table, const int32_t *index, void *rows),        \
         (count, width, table, index, rows))                                                       \
  ENTRY(void, gather_add,                                                                          \
         (size_t count, size_t width, const void *table, const int32_t *index, void *rows),        \
         (count, width, table, index, rows))                                                       \
  ENTRY(void, scatter_add,                                                                         \
         (size_t count, size_t width, const void *rows, const int32_t *index, void *table),        \
         (count, width, rows, index, table))                                                       \
  /* A function of each element, and of one number; a*b + c, rounded once. */                      \
  ENTRY(void, map, (int32_t function, size_t n, const void *x, void *y), (function, n, x, y))      \
  ENTRY(double, scalar, (int32_t function, double x), (function, x))                               \
  ENTRY(double, fused, (double a, double b, double c), (a, b, c))                                  \
  /* Values and slopes of an activation. */                                                        \
  ENTRY(void, activate, (int32_t activation, size_t n, void *z, void *slope),                      \
         (activation, n, z, slope))                                                                \
  ENTRY(void, multiply, (size_t n, const void *factors, void *values), (n, factors, values))       \
  ENTRY(void, scale, (size_t n, double factor, void *values), (n, factor, values))                 \
  /* Steps of optimizers. */                                                                       \
  ENTRY(void, momentum,                                                                            \
         (size_t n, double mu, double rate, const void *gradient, void *velocity, void *values),   \
         (n, mu, rate, gradient, velocity, values))                                                \
  ENTRY(void, adam,                                                                                \
         (size_t n, double step, double correction, double keep, const void *gradient,             \
          void *first, void *second, void *values),                                                \
         (n, step, correction, keep, gradient, first, second, values))                             \
  /* Losses and their gradients. */                                                                \
  ENTRY(void, cross_entropy,                                                                       \
         (size_t rows, size_t classes, double scale, const int32_t *_Nullable places,              \
          const int32_t *targets, void *z, size_t stride, void *losses),                           \
         (rows, classes, scale, places, targets, z, stride, losses))                               \
  ENTRY(void, logistic_loss,                                                                       \
         (size_t n, double scale, const void *targets, void *z, void *losses),                     \
         (n, scale, targets, z, losses))                                                           \
  ENTRY(void, squared_loss,                                                                        \
         (size_t n, double scale, const void *targets, void *z, void *losses),                     \
         (n, scale, targets, z, losses))                                                           \
  ENTRY(double, soft_cross_entropy,                                                                \
         (size_t classes, double weight, const void *p, int32_t wants_gradient, void *z),          \
         (classes, weight, p, wants_gradient, z))                                                  \
  /* Normalisations and a gate, there and back. */                                                 \
  ENTRY(void, normalize,                                                                           \
         (size_t rows, size_t width, const void *gain, const void *shift, void *x,                 \
          void *normalized, void *deviations),                                                     \
         (rows, width, gain, shift, x, normalized, deviations))                                    \
  ENTRY(void, unnormalize,                                                                         \
         (size_t rows, size_t width, const void *gain, const void *normalized,                     \
          const void *deviations, void *delta, void *gain_gradient, void *shift_gradient),         \
         (rows, width, gain, normalized, deviations, delta, gain_gradient, shift_gradient))        \
  ENTRY(void, rms, (size_t rows, size_t width, const void *x, void *y, void *inverses),            \
         (rows, width, x, y, inverses))                                                            \
  ENTRY(void, rms_back,                                                                            \
         (size_t rows, size_t width, const void *y, const void *inverses, const void *delta,       \
          int32_t adds, void *into),                                                               \
         (rows, width, y, inverses, delta, adds, into))                                            \
  ENTRY(void, gate, (size_t rows, size_t hidden, void *pairs, void *slope, void *product),         \
         (rows, hidden, pairs, slope, product))                                                    \
  ENTRY(void, gate_back,                                                                           \
         (size_t rows, size_t hidden, const void *delta, const void *slope, void *pairs),          \
         (rows, hidden, delta, slope, pairs))                                                      \
  /* All products of two vectors' elements. */                                                     \
  ENTRY(void, outer, (size_t m, size_t n, const void *x, const void *y, void *out),                \
         (m, n, x, y, out))                                                                        \
  /* Normal numbers, one of each block of Philox. */                                               \
  ENTRY(void, normals,                                                                             \
         (uint32_t key0, uint32_t key1, uint64_t index, uint64_t block, size_t n, void *x),        \
         (key0, key1, index, block, n, x))                                                         \
  /* Steps of one-pass descent; how many were made before a field was not finite. */               \
  ENTRY(uint64_t, online, (const bitlaw_online *job, uint64_t example, uint64_t steps),            \
         (job, example, steps))                                                                    \
  ENTRY(uint64_t, committee, (const bitlaw_committee *job, uint64_t examples), (job, examples))

#define BITLAW_REAL_MEMBER(result, name, parameters, arguments) result(*name) parameters;

/// The kernels of one scalar type, and for tests of edges: rows and columns of a register tile, and the
/// elements of a vector.
typedef struct {
  int32_t tile_rows, tile_columns, vector;
  BITLAW_REAL_KERNELS(BITLAW_REAL_MEMBER)
} bitlaw_real_kernels;
#undef BITLAW_REAL_MEMBER

/// One step of 16 students of one shape, run r in lane r: arrays are [..][16].
///
/// weights, first and second are [width][inputs + 1][16], a unit's output weight last; x is
/// [batch][inputs][16]; labels, truths (probabilities) and outputs [batch][16]; activations
/// [width][batch][16]; steps and excess [16]. The batch is a multiple of 8.
typedef struct {
  size_t width, inputs, batch;
  const float *x;
  const float *labels;
  const float *truths;
  const float *steps;
  float beta1, beta2, correction, scale;
  float *weights;
  float *first;
  float *second;
  float *activations;
  float *outputs;
  double *excess;
} bitlaw_students;

/// What a step of a formula does with its operands a, b and c.
enum {
  BITLAW_STEP_ADD, BITLAW_STEP_SUBTRACT, BITLAW_STEP_MULTIPLY,
  /// a b, and 0 where either is 0.
  BITLAW_STEP_PRODUCT,
  BITLAW_STEP_DIVIDE, BITLAW_STEP_NEGATE, BITLAW_STEP_INVERT, BITLAW_STEP_EXP, BITLAW_STEP_LOG,
  BITLAW_STEP_LOGISTIC, BITLAW_STEP_TANH, BITLAW_STEP_SQRT, BITLAW_STEP_ABS,
  /// -1 for a < 0, else 1.
  BITLAW_STEP_SIGN,
  BITLAW_STEP_NOT, BITLAW_STEP_MIN, BITLAW_STEP_MAX, BITLAW_STEP_LESS, BITLAW_STEP_LESS_EQUAL,
  BITLAW_STEP_EQUAL, BITLAW_STEP_AND, BITLAW_STEP_OR,
  /// a to the whole power c.
  BITLAW_STEP_RAISE,
  /// b where a is not 0, else c.
  BITLAW_STEP_CHOOSE
};

/// Where residuals of a formula are taken: T.
enum { BITLAW_SPACE_LOG, BITLAW_SPACE_LINEAR, BITLAW_SPACE_LOG1P };

/// A formula at the points of one block, and an objective of it.
///
/// `program` is steps of five numbers (what, where to, a, b, c): `uniform` ones that are the same for all
/// points, `values`, then `derivatives`; then the places of the `columns`, of `width` slopes, and of the second
/// derivatives (the lower triangle, row by row; -1 for none). A place is a multiple of 8 in the room, plus 1
/// where it is a row with a number for each point of a chunk of 64; others hold eight equal numbers.
///
/// `data` is rows of `stride`: the columns, T(y), the weights, of which `points` from `start` on are the
/// block's, a multiple of 8. `order` is 0 for the value alone, 1 for the gradient and the model, 2 for all. The
/// sums go to the room, from `sums` on: the value; gradient and size in turn; curvature and model in turn.
/// Behind `count` of them is room for eight lanes of each.
typedef struct {
  size_t uniform, values, derivatives, columns, width, points, start, stride, sums, count;
  double unit, delta;
  int32_t value, space, order;
} bitlaw_formula;

/// The kernels that there are for one type only: ENTRY(result, name, parameters).
#define BITLAW_OTHER_KERNELS(ENTRY)                                                                \
  /* The power x^y, and nothing else takes two arguments. */                                       \
  ENTRY(double, power, (double x, double y))                                                       \
  ENTRY(double, arc_sine, (double x))                                                              \
  ENTRY(double, arc_cosine, (double x))                                                            \
  ENTRY(void, map_arc_sine, (size_t n, const double *x, double *y))                                \
  /* Covariances [m,n] of points x [m,d], and y [d,n], coordinate by coordinate; radial.h. */        \
  ENTRY(void, radial,                                                                              \
         (int32_t family, size_t m, size_t n, size_t d, const double *x, const double *y,          \
          size_t y_stride, double *out, size_t stride))                                            \
  /* What an objective sums over the points of one block; formula.h. */                            \
  ENTRY(void, formula_sums,                                                                        \
         (const bitlaw_formula *job, const int32_t *program, const double *data, double *room))    \
  /* Rows of a formula, out[r, stride], of the block's points. */                                  \
  ENTRY(void, formula_rows,                                                                        \
         (const bitlaw_formula *job, const int32_t *program, const double *data, double *room,     \
          size_t count, const int32_t *places, double *out))                                       \
  /* A step of Adam of 16 students; students.h. */                                                 \
  ENTRY(void, students, (const bitlaw_students *job))                                              \
  /* rows[16 i + r] = source[offsets[r] + i]. */                                                   \
  ENTRY(void, interleave,                                                                          \
         (size_t count, const float *source, const int64_t *offsets, float *rows))                 \
  /* Normal numbers for one-pass training, in groups of 64: one for every 32 random bits. */       \
  ENTRY(void, stream_normals,                                                                      \
         (uint32_t key0, uint32_t key1, uint64_t index, uint64_t group, size_t groups, float *x))

#define BITLAW_OTHER_MEMBER(result, name, parameters) result(*name) parameters;

/// The kernels of one instruction set.
typedef struct {
  const char *name;
  const bitlaw_real_kernels *f32;
  const bitlaw_real_kernels *f64;
  BITLAW_OTHER_KERNELS(BITLAW_OTHER_MEMBER)
} bitlaw_kernels;
#undef BITLAW_OTHER_MEMBER

/// How many variants are compiled in.
int32_t bitlaw_variant_count(void);
/// A variant, best first; its kernels must not be called where it is not supported.
const bitlaw_kernels *bitlaw_variant(int32_t number);
/// Whether this CPU and system run a variant.
int32_t bitlaw_variant_supported(int32_t number);

/// What is wrong with this thread's floating-point mode: 0 if nothing; 1: not rounding to nearest;
/// 2: subnormal results are flushed to zero; 4: subnormal operands are taken as zero.
int32_t bitlaw_float_mode(void);
/// Sets this thread's mode to those faults (0: none), for tests.
void bitlaw_set_float_mode(int32_t faults);

#pragma clang assume_nonnull end

#endif
