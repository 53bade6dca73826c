// What the kernels over arrays are written in, for floats; instead of what another such file said.
#undef REAL
#undef VECTOR
#undef DOUBLES
#undef LANES
#undef SINGLE
#undef ALL
#undef KERNEL
/// A number.
#define REAL float
/// A vector of them.
#define VECTOR vf
/// A vector of as many doubles.
#define DOUBLES vw
/// A vector that holds one number everywhere.
#define ALL(number) ((VECTOR)(REAL)(number))
/// How many a vector has.
#define LANES VF
/// A vector of one.
#define SINGLE of
/// The name of a kernel, or of a type, for this scalar type.
#define KERNEL(name) f32_##name
