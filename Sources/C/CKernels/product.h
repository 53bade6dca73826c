// Matrix products: every element is one chain of fused multiply-adds over k, ascending.
//
// Included after real.h with the same macros. How the work is cut (register tiles, panels, blocks of
// k between which partial chains rest in c) changes no bit, for a stored float is the same float.

#define NR (COLUMNS * L)
/// Columns that are packed together.
#define ABREAST (NR < 8 ? NR : 8)
/// Elements of k between two visits of c: a panel of b this deep stays in the first-level cache.
#define DEPTH ((size_t)(32768 / (NR * sizeof(T))))

/// Tiles of rows that are packed at once, within their share of the scratch memory.
#define TILES_FIT (BITLAW_ROW_BYTES / (DEPTH * ROWS * sizeof(T)))
#define TILES_AT_ONCE (TILES_FIT < 16 ? TILES_FIT : 16)

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
  // Some columns at a time, so that a line of the panel is written while it is at hand.
  for (size_t i = 0; i < NR; i += ABREAST) {
    const T *from[ABREAST];
    for (size_t h = 0; h < ABREAST; h++)
      from[h] = b + (j + (i + h < columns ? i + h : 0)) * stride + p;
    if (i + ABREAST <= columns) {
      for (size_t q = 0; q < depth; q++)
#pragma clang loop unroll(full)
        for (size_t h = 0; h < ABREAST; h++) panel[q * NR + i + h] = from[h][q];
    } else {
      for (size_t q = 0; q < depth; q++)
        for (size_t h = 0; h < ABREAST; h++)
          panel[q * NR + i + h] = i + h < columns ? from[h][q] : (T)0;
    }
  }
}

static void K(pack)(int32_t transposed, size_t n, size_t k, const T *b, size_t stride, T *packed) {
  for (size_t j = 0; j < n; j += NR) K(pack_panel)(transposed, n, j, 0, k, b, stride, packed + j * k);
}

/// One block of k and of columns: where its panels lie, and how chains enter and leave it.
typedef struct {
  size_t p0, depth, j0, columns;
  int start, finish;
  const T *panels;  // op(b) in panels of NR columns and `panel_depth` rows; null: b as it lies
  size_t panel_depth;
} K(block);

/// The columns at the end of a b that is read where it lies: nothing beyond may be read, so a piece at
/// a time is copied.
static void K(last_columns)(const JOB *job, const K(block) *block, size_t j, size_t i, int rows,
                            const T *a, size_t row_step, size_t k_step) {
  T piece[NR * 64];
  size_t column = block->j0 + j, q = 0;
  T *c = job->c + i * job->c_stride + column;
  do {
    size_t depth = block->depth - q < 64 ? block->depth - q : 64;
    int last = q + depth == block->depth;
    K(pack_panel)(0, job->n, column, block->p0 + q, depth, job->b, job->b_stride, piece);
    K(tile_edge)(rows, (int)(block->columns - j), depth, a + q * k_step, row_step, k_step, piece, NR,
                 c, job->c_stride, q == 0 ? block->start : BITLAW_START_TARGET, job->bias + column,
                 last ? block->finish : BITLAW_FINISH_NONE,
                 job->gate + i * job->gate_stride + column, job->gate_stride);
    q += depth;
  } while (q < block->depth);
}

/// Rows i0…i1 of a block; `a` is their first, in tiles of ROWS that lie `tile_step` apart.
static void K(block_rows)(const JOB *job, const K(block) *block, size_t i0, size_t i1, const T *a,
                          size_t tile_step, size_t row_step, size_t k_step) {
  for (size_t j = 0; j < block->columns; j += NR) {
    size_t wide = block->columns - j < NR ? block->columns - j : NR, column = block->j0 + j;
    const T *b = job->b + block->p0 * job->b_stride + column;
    size_t b_step = job->b_stride;
    if (block->panels) b = block->panels + j * block->panel_depth, b_step = NR;
    if (!block->panels && job->m == 1 && block->columns - j >= 4 * L) {
      int vectors = block->columns - j >= 8 * L ? 8 : 4;
      K(tile_row)(vectors, block->depth, a, row_step, k_step, b, b_step, job->c + column,
                  job->c_stride, block->start, job->bias + column, block->finish,
                  job->gate + column, job->gate_stride);
      j += (size_t)vectors * L - NR;
      continue;
    }
    const T *tile = a;
    for (size_t i = i0; i < i1; i += ROWS, tile += tile_step) {
      int rows = (int)(i1 - i < ROWS ? i1 - i : ROWS);
      T *c = job->c + i * job->c_stride + column;
      const T *bias = job->bias + column, *gate = job->gate + i * job->gate_stride + column;
      if (wide == NR)
        K(tile_full)(rows, block->depth, tile, row_step, k_step, b, b_step, c, job->c_stride,
                     block->start, bias, block->finish, gate, job->gate_stride);
      else if (block->panels)
        K(tile_edge)(rows, (int)wide, block->depth, tile, row_step, k_step, b, b_step, c,
                     job->c_stride, block->start, bias, block->finish, gate, job->gate_stride);
      else
        K(last_columns)(job, block, j, i, rows, tile, row_step, k_step);
    }
  }
}

/// Rows of a in tiles: the elements of a tile's column side by side.
static void K(pack_rows)(size_t rows, size_t depth, const T *a, size_t row_step, size_t k_step, T *tiles) {
  for (size_t i = 0; i < rows; i += ROWS, tiles += ROWS * depth) {
    size_t high = rows - i < ROWS ? rows - i : ROWS;
    for (size_t p = 0; p < depth; p++)
      for (size_t r = 0; r < high; r++) tiles[p * ROWS + r] = a[(i + r) * row_step + p * k_step];
  }
}

/// A product with one column that reads down a's columns, or with one row across b's: the transposed
/// product has its chains side by side. Whether it was turned.
static int K(turned)(JOB *job) {
  if (job->start == BITLAW_START_BIAS || job->packed) return 0;
  int column = job->n == 1 && job->a_transposed && job->c_stride == 1
               && (job->finish != BITLAW_FINISH_GATE || job->gate_stride == 1);
  int row = job->m == 1 && job->b_transposed && job->n > 1 && job->finish != BITLAW_FINISH_GATE;
  if (!column && !row) return 0;
  JOB old = *job;
  job->a = old.b, job->a_stride = old.b_stride, job->a_transposed = !old.b_transposed;
  job->b = old.a, job->b_stride = old.a_stride, job->b_transposed = !old.a_transposed;
  job->m = old.n, job->n = old.m;
  job->c_stride = column ? job->n : 1;
  job->gate_stride = job->n;
  return 1;
}

static void K(product)(const JOB *given) {
  JOB job = *given;
  if (job.m == 0 || job.n == 0) return;
  K(turned)(&job);
  if (job.n == 1 && !job.a_transposed && !job.packed) {
    K(column_product)(&job);
    return;
  }
  const size_t m = job.m, n = job.n, k = job.k;
  const size_t row_step = job.a_transposed ? 1 : job.a_stride;
  const size_t k_step = job.a_transposed ? job.a_stride : 1;
  // Panels pay where rows are many; a few rows read b where it lies.
  const int packs = !job.packed && (job.b_transposed || m > 2 * ROWS);
  // Rows pay in tiles where many columns read them, or where each step along k is a page or so.
  const int tiles = (n >= 16 * NR && k >= 4 * ROWS)
                    || (job.a_transposed && job.a_stride * sizeof(T) >= 2048 && n >= 2 * NR && m > ROWS);
  T *space = bitlaw_workspace();
  T *row_space = space + BITLAW_PANEL_BYTES / sizeof(T);
  const size_t space_columns = BITLAW_PANEL_BYTES / sizeof(T) / DEPTH / NR * NR;
  for (size_t j0 = 0; j0 < n; j0 += space_columns) {
    K(block) block = {.j0 = j0, .columns = n - j0 < space_columns ? n - j0 : space_columns};
    do {
      block.depth = k - block.p0 < DEPTH ? k - block.p0 : DEPTH;
      block.start = block.p0 == 0 ? job.start : BITLAW_START_TARGET;
      block.finish = block.p0 + block.depth == k ? job.finish : BITLAW_FINISH_NONE;
      if (packs) {
        for (size_t j = 0; j < block.columns; j += NR)
          K(pack_panel)(job.b_transposed, n, j0 + j, block.p0, block.depth, job.b, job.b_stride,
                        space + j * block.depth);
        block.panels = space, block.panel_depth = block.depth;
      } else if (job.packed) {
        block.panels = job.packed + j0 * k + block.p0 * NR, block.panel_depth = k;
      }
      const T *a = job.a + block.p0 * k_step;
      // All panels of a few rows while they fit in a cache beside the rows; else all rows of a panel.
      size_t rows_at_once = block.columns * block.depth * sizeof(T) <= 262144 ? ROWS : m;
      if (tiles) rows_at_once = TILES_AT_ONCE * ROWS;
      for (size_t i = 0; i < m; i += rows_at_once) {
        size_t end = i + rows_at_once < m ? i + rows_at_once : m;
        if (tiles) {
          K(pack_rows)(end - i, block.depth, a + i * row_step, row_step, k_step, row_space);
          K(block_rows)(&job, &block, i, end, row_space, ROWS * block.depth, 1, ROWS);
        } else {
          K(block_rows)(&job, &block, i, end, a + i * row_step, ROWS * row_step, row_step, k_step);
        }
      }
      block.p0 += block.depth;
    } while (block.p0 < k);
  }
}
