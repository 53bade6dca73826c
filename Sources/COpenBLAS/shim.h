#pragma once
// Function types only. Nothing here is linked: the library is opened with dlopen(3) after
// OPENBLAS_CORETYPE is set, for it picks its kernels while it loads.
#include <dlfcn.h>

/// cblas_sgemm: order, transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc.
typedef void (*bitlaw_sgemm)(int, int, int, int, int, int, float, const float *, int,
                             const float *, int, float, float *, int);
/// cblas_dgemm, as above in double precision.
typedef void (*bitlaw_dgemm)(int, int, int, int, int, int, double, const double *, int,
                             const double *, int, double, double *, int);
/// openblas_get_corename and openblas_get_config.
typedef const char *(*bitlaw_text)(void);
/// openblas_set_num_threads.
typedef void (*bitlaw_set_threads)(int);
