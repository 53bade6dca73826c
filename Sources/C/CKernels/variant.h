// One variant: all kernels for the target that is pushed, and the table of them.
//
// Included after VARIANT (the table's name), VARIANT_NAME, VECTOR_BYTES, HARDWARE_FUSED, TILE_ROWS
// and TILE_COLUMNS (in vectors) are defined. Everything is compiled without contraction
// (internal.h): a fused multiply-add happens where `fused` is written, and nowhere else.

// Vectors wider than a register travel between inlined functions only: no ABI is concerned.
#pragma clang diagnostic ignored "-Wpsabi"
// What may be null is said in CKernels.h, for Swift.
#pragma clang diagnostic ignored "-Wnullability-completeness"

#include "lanes.h"

// Elementary functions: of whole vectors, of as many doubles as a vector has floats, of single numbers.
// The types of the arguments say which of them a call means.
#define VECTOR vd
#define INTEGERS vdi
#include "elementary_double.h"
#define VECTOR vw
#define INTEGERS vwi
#include "elementary_double.h"
#define VECTOR od
#define INTEGERS odi
#include "elementary_double.h"
#define VECTOR vf
#define INTEGERS vfi
#define WIDE vw
#define WIDE_INTEGERS vwi
#include "elementary_float.h"
#define VECTOR of
#define INTEGERS ofi
#define WIDE od
#define WIDE_INTEGERS odi
#include "elementary_float.h"

#include "stream.h"

#include "as_float.h"
#include "array_kernels.h"

#include "as_double.h"
#include "array_kernels.h"

#include "random.h"
#include "students.h"
#include "radial.h"
#include "formula.h"

/// A sum of floats in 32 lanes of doubles.
static double f32_sum_wide(size_t n, const float *x) {
  vw lanes[32 / VF];
  for (int g = 0; g < 32 / VF; g++) lanes[g] = (vw)0.0;
  size_t i = 0;
  for (; i + 32 <= n; i += 32)
    for (int g = 0; g < 32 / VF; g++)
      lanes[g] += __builtin_convertvector(loaded(x + i + g * VF), vw);
  double sums[32];
  for (int g = 0; g < 32 / VF; g++) __builtin_memcpy(sums + g * VF, &lanes[g], sizeof(vw));
  for (; i < n; i++) sums[i % 32] += (double)x[i];
  for (int width = 16; width > 0; width /= 2)
    for (int j = 0; j < width; j++) sums[j] += sums[j + width];
  return sums[0];
}

static double f64_sum_wide(size_t n, const double *x) { return f64_sum(n, x); }

/// xʸ = e^(y log x) for x > 0, the exponent as a sum of two doubles.
static double power(double x, double y) {
  od h, l;
  log_pair((od)x, &h, &l);
  od p = (od)y * h;
  od q = fused((od)y, h, -p) + (od)y * l;
  q = p - p == (od)0.0 ? q : (od)0.0;
  return exp_sum(p, q)[0];
}

static double arc_sine(double x) { return asin_of((od)x)[0]; }
static double arc_cosine(double x) { return acos_of((od)x)[0]; }

static void map_arc_sine(size_t n, const double *x, double *y) {
  size_t i = 0;
  for (; i + VD <= n; i += VD) store(y + i, asin_of(loaded(x + i)));
  if (i < n) store_partial(y + i, asin_of(partial(x + i, n - i)), n - i);
}

#include "as_float.h"
#include "entries.h"

#include "as_double.h"
#include "entries.h"

#define OTHER_ENTRY(result, name, parameters) .name = name,

const bitlaw_kernels VARIANT = {
    .name = VARIANT_NAME,
    .f32 = &f32_kernels,
    .f64 = &f64_kernels,
    BITLAW_OTHER_KERNELS(OTHER_ENTRY)
};
