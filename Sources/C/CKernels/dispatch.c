// Which variants there are, and which of them this CPU runs.
#include "internal.h"

#include <pthread.h>
#include <stdlib.h>

#if defined(__x86_64__)
static const bitlaw_kernels *const variants[] = {
    &bitlaw_kernels_avx512, &bitlaw_kernels_avx2, &bitlaw_kernels_generic, &bitlaw_kernels_software};
#elif defined(__aarch64__)
static const bitlaw_kernels *const variants[] = {
    &bitlaw_kernels_neon, &bitlaw_kernels_generic, &bitlaw_kernels_software};
#else
static const bitlaw_kernels *const variants[] = {&bitlaw_kernels_software};
#endif

int32_t bitlaw_variant_count(void) { return (int32_t)(sizeof variants / sizeof *variants); }

const bitlaw_kernels *bitlaw_variant(int32_t number) { return variants[number]; }

int32_t bitlaw_variant_supported(int32_t number) {
#if defined(__x86_64__)
  // The compiler's own check: it asks the system too whether it saves these registers.
  __builtin_cpu_init();
  int fma = __builtin_cpu_supports("avx") && __builtin_cpu_supports("fma");
  int avx2 = fma && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")
             && __builtin_cpu_supports("bmi2");
  switch (number) {
  case 0:
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
           && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  case 1: return avx2;
  case 2: return fma;
  default: return 1;
  }
#else
  (void)number;
  return 1;
#endif
}

int32_t bitlaw_float_mode(void) {
#if defined(__x86_64__)
  unsigned mode = _mm_getcsr();
  return ((mode & 0x6000) ? 1 : 0) | ((mode & 0x8000) ? 2 : 0) | ((mode & 0x40) ? 4 : 0);
#elif defined(__aarch64__)
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  return ((mode >> 22 & 3) ? 1 : 0) | ((mode >> 24 & 1) ? 6 : 0);
#else
  return 0;
#endif
}

void bitlaw_set_float_mode(int32_t faults) {
#if defined(__x86_64__)
  unsigned mode = _mm_getcsr() & ~0xe040u;
  _mm_setcsr(mode | (faults & 1 ? 0x2000 : 0) | (faults & 2 ? 0x8000 : 0) | (faults & 4 ? 0x40 : 0));
#elif defined(__aarch64__)
  uint64_t mode;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  mode = (mode & ~(7ull << 22)) | (faults & 1 ? 1ull << 22 : 0) | (faults & 6 ? 1ull << 24 : 0);
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
  (void)faults;
#endif
}

static pthread_key_t workspace_key;
static pthread_once_t workspace_once = PTHREAD_ONCE_INIT;
static _Thread_local void *workspace;

static void make_key(void) { pthread_key_create(&workspace_key, free); }

void *bitlaw_workspace(void) {
  if (!workspace) {
    pthread_once(&workspace_once, make_key);
    workspace = aligned_alloc(64, BITLAW_WORKSPACE);
    if (!workspace) abort();
    pthread_setspecific(workspace_key, workspace);
  }
  return workspace;
}
