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

// LAPACK's routines, by Fortran's rules: everything by address, and behind the arguments the length of
// each character argument.

/// dsyevd_: jobz, uplo, n, a, lda, w, work, lwork, iwork, liwork, info.
typedef void (*bitlaw_dsyevd)(const char *, const char *, const int *, double *, const int *, double *,
                              double *, const int *, int *, const int *, int *, unsigned long,
                              unsigned long);
/// dpotrf_: uplo, n, a, lda, info.
typedef void (*bitlaw_dpotrf)(const char *, const int *, double *, const int *, int *, unsigned long);
/// dgels_: trans, m, n, nrhs, a, lda, b, ldb, work, lwork, info.
typedef void (*bitlaw_dgels)(const char *, const int *, const int *, const int *, double *, const int *,
                             double *, const int *, double *, const int *, int *, unsigned long);
