// Portable numerical kernels: one definition each, compiled per instruction set, with the same bits
// in all of them. docs/NUMERICS.md defines every result; this file only says who calls what.
#ifndef BITLAW_CKERNELS_H
#define BITLAW_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/// Where a product's chains start.
enum { BITLAW_START_ZERO = 0, BITLAW_START_TARGET = 1, BITLAW_START_BIAS = 2 };

/// What happens to a product's element after its chain.
enum { BITLAW_FINISH_NONE = 0, BITLAW_FINISH_RELU = 1, BITLAW_FINISH_GATE = 2 };

/// Elementwise functions of `map` and `scalar`.
enum {
  BITLAW_EXP, BITLAW_EXPM1, BITLAW_LOG, BITLAW_LOG1P, BITLAW_TANH, BITLAW_ERF, BITLAW_LOGISTIC,
  BITLAW_SOFTPLUS, BITLAW_SIN, BITLAW_COS, BITLAW_FUNCTIONS
};

/// Activations of `activate`.
enum { BITLAW_RELU, BITLAW_ACTIVATE_TANH, BITLAW_GELU, BITLAW_ACTIVATE_ERF };
/// Of `online` besides those.
enum { BITLAW_ACTIVATE_LINEAR = -1 };

// The same kernels for two scalar types.
//
// Job: c[i,j] = finish(chain over p ascending of fma(op(a)[i,p], op(b)[p,j], ·) from start).
//   op(a) is [m,k], op(b) [k,n], c and gate [m,n], bias [n]; strides are between rows in memory, in
//   elements. `packed`, if not null, is op(b) as `pack` left it.
//
// Online: a student of `students` units learns a teacher of `teachers`, whose weights follow in rows of
//   `stride` elements (a multiple of 64, zeros from `inputs` on). Inputs are the stream's normals times
//   `scale` [stride], turned by `rotation` [inputs, stride] if not null; the first `trained` weights
//   learn. normals, plain [stride], x [batch, stride], fields [2(students + teachers)] and
//   factors [batch, students] are room.
#define BITLAW_REAL(T, JOB, TABLE, ONLINE)                                                         \
  typedef struct {                                                                                 \
    size_t inputs, stride, trained, students, teachers, batch;                                     \
    int32_t activation;                                                                            \
    T rate, field_scale, student_scale, teacher_scale;                                             \
    uint32_t key0, key1;                                                                           \
    uint64_t index;                                                                                \
    T *_Nonnull weights;                                                                           \
    const T *_Nonnull scale;                                                                       \
    const T *_Nullable rotation;                                                                   \
    float *_Nonnull normals;                                                                       \
    T *_Nonnull plain;                                                                             \
    T *_Nonnull x;                                                                                 \
    T *_Nonnull fields;                                                                            \
    T *_Nonnull factors;                                                                           \
  } ONLINE;                                                                                        \
  typedef struct {                                                                                 \
    size_t m, n, k;                                                                                \
    const T *_Nullable a;                                                                          \
    size_t a_stride;                                                                               \
    const T *_Nullable b;                                                                          \
    size_t b_stride;                                                                               \
    T *_Nonnull c;                                                                                 \
    size_t c_stride;                                                                               \
    const T *_Nullable bias;                                                                       \
    const T *_Nullable gate;                                                                       \
    size_t gate_stride;                                                                            \
    const T *_Nullable packed;                                                                     \
    int32_t a_transposed, b_transposed, start, finish;                                             \
  } JOB;                                                                                           \
  typedef struct {                                                                                 \
    /* Rows and columns of a register tile, elements of a vector: for tests of edges. */           \
    int32_t tile_rows, tile_columns, vector;                                                       \
    void (*_Nonnull product)(const JOB *_Nonnull job);                                             \
    size_t (*_Nonnull packed_count)(size_t n, size_t k);                                           \
    void (*_Nonnull pack)(int32_t transposed, size_t n, size_t k, const T *_Nonnull b,             \
                          size_t stride, T *_Nonnull packed);                                      \
    void (*_Nonnull vector_product)(size_t m, size_t k, const T *_Nonnull a, size_t stride,        \
                                    const T *_Nonnull x, T *_Nonnull y);                           \
    void (*_Nonnull rank_one)(size_t m, size_t n, const T *_Nonnull x, const T *_Nonnull y,        \
                              T *_Nonnull a, size_t stride);                                       \
    void (*_Nonnull rank_two)(size_t m, size_t n, const T *_Nonnull x, const T *_Nonnull u,        \
                              const T *_Nonnull z, const T *_Nonnull v, T *_Nonnull a,             \
                              size_t stride);                                                      \
    void (*_Nonnull rotations)(size_t count, const T *_Nonnull cosines, const T *_Nonnull sines,   \
                               const int32_t *_Nonnull rows, size_t columns, T *_Nonnull a,        \
                               size_t stride);                                                     \
    T (*_Nonnull sum)(size_t n, const T *_Nonnull x);                                              \
    double (*_Nonnull sum_wide)(size_t n, const T *_Nonnull x);                                    \
    T (*_Nonnull dot)(size_t n, const T *_Nonnull x, const T *_Nonnull y);                         \
    T (*_Nonnull maximum)(size_t n, const T *_Nonnull x);                                          \
    void (*_Nonnull row_sums)(size_t rows, size_t columns, const T *_Nonnull x, size_t stride,     \
                              T *_Nonnull sums);                                                   \
    void (*_Nonnull column_sums)(size_t rows, size_t columns, const T *_Nonnull x, size_t stride,  \
                                 int32_t adds, T *_Nonnull sums);                                  \
    void (*_Nonnull gather)(size_t count, size_t width, const T *_Nonnull table,                   \
                            const int32_t *_Nonnull index, T *_Nonnull rows);                      \
    void (*_Nonnull scatter_add)(size_t count, size_t width, const T *_Nonnull rows,               \
                                 const int32_t *_Nonnull index, T *_Nonnull table);                \
    void (*_Nonnull map)(int32_t function, size_t n, const T *_Nonnull x, T *_Nonnull y);          \
    T (*_Nonnull scalar)(int32_t function, T x);                                                   \
    T (*_Nonnull fused)(T a, T b, T c);                                                            \
    void (*_Nonnull activate)(int32_t activation, size_t n, T *_Nonnull z, T *_Nonnull slope);     \
    void (*_Nonnull multiply)(size_t n, const T *_Nonnull factors, T *_Nonnull values);            \
    void (*_Nonnull scale)(size_t n, T factor, T *_Nonnull values);                                \
    void (*_Nonnull momentum)(size_t n, T mu, T rate, const T *_Nonnull gradient,                  \
                              T *_Nonnull velocity, T *_Nonnull values);                           \
    void (*_Nonnull adam)(size_t n, T step, T correction, T keep, const T *_Nonnull gradient,      \
                          T *_Nonnull first, T *_Nonnull second, T *_Nonnull values);              \
    void (*_Nonnull cross_entropy)(size_t rows, size_t classes, T scale,                           \
                                   const int32_t *_Nullable places,                                \
                                   const int32_t *_Nonnull targets, T *_Nonnull z, size_t stride,  \
                                   T *_Nonnull losses);                                            \
    void (*_Nonnull logistic_loss)(size_t n, T scale, const T *_Nonnull targets, T *_Nonnull z,    \
                                   T *_Nonnull losses);                                            \
    void (*_Nonnull normalize)(size_t rows, size_t width, const T *_Nonnull gain,                  \
                               const T *_Nonnull shift, T *_Nonnull x, T *_Nonnull normalized,     \
                               T *_Nonnull deviations);                                            \
    void (*_Nonnull unnormalize)(size_t rows, size_t width, const T *_Nonnull gain,                \
                                 const T *_Nonnull normalized, const T *_Nonnull deviations,       \
                                 T *_Nonnull delta, T *_Nonnull gain_gradient,                     \
                                 T *_Nonnull shift_gradient);                                      \
    void (*_Nonnull normals)(uint32_t key0, uint32_t key1, uint64_t index, uint64_t block, size_t n, \
                             T *_Nonnull x);                                                       \
    void (*_Nonnull rms)(size_t rows, size_t width, const T *_Nonnull x, T *_Nonnull y,            \
                         T *_Nonnull inverses);                                                    \
    void (*_Nonnull rms_back)(size_t rows, size_t width, const T *_Nonnull y,                      \
                              const T *_Nonnull inverses, const T *_Nonnull delta, int32_t adds,   \
                              T *_Nonnull into);                                                   \
    void (*_Nonnull gate)(size_t rows, size_t hidden, T *_Nonnull pairs, T *_Nonnull slope,        \
                          T *_Nonnull product);                                                    \
    void (*_Nonnull gate_back)(size_t rows, size_t hidden, const T *_Nonnull delta,                \
                               const T *_Nonnull slope, T *_Nonnull pairs);                        \
    T (*_Nonnull soft_cross_entropy)(size_t classes, T weight, const T *_Nonnull p,                \
                                     int32_t wants_gradient, T *_Nonnull z);                       \
    void (*_Nonnull outer)(size_t m, size_t n, const T *_Nonnull x, const T *_Nonnull y,           \
                           T *_Nonnull out);                                                       \
    void (*_Nonnull gather_add)(size_t count, size_t width, const T *_Nonnull table,               \
                                const int32_t *_Nonnull index, T *_Nonnull rows);                  \
    uint64_t (*_Nonnull online)(const ONLINE *_Nonnull job, uint64_t example, uint64_t steps);     \
  } TABLE;

BITLAW_REAL(float, bitlaw_product_f32, bitlaw_kernels_f32, bitlaw_online_f32)
BITLAW_REAL(double, bitlaw_product_f64, bitlaw_kernels_f64, bitlaw_online_f64)

/// One step of 16 students of one shape, run r in lane r: arrays are [..][16].
///
/// weights, first and second are [width][inputs + 1][16], a unit's output weight last; x is
/// [batch][inputs][16]; labels, truths (probabilities) and outputs [batch][16]; activations
/// [width][batch][16]; steps and excess [16]. The batch is a multiple of 8.
typedef struct {
  size_t width, inputs, batch;
  const float *_Nonnull x;
  const float *_Nonnull labels;
  const float *_Nonnull truths;
  const float *_Nonnull steps;
  float beta1, beta2, correction, scale;
  float *_Nonnull weights;
  float *_Nonnull first;
  float *_Nonnull second;
  float *_Nonnull activations;
  float *_Nonnull outputs;
  double *_Nonnull excess;
} bitlaw_students;

/// The kernels of one instruction set.
typedef struct {
  const char *_Nonnull name;
  bitlaw_kernels_f32 f32;
  bitlaw_kernels_f64 f64;
  /// xʸ and nothing else takes two arguments.
  double (*_Nonnull power)(double x, double y);
  /// A step of Adam of 16 students; students.h.
  void (*_Nonnull students)(const bitlaw_students *_Nonnull job);
  /// rows[16 i + r] = source[offsets[r] + i].
  void (*_Nonnull interleave)(size_t count, const float *_Nonnull source,
                              const int64_t *_Nonnull offsets, float *_Nonnull rows);
  double (*_Nonnull asin)(double x);
  double (*_Nonnull acos)(double x);
  void (*_Nonnull map_asin)(size_t n, const double *_Nonnull x, double *_Nonnull y);
  /// Normal numbers for one-pass training, in groups of 64: a number for every 32 random bits.
  void (*_Nonnull stream_normals)(uint32_t key0, uint32_t key1, uint64_t index, uint64_t group,
                                  size_t groups, float *_Nonnull x);
} bitlaw_kernels;

/// How many variants are compiled in.
int32_t bitlaw_variant_count(void);
/// A variant, best first; its kernels must not be called where it is not supported.
const bitlaw_kernels *_Nonnull bitlaw_variant(int32_t number);
/// Whether this CPU and system run a variant.
int32_t bitlaw_variant_supported(int32_t number);

/// What is wrong with this thread's floating-point mode: 0 if nothing; 1: not rounding to nearest;
/// 2: subnormal results are flushed to zero; 4: subnormal operands are taken as zero.
int32_t bitlaw_float_mode(void);
/// Sets this thread's mode to those faults (0: none), for tests.
void bitlaw_set_float_mode(int32_t faults);

#endif
