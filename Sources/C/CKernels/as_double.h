// What the kernels over arrays are written in, for doubles; instead of what another such file said.
#undef REAL
#undef VECTOR
#undef DOUBLES
#undef LANES
#undef SINGLE
#undef ALL
#undef KERNEL
/// A number.
#define REAL double
/// A vector of them.
#define VECTOR vd
/// A vector of as many doubles.
#define DOUBLES vd
/// A vector that holds one number everywhere.
#define ALL(number) ((VECTOR)(REAL)(number))
/// How many a vector has.
#define LANES VD
/// A vector of one.
#define SINGLE od
/// The name of a kernel, or of a type, for this scalar type.
#define KERNEL(name) f64_##name
