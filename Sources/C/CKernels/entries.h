// The table of one scalar type, made from the list of CKernels.h: included after all kernels, and after
// as_float.h and as_double.h.
//
// A table's function takes what the list says and goes on to the kernel of its name, whose parameters are
// typed: nothing is called through a pointer of another type than its own. It jumps there. A kernel that was
// inlined here would be optimised once more, and differently.

// A number that becomes an index, or an index a number, is an argument in the wrong place.
#pragma clang diagnostic push
#pragma clang diagnostic error "-Wfloat-conversion"
#pragma clang diagnostic error "-Wimplicit-int-float-conversion"
#define REAL_FUNCTION(result, name, parameters, arguments)                                         \
  static result KERNEL(name##_entry) parameters {                                                  \
    [[clang::noinline]] return KERNEL(name) arguments;                                             \
  }
BITLAW_REAL_KERNELS(REAL_FUNCTION)
#undef REAL_FUNCTION
#pragma clang diagnostic pop

#define REAL_ENTRY(result, name, parameters, arguments) .name = KERNEL(name##_entry),
static const bitlaw_real_kernels KERNEL(kernels) = {
    .tile_rows = TILE_ROWS,
    .tile_columns = TILE_COLUMNS * LANES,
    .vector = LANES,
    BITLAW_REAL_KERNELS(REAL_ENTRY)
};
#undef REAL_ENTRY
