// Matrix products: every element is one chain of fused multiply-adds over k, ascending.
//
// Included after real.h with the same macros. How the work is cut (register tiles, panels, blocks of
// k between which partial chains rest in c) changes no bit, for a stored float is the same float.

#define NR (COLUMNS * L)
/// Elements of k between two visits of c: a panel of b this deep stays in the first-level cache.
#define DEPTH ((size_t)(32768 / (NR * sizeof(T))))

/// Rows of a register tile and the columns of `wide` vectors: c (rows × wide·L), a by strides.
INLINE void K(tile)(const int rows, const int wide, size_t k, const T *a, size_t row_step,
                    size_t k_step, const T *b, size_t b_step, T *c, size_t c_stride, int start,
                    const T *bias, int finish, const T *gate, size_t gate_stride) {
  V s[16][8];
  if (start == BITLAW_START_ZERO) {
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (int v = 0; v < wide; v++) s[i][v] = (V)(T)0;
  } else {
    const T *from = start == BITLAW_START_BIAS ? bias : c;
    size_t step = start == BITLAW_START_BIAS ? 0 : c_stride;
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (int v = 0; v < wide; v++) s[i][v] = K(loaded)(from + i * step + v * L);
  }
#pragma clang loop unroll(disable)
  for (size_t p = 0; p < k; p++) {
    V right[8];
#pragma clang loop unroll(full)
    for (int v = 0; v < wide; v++) right[v] = K(loaded)(b + v * L);
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      V left = (V)a[i * row_step];
#pragma clang loop unroll(full)
      for (int v = 0; v < wide; v++) s[i][v] = fused(left, right[v], s[i][v]);
    }
    a += k_step;
    b += b_step;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < wide; v++) {
      V r = s[i][v];
      if (finish == BITLAW_FINISH_RELU) r = r > (V)(T)0 ? r : (V)(T)0;
      if (finish == BITLAW_FINISH_GATE)
        r = K(loaded)(gate + i * gate_stride + v * L) > (V)(T)0 ? r : (V)(T)0;
      store(c + i * c_stride + v * L, r);
    }
}

#define TILE_CASE(n, wide)                                                                         \
  case n:                                                                                          \
    if (n <= ROWS)                                                                                 \
      K(tile)(n <= ROWS ? n : 1, wide, k, a, row_step, k_step, b, b_step, c, c_stride, start, bias,\
              finish, gate, gate_stride);                                                          \
    break;
#define TILE_CASES(wide)                                                                           \
  TILE_CASE(1, wide) TILE_CASE(2, wide) TILE_CASE(3, wide) TILE_CASE(4, wide) TILE_CASE(5, wide)   \
  TILE_CASE(6, wide) TILE_CASE(7, wide) TILE_CASE(8, wide) TILE_CASE(9, wide) TILE_CASE(10, wide)  \
  TILE_CASE(11, wide) TILE_CASE(12, wide)

#define TILE_ARGUMENTS                                                                             \
  size_t k, const T *a, size_t row_step, size_t k_step, const T *b, size_t b_step, T *c,           \
      size_t c_stride, int start, const T *bias, int finish, const T *gate, size_t gate_stride

/// A full-width tile of some rows.
static __attribute__((noinline)) void K(tile_full)(int rows, TILE_ARGUMENTS) {
  switch (rows) { TILE_CASES(COLUMNS) }
}

/// A tile of one vector's width.
static __attribute__((noinline)) void K(tile_narrow)(int rows, TILE_ARGUMENTS) {
  switch (rows) { TILE_CASES(1) }
}

/// One row, eight or four vectors: chains enough to hide the latency of an addition.
static __attribute__((noinline)) void K(tile_row)(int vectors, TILE_ARGUMENTS) {
  if (vectors == 8)
    K(tile)(1, 8, k, a, row_step, k_step, b, b_step, c, c_stride, start, bias, finish, gate, gate_stride);
  else
    K(tile)(1, 4, k, a, row_step, k_step, b, b_step, c, c_stride, start, bias, finish, gate, gate_stride);
}

static __attribute__((noinline)) void K(copy_edge)(int rows, int columns, int wide, const T *from,
                                                   size_t stride, T *to) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < wide; j++) to[i * wide + j] = j < columns ? from[i * stride + j] : (T)0;
}

/// A tile whose columns end inside a vector: computed beside c, then copied.
static __attribute__((noinline)) void K(tile_edge)(int rows, int columns, TILE_ARGUMENTS) {
  T target[ROWS * NR], gates[ROWS * NR], biases[NR];
  int wide = columns <= L ? L : NR;
  // Loops only where something is there to read: a masked load at a null address is slow.
  if (start == BITLAW_START_TARGET) K(copy_edge)(rows, columns, wide, c, c_stride, target);
  if (start == BITLAW_START_BIAS) K(copy_edge)(1, columns, wide, bias, 0, biases);
  if (finish == BITLAW_FINISH_GATE) K(copy_edge)(rows, columns, wide, gate, gate_stride, gates);
  if (wide == L)
    K(tile_narrow)(rows, k, a, row_step, k_step, b, b_step, target, wide, start, biases, finish, gates, wide);
  else
    K(tile_full)(rows, k, a, row_step, k_step, b, b_step, target, wide, start, biases, finish, gates, wide);
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++) c[i * c_stride + j] = target[i * wide + j];
}

/// L rows of L elements become L columns: log₂ L rounds of zipping.
INLINE void K(transpose)(V *v) {
#pragma clang loop unroll(full)
  for (int round = 1; round < L; round *= 2) {
    V w[L];
#pragma clang loop unroll(full)
    for (int i = 0; i < L / 2; i++) {
      w[2 * i] = zipped_low(v[i], v[i + L / 2]);
      w[2 * i + 1] = zipped_high(v[i], v[i + L / 2]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < L; i++) v[i] = w[i];
  }
}

/// A product with one column, rows of a lying along k: L chains side by side, in transposed blocks.
static void K(column_product)(const JOB *job) {
  size_t b_step = job->b_transposed ? 1 : job->b_stride;
  for (size_t i = 0; i < job->m; i += L) {
    size_t rows = job->m - i < L ? job->m - i : L;
    const T *from[L];
    T ends[L];
    for (size_t r = 0; r < L; r++) {
      size_t row = i + (r < rows ? r : 0);
      from[r] = job->a + row * job->a_stride;
      ends[r] = job->start == BITLAW_START_ZERO   ? (T)0
                : job->start == BITLAW_START_BIAS ? job->bias[0]
                                                  : job->c[row * job->c_stride];
    }
    V s = K(loaded)(ends);
    size_t p = 0;
    for (; p + L <= job->k; p += L) {
      V block[L];
#pragma clang loop unroll(full)
      for (int r = 0; r < L; r++) block[r] = K(loaded)(from[r] + p);
      K(transpose)(block);
#pragma clang loop unroll(full)
      for (int r = 0; r < L; r++) s = fused(block[r], (V)job->b[(p + r) * b_step], s);
    }
    for (; p < job->k; p++) {
      T across[L];
      for (int r = 0; r < L; r++) across[r] = from[r][p];
      s = fused(K(loaded)(across), (V)job->b[p * b_step], s);
    }
    if (job->finish == BITLAW_FINISH_RELU) s = s > (V)(T)0 ? s : (V)(T)0;
    store(ends, s);
    for (size_t r = 0; r < rows; r++) {
      T value = ends[r];
      if (job->finish == BITLAW_FINISH_GATE && !(job->gate[(i + r) * job->gate_stride] > 0)) value = 0;
      job->c[(i + r) * job->c_stride] = value;
    }
  }
}

static size_t K(packed_count)(size_t n, size_t k) { return (n + NR - 1) / NR * NR * k; }

/// Columns j…j+NR of op(b), rows p…p+depth, as depth rows of NR; 0 where there is no column.
static void K(pack_panel)(int transposed, size_t n, size_t j, size_t p, size_t depth, const T *b,
                          size_t stride, T *panel) {
  size_t columns = n - j < NR ? n - j : NR;
  if (!transposed) {
    for (size_t q = 0; q < depth; q++) {
      const T *row = b + (p + q) * stride + j;
      if (columns == NR) {
#pragma clang loop unroll(full)
        for (int v = 0; v < COLUMNS; v++) store(panel + q * NR + v * L, K(loaded)(row + v * L));
      } else {
        for (size_t i = 0; i < NR; i++) panel[q * NR + i] = i < columns ? row[i] : (T)0;
      }
    }
    return;
  }
  // Eight columns at a time, so that a line of the panel is written while it is at hand.
  for (size_t i = 0; i < NR; i += 8) {
    const T *from[8];
    for (size_t h = 0; h < 8; h++) from[h] = b + (j + (i + h < columns ? i + h : 0)) * stride + p;
    if (i + 8 <= columns) {
      for (size_t q = 0; q < depth; q++)
#pragma clang loop unroll(full)
        for (size_t h = 0; h < 8; h++) panel[q * NR + i + h] = from[h][q];
    } else {
      for (size_t q = 0; q < depth; q++)
        for (size_t h = 0; h < 8; h++) panel[q * NR + i + h] = i + h < columns ? from[h][q] : (T)0;
    }
  }
}

static void K(pack)(int32_t transposed, size_t n, size_t k, const T *b, size_t stride, T *packed) {
  for (size_t j = 0; j < n; j += NR) K(pack_panel)(transposed, n, j, 0, k, b, stride, packed + j * k);
}

static void K(product)(const JOB *given) {
  JOB job = *given;
  if (job.m == 0 || job.n == 0) return;
  // A column vector is a row vector of the transposed product: chains are then side by side.
  int column = job.n == 1 && job.a_transposed && job.c_stride == 1 && !job.packed
               && (job.finish != BITLAW_FINISH_GATE || job.gate_stride == 1);
  int row = job.m == 1 && job.b_transposed && !job.packed && job.n > 1
            && (job.finish != BITLAW_FINISH_GATE);
  if ((column || row) && job.start != BITLAW_START_BIAS) {
    const T *a = job.a;
    size_t stride = job.a_stride, m = job.m;
    int transposed = job.a_transposed;
    job.a = job.b, job.a_stride = job.b_stride, job.a_transposed = !job.b_transposed;
    job.b = a, job.b_stride = stride, job.b_transposed = !transposed;
    job.m = job.n, job.n = m;
    if (column) job.c_stride = job.n, job.gate_stride = job.n;
    else job.c_stride = 1;
  }
  const size_t m = job.m, n = job.n, k = job.k;
  if (n == 1 && !job.a_transposed && !job.packed) {
    K(column_product)(&job);
    return;
  }
  const size_t row_step = job.a_transposed ? 1 : job.a_stride;
  const size_t k_step = job.a_transposed ? job.a_stride : 1;
  // Panels pay where rows are many; a few rows read b where it lies.
  const int packs = !job.packed && (job.b_transposed || m > 2 * ROWS);
  T *space = bitlaw_workspace();
  const size_t space_columns = BITLAW_WORKSPACE / sizeof(T) / DEPTH / NR * NR;
  for (size_t j0 = 0; j0 < n; j0 += space_columns) {
    size_t columns = n - j0 < space_columns ? n - j0 : space_columns;
    size_t p0 = 0;
    do {
      size_t depth = k - p0 < DEPTH ? k - p0 : DEPTH;
      int start = p0 == 0 ? job.start : BITLAW_START_TARGET;
      int finish = p0 + depth == k ? job.finish : BITLAW_FINISH_NONE;
      if (packs)
        for (size_t j = 0; j < columns; j += NR)
          K(pack_panel)(job.b_transposed, n, j0 + j, p0, depth, job.b, job.b_stride, space + j * depth);
      const T *a0 = job.a + p0 * k_step;
      // All panels of a few rows while they fit beside the rows; else all rows of a panel.
      size_t rows_at_once = columns * depth * sizeof(T) <= 262144 ? ROWS : m;
      for (size_t i0 = 0; i0 < m; i0 += rows_at_once) {
        size_t i1 = i0 + rows_at_once < m ? i0 + rows_at_once : m;
        for (size_t j = 0; j < columns; j += NR) {
          size_t wide = columns - j < NR ? columns - j : NR;
          const T *panel = job.b;
          size_t b_step = NR;
          T edge[NR * 64];
          if (packs) {
            panel = space + j * depth;
          } else if (job.packed) {
            panel = job.packed + (j0 + j) * k + p0 * NR;
          } else {
            panel = job.b + p0 * job.b_stride + j0 + j;
            b_step = job.b_stride;
            if (m == 1 && columns - j >= 4 * L) {
              int vectors = columns - j >= 8 * L ? 8 : 4;
              K(tile_row)(vectors, depth, a0, row_step, k_step, panel, b_step, job.c + j0 + j, job.c_stride,
                          start, job.bias + j0 + j, finish, job.gate + j0 + j, job.gate_stride);
              j += (size_t)vectors * L - NR;
              continue;
            }
          }
          for (size_t i = i0; i < i1; i += ROWS) {
            int rows = (int)(i1 - i < ROWS ? i1 - i : ROWS);
            const T *a = a0 + i * row_step;
            T *c = job.c + i * job.c_stride + j0 + j;
            const T *bias = job.bias + j0 + j, *gate = job.gate + i * job.gate_stride + j0 + j;
            if (wide == NR) {
              K(tile_full)(rows, depth, a, row_step, k_step, panel, b_step, c, job.c_stride, start,
                           bias, finish, gate, job.gate_stride);
            } else if (packs || job.packed) {
              K(tile_edge)(rows, (int)wide, depth, a, row_step, k_step, panel, b_step, c,
                           job.c_stride, start, bias, finish, gate, job.gate_stride);
            } else {
              // b ends here: nothing may be read beyond, so a piece at a time is copied.
              size_t q = 0;
              do {
                size_t piece = depth - q < 64 ? depth - q : 64;
                K(pack_panel)(0, n, j0 + j, p0 + q, piece, job.b, job.b_stride, edge);
                K(tile_edge)(rows, (int)wide, piece, a + q * k_step, row_step, k_step, edge, NR, c,
                             job.c_stride, q == 0 ? start : BITLAW_START_TARGET, bias,
                             q + piece == depth ? finish : BITLAW_FINISH_NONE, gate, job.gate_stride);
                q += piece;
              } while (q < depth);
            }
          }
        }
      }
      p0 += depth;
    } while (p0 < k);
  }
}
