// The kernels over arrays of one scalar type; included twice a variant, after as_float.h and as_double.h.
#include "real.h"
#include "training.h"
#include "gated.h"
#include "product.h"
#include "interleaved.h"
#include "online.h"
