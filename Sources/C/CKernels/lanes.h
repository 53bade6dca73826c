// Vectors of a variant and the handful of operations that everything else is written in.
//
// Included once per variant, after VECTOR_BYTES and HARDWARE_FUSED are defined and while that
// variant's target is pushed. Nothing here may round differently between variants: only IEEE-754
// operations, comparisons, selections and integer arithmetic.

#define VF (VECTOR_BYTES / 4)
#define VD (VECTOR_BYTES / 8)
#define INLINE static inline __attribute__((always_inline, overloadable))

typedef float vf __attribute__((ext_vector_type(VF)));
typedef int32_t vfi __attribute__((ext_vector_type(VF)));
typedef double vd __attribute__((ext_vector_type(VD)));
typedef int64_t vdi __attribute__((ext_vector_type(VD)));
// As many doubles as a vector has floats: float functions are evaluated in double.
typedef double vw __attribute__((ext_vector_type(VF)));
typedef int64_t vwi __attribute__((ext_vector_type(VF)));
// One lane: the same code for single numbers.
typedef float of __attribute__((ext_vector_type(1)));
typedef int32_t ofi __attribute__((ext_vector_type(1)));
typedef double od __attribute__((ext_vector_type(1)));
typedef int64_t odi __attribute__((ext_vector_type(1)));

#if HARDWARE_FUSED
#define DEFINE_FUSED(VECTOR, COUNT, SOFTWARE)                                                      \
  INLINE VECTOR fused(VECTOR a, VECTOR b, VECTOR c) { return __builtin_elementwise_fma(a, b, c); }
#else
#define DEFINE_FUSED(VECTOR, COUNT, SOFTWARE)                                                      \
  INLINE VECTOR fused(VECTOR a, VECTOR b, VECTOR c) {                                              \
    VECTOR r;                                                                                      \
    for (int i = 0; i < COUNT; i++) r[i] = SOFTWARE(a[i], b[i], c[i]);                             \
    return r;                                                                                      \
  }
static __attribute__((noinline)) double fused_f64(double a, double b, double c) {
  return software_fma(a, b, c);
}
#endif
DEFINE_FUSED(vf, VF, software_fmaf)
DEFINE_FUSED(vd, VD, fused_f64)
#if VF > 1
DEFINE_FUSED(vw, VF, fused_f64)
#endif
DEFINE_FUSED(of, 1, software_fmaf)
DEFINE_FUSED(od, 1, fused_f64)

// Unaligned loads and stores.
#define DEFINE_MEMORY(VECTOR, REAL)                                                                \
  INLINE void load(VECTOR *v, const REAL *p) { __builtin_memcpy(v, p, sizeof *v); }                \
  INLINE void store(REAL *p, VECTOR v) { __builtin_memcpy(p, &v, sizeof v); }
DEFINE_MEMORY(vf, float)
DEFINE_MEMORY(vd, double)

// The first n ≤ lanes elements, the others 0; and the first n of a vector to memory.
#if VECTOR_BYTES == 64
INLINE vf partial(const float *p, size_t n) {
  return (vf)_mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
}
INLINE vd partial(const double *p, size_t n) {
  return (vd)_mm512_maskz_loadu_pd((__mmask8)((1u << n) - 1), p);
}
INLINE void store_partial(float *p, vf v, size_t n) {
  _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), (__m512)v);
}
INLINE void store_partial(double *p, vd v, size_t n) {
  _mm512_mask_storeu_pd(p, (__mmask8)((1u << n) - 1), (__m512d)v);
}
#else
#define DEFINE_PARTS(VECTOR, REAL, COUNT)                                                          \
  INLINE VECTOR partial(const REAL *p, size_t n) {                                                 \
    REAL buffer[COUNT] = {0};                                                                      \
    VECTOR v;                                                                                      \
    for (size_t i = 0; i < n; i++) buffer[i] = p[i];                                               \
    load(&v, buffer);                                                                              \
    return v;                                                                                      \
  }                                                                                                \
  INLINE void store_partial(REAL *p, VECTOR v, size_t n) {                                         \
    REAL buffer[COUNT];                                                                            \
    store(buffer, v);                                                                              \
    for (size_t i = 0; i < n; i++) p[i] = buffer[i];                                               \
  }
DEFINE_PARTS(vf, float, VF)
DEFINE_PARTS(vd, double, VD)
#endif

// The first, or last, halves of two vectors, element by element in turn.
#if VECTOR_BYTES == 64
INLINE vf zipped_low(vf a, vf b) {
  return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
INLINE vf zipped_high(vf a, vf b) {
  return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}
INLINE vd zipped_low(vd a, vd b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
INLINE vd zipped_high(vd a, vd b) { return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
#elif VECTOR_BYTES == 32
INLINE vf zipped_low(vf a, vf b) { return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11); }
INLINE vf zipped_high(vf a, vf b) { return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15); }
INLINE vd zipped_low(vd a, vd b) { return __builtin_shufflevector(a, b, 0, 4, 1, 5); }
INLINE vd zipped_high(vd a, vd b) { return __builtin_shufflevector(a, b, 2, 6, 3, 7); }
#else
INLINE vf zipped_low(vf a, vf b) { return __builtin_shufflevector(a, b, 0, 4, 1, 5); }
INLINE vf zipped_high(vf a, vf b) { return __builtin_shufflevector(a, b, 2, 6, 3, 7); }
INLINE vd zipped_low(vd a, vd b) { return __builtin_shufflevector(a, b, 0, 2); }
INLINE vd zipped_high(vd a, vd b) { return __builtin_shufflevector(a, b, 1, 3); }
#endif

// The sum of a vector's lanes: lane j takes up lane j + 8, j + 4, j + 2, j + 1, as far as there are some.
#define DEFINE_ACROSS(VECTOR, REAL, COUNT)                                                         \
  INLINE REAL across(VECTOR v) {                                                                   \
    REAL sums[COUNT];                                                                              \
    store(sums, v);                                                                                \
    _Pragma("clang loop unroll(full)") for (int half = COUNT / 2; half > 0; half /= 2)             \
        _Pragma("clang loop unroll(full)") for (int i = 0; i < half; i++) sums[i] += sums[i + half]; \
    return sums[0];                                                                                \
  }
DEFINE_ACROSS(vf, float, VF)
DEFINE_ACROSS(vd, double, VD)
