// Matrix products: every element is one chain of fused multiply-adds over k, ascending.
//
// Included after real.h. How the work is cut (register tiles, panels, blocks of
// k between which partial chains rest in c) changes no bit, for a stored float is the same float.

/// The job with typed arrays.
typedef BITLAW_PRODUCT_JOB(REAL) KERNEL(product_job);

#define NR (TILE_COLUMNS * LANES)
/// Elements of k between two visits of c. Fewer would leave a panel of b in the first-level cache, but c costs more.
#define DEPTH ((size_t)(1024 * VECTOR_BYTES / (NR * sizeof(REAL))))

/// Tiles of rows that are packed at once, within their share of the scratch memory.
#define TILES_FIT (BITLAW_ROW_BYTES / (DEPTH * TILE_ROWS * sizeof(REAL)))
#define TILES_AT_ONCE (TILES_FIT < 16 ? TILES_FIT : 16)

/// Rows of a register tile and the columns of `wide` vectors: c (rows × wide·LANES), a by strides.
///
/// `copies`: what is read of b goes to `panel` too, in rows of NR.
INLINE void compute_tile(const int rows, const int wide, const int copies, size_t k, const REAL *a,
                         size_t row_step, size_t k_step, const REAL *b, size_t b_step, REAL *panel,
                         REAL *c, size_t c_stride, int start, const REAL *bias, int finish,
                         const REAL *gate, size_t gate_stride) {
  VECTOR s[16][8];
  if (start == BITLAW_START_ZERO) {
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (int v = 0; v < wide; v++) s[i][v] = ALL(0);
  } else {
    const REAL *from = start == BITLAW_START_BIAS ? bias : c;
    size_t step = start == BITLAW_START_BIAS ? 0 : c_stride;
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (int v = 0; v < wide; v++) s[i][v] = loaded(from + i * step + v * LANES);
  }
#pragma clang loop unroll(disable)
  for (size_t p = 0; p < k; p++) {
    VECTOR right[8];
#pragma clang loop unroll(full)
    for (int v = 0; v < wide; v++) right[v] = loaded(b + v * LANES);
    if (copies) {
#pragma clang loop unroll(full)
      for (int v = 0; v < wide; v++) store(panel + v * LANES, right[v]);
      panel += NR;
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      VECTOR left = (VECTOR)a[i * row_step];
#pragma clang loop unroll(full)
      for (int v = 0; v < wide; v++) s[i][v] = fused(left, right[v], s[i][v]);
    }
    a += k_step;
    b += b_step;
  }
  // Most chains just end: they ask once, not at every vector.
  if (finish == BITLAW_FINISH_NONE) {
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
      for (int v = 0; v < wide; v++) store(c + i * c_stride + v * LANES, s[i][v]);
    return;
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int v = 0; v < wide; v++) {
      VECTOR r = s[i][v];
      if (finish == BITLAW_FINISH_RELU) r = r > ALL(0) ? r : ALL(0);
      if (finish == BITLAW_FINISH_GATE)
        r = loaded(gate + i * gate_stride + v * LANES) > ALL(0) ? r : ALL(0);
      if (finish == BITLAW_FINISH_SIGN) r = r < ALL(0) ? ALL(-1) : ALL(1);
      store(c + i * c_stride + v * LANES, r);
    }
}

#define TILE_CASE(n, wide)                                                                         \
  case n:                                                                                          \
    if (n <= TILE_ROWS)                                                                            \
      compute_tile(n <= TILE_ROWS ? n : 1, wide, 0, k, a, row_step, k_step, b, b_step, 0, c,       \
                   c_stride, start, bias, finish, gate, gate_stride);                              \
    break;
#define TILE_CASES(wide)                                                                           \
  TILE_CASE(1, wide) TILE_CASE(2, wide) TILE_CASE(3, wide) TILE_CASE(4, wide) TILE_CASE(5, wide)   \
  TILE_CASE(6, wide) TILE_CASE(7, wide) TILE_CASE(8, wide) TILE_CASE(9, wide) TILE_CASE(10, wide)  \
  TILE_CASE(11, wide) TILE_CASE(12, wide)

#define TILE_ARGUMENTS                                                                             \
  size_t k, const REAL *a, size_t row_step, size_t k_step, const REAL *b, size_t b_step, REAL *c,  \
      size_t c_stride, int start, const REAL *bias, int finish, const REAL *gate, size_t gate_stride

/// A full-width tile of some rows.
static __attribute__((noinline)) void KERNEL(tile_full)(int rows, TILE_ARGUMENTS) {
  switch (rows) { TILE_CASES(TILE_COLUMNS) }
}

/// A full tile that reads b where it lies, and leaves it in the panel that the tiles below it read.
static __attribute__((noinline)) void KERNEL(tile_first)(REAL *panel, TILE_ARGUMENTS) {
  compute_tile(TILE_ROWS, TILE_COLUMNS, 1, k, a, row_step, k_step, b, b_step, panel, c, c_stride, start, bias,
               finish, gate, gate_stride);
}

/// A tile of one vector's width.
static __attribute__((noinline)) void KERNEL(tile_narrow)(int rows, TILE_ARGUMENTS) {
  switch (rows) { TILE_CASES(1) }
}

/// One row, eight or four vectors: chains enough to hide the latency of an addition.
static __attribute__((noinline)) void KERNEL(tile_row)(int vectors, TILE_ARGUMENTS) {
  if (vectors == 8)
    compute_tile(1, 8, 0, k, a, row_step, k_step, b, b_step, 0, c, c_stride, start, bias, finish, gate,
                 gate_stride);
  else
    compute_tile(1, 4, 0, k, a, row_step, k_step, b, b_step, 0, c, c_stride, start, bias, finish, gate,
                 gate_stride);
}

static __attribute__((noinline)) void KERNEL(copy_edge)(int rows, int columns, int wide,
                                                        const REAL *from, size_t stride, REAL *to) {
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < wide; j++) to[i * wide + j] = j < columns ? from[i * stride + j] : (REAL)0;
}

/// A tile whose columns end inside a vector: computed beside c, then copied.
static __attribute__((noinline)) void KERNEL(tile_edge)(int rows, int columns, TILE_ARGUMENTS) {
  REAL target[TILE_ROWS * NR], gates[TILE_ROWS * NR], biases[NR];
  int wide = columns <= LANES ? LANES : NR;
  // Loops only where something is there to read: a masked load at a null address is slow.
  if (start == BITLAW_START_TARGET) KERNEL(copy_edge)(rows, columns, wide, c, c_stride, target);
  if (start == BITLAW_START_BIAS) KERNEL(copy_edge)(1, columns, wide, bias, 0, biases);
  if (finish == BITLAW_FINISH_GATE) KERNEL(copy_edge)(rows, columns, wide, gate, gate_stride, gates);
  if (wide == LANES)
    KERNEL(tile_narrow)(rows, k, a, row_step, k_step, b, b_step, target, wide, start, biases,
                        finish, gates, wide);
  else
    KERNEL(tile_full)(rows, k, a, row_step, k_step, b, b_step, target, wide, start, biases, finish,
                      gates, wide);
  for (int i = 0; i < rows; i++)
    for (int j = 0; j < columns; j++) c[i * c_stride + j] = target[i * wide + j];
}

/// LANES rows of LANES elements become LANES columns: log₂ LANES rounds of zipping.
INLINE void transpose(VECTOR *v) {
#pragma clang loop unroll(full)
  for (int round = 1; round < LANES; round *= 2) {
    VECTOR w[LANES];
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES / 2; i++) {
      w[2 * i] = zipped_low(v[i], v[i + LANES / 2]);
      w[2 * i + 1] = zipped_high(v[i], v[i + LANES / 2]);
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < LANES; i++) v[i] = w[i];
  }
}

/// A product with one column, rows of a lying along k: LANES chains side by side, in transposed blocks.
static void KERNEL(column_product)(const KERNEL(product_job) *job) {
  size_t b_step = job->b_transposed ? 1 : job->b_stride;
  for (size_t i = 0; i < job->m; i += LANES) {
    size_t rows = job->m - i < LANES ? job->m - i : LANES;
    const REAL *from[LANES];
    REAL ends[LANES];
    for (size_t r = 0; r < LANES; r++) {
      size_t row = i + (r < rows ? r : 0);
      from[r] = job->a + row * job->a_stride;
      ends[r] = job->start == BITLAW_START_ZERO   ? (REAL)0
                : job->start == BITLAW_START_BIAS ? job->bias[0]
                                                  : job->c[row * job->c_stride];
    }
    VECTOR s = loaded(ends);
    size_t p = 0;
    for (; p + LANES <= job->k; p += LANES) {
      VECTOR block[LANES];
#pragma clang loop unroll(full)
      for (int r = 0; r < LANES; r++) block[r] = loaded(from[r] + p);
      transpose(block);
#pragma clang loop unroll(full)
      for (int r = 0; r < LANES; r++) s = fused(block[r], (VECTOR)job->b[(p + r) * b_step], s);
    }
    for (; p < job->k; p++) {
      REAL across[LANES];
      for (int r = 0; r < LANES; r++) across[r] = from[r][p];
      s = fused(loaded(across), (VECTOR)job->b[p * b_step], s);
    }
    if (job->finish == BITLAW_FINISH_RELU) s = s > ALL(0) ? s : ALL(0);
    if (job->finish == BITLAW_FINISH_SIGN) s = s < ALL(0) ? ALL(-1) : ALL(1);
    store(ends, s);
    for (size_t r = 0; r < rows; r++) {
      REAL value = ends[r];
      if (job->finish == BITLAW_FINISH_GATE && !(job->gate[(i + r) * job->gate_stride] > 0)) value = 0;
      job->c[(i + r) * job->c_stride] = value;
    }
  }
}

static size_t KERNEL(packed_count)(size_t n, size_t k) { return (n + NR - 1) / NR * NR * k; }

/// Up to LANES rows of `depth` elements as columns of `wide` ≤ LANES: to[p, r] = from[r, p], 0 where there is no row.
INLINE void KERNEL(pack_turned)(size_t rows, size_t depth, const int wide, const REAL *from, size_t stride,
                                REAL *to, size_t step) {
  size_t p = 0;
  for (; p + LANES <= depth; p += LANES) {
    VECTOR block[LANES];
#pragma clang loop unroll(full)
    for (int r = 0; r < LANES; r++)
      block[r] = (size_t)r < rows ? loaded(from + (size_t)r * stride + p) : ALL(0);
    transpose(block);
#pragma clang loop unroll(full)
    for (int q = 0; q < LANES; q++)
      __builtin_memcpy(to + (p + (size_t)q) * step, &block[q], (size_t)wide * sizeof(REAL));
  }
  for (; p < depth; p++)
    for (size_t r = 0; r < (size_t)wide; r++) to[p * step + r] = r < rows ? from[r * stride + p] : (REAL)0;
}

/// Columns j…j+NR of op(b), rows p…p+depth, as depth rows of NR; 0 where there is no column.
static void KERNEL(pack_panel)(int transposed, size_t n, size_t j, size_t p, size_t depth,
                               const REAL *b, size_t stride, REAL *panel) {
  size_t columns = n - j < NR ? n - j : NR;
  if (!transposed) {
    for (size_t q = 0; q < depth; q++) {
      const REAL *row = b + (p + q) * stride + j;
      if (columns == NR) {
#pragma clang loop unroll(full)
        for (int v = 0; v < TILE_COLUMNS; v++) store(panel + q * NR + v * LANES, loaded(row + v * LANES));
      } else {
        for (size_t i = 0; i < NR; i++) panel[q * NR + i] = i < columns ? row[i] : (REAL)0;
      }
    }
    return;
  }
  for (size_t i = 0; i < NR; i += LANES)
    KERNEL(pack_turned)(columns > i ? columns - i : 0, depth, LANES, b + (j + i) * stride + p, stride,
                        panel + i, NR);
}

static void KERNEL(pack)(int32_t transposed, size_t n, size_t k, const REAL *b, size_t stride,
                         REAL *packed) {
  for (size_t j = 0; j < n; j += NR) KERNEL(pack_panel)(transposed, n, j, 0, k, b, stride, packed + j * k);
}

/// One block of k and of columns: where its panels lie, and how chains enter and leave it.
typedef struct {
  size_t p0, depth, j0, columns;
  int start, finish;
  const REAL *panels;  // op(b) in panels of NR columns and `panel_depth` rows; null: b as it lies
  size_t panel_depth;
  REAL *fresh;  // the same panels while they are still to be filled
} KERNEL(block);

/// The columns at the end of a b that is read where it lies: nothing beyond may be read, so a piece at
/// a time is copied.
static void KERNEL(last_columns)(const KERNEL(product_job) *job, const KERNEL(block) *block,
                                 size_t j, size_t i, int rows, const REAL *a, size_t row_step,
                                 size_t k_step) {
  REAL piece[NR * 64];
  size_t column = block->j0 + j, q = 0;
  REAL *c = job->c + i * job->c_stride + column;
  do {
    size_t depth = block->depth - q < 64 ? block->depth - q : 64;
    int last = q + depth == block->depth;
    KERNEL(pack_panel)(0, job->n, column, block->p0 + q, depth, job->b, job->b_stride, piece);
    KERNEL(tile_edge)(rows, (int)(block->columns - j), depth, a + q * k_step, row_step, k_step,
                      piece, NR, c, job->c_stride, q == 0 ? block->start : BITLAW_START_TARGET,
                      job->bias + column, last ? block->finish : BITLAW_FINISH_NONE,
                      job->gate + i * job->gate_stride + column, job->gate_stride);
    q += depth;
  } while (q < block->depth);
}

/// Rows i0…i1 of a block; `a` is their first, in tiles of TILE_ROWS that lie `tile_step` apart.
static void KERNEL(block_rows)(const KERNEL(product_job) *job, const KERNEL(block) *block,
                               size_t i0, size_t i1, const REAL *a, size_t tile_step,
                               size_t row_step, size_t k_step) {
  for (size_t j = 0; j < block->columns; j += NR) {
    size_t wide = block->columns - j < NR ? block->columns - j : NR, column = block->j0 + j;
    const REAL *b = job->b + block->p0 * job->b_stride + column;
    size_t b_step = job->b_stride;
    if (block->panels) b = block->panels + j * block->panel_depth, b_step = NR;
    if (!block->panels && job->m == 1 && block->columns - j >= 4 * LANES) {
      int vectors = block->columns - j >= 8 * LANES ? 8 : 4;
      KERNEL(tile_row)(vectors, block->depth, a, row_step, k_step, b, b_step, job->c + column,
                       job->c_stride, block->start, job->bias + column, block->finish,
                       job->gate + column, job->gate_stride);
      j += (size_t)vectors * LANES - NR;
      continue;
    }
    // The first full tile fills a fresh panel of a b that lies in rows.
    REAL *panel = block->fresh ? block->fresh + j * block->panel_depth : 0;
    if (panel && (job->b_transposed || wide < NR || i1 - i0 < TILE_ROWS)) {
      KERNEL(pack_panel)(job->b_transposed, job->n, column, block->p0, block->depth, job->b, job->b_stride,
                         panel);
      panel = 0;
    }
    const REAL *tile = a;
    for (size_t i = i0; i < i1; i += TILE_ROWS, tile += tile_step) {
      int rows = (int)(i1 - i < TILE_ROWS ? i1 - i : TILE_ROWS);
      REAL *c = job->c + i * job->c_stride + column;
      const REAL *bias = job->bias + column, *gate = job->gate + i * job->gate_stride + column;
      if (panel) {
        KERNEL(tile_first)(panel, block->depth, tile, row_step, k_step,
                           job->b + block->p0 * job->b_stride + column, job->b_stride, c, job->c_stride,
                           block->start, bias, block->finish, gate, job->gate_stride);
        panel = 0;
      } else if (wide == NR)
        KERNEL(tile_full)(rows, block->depth, tile, row_step, k_step, b, b_step, c, job->c_stride,
                          block->start, bias, block->finish, gate, job->gate_stride);
      else if (block->panels)
        KERNEL(tile_edge)(rows, (int)wide, block->depth, tile, row_step, k_step, b, b_step, c,
                          job->c_stride, block->start, bias, block->finish, gate, job->gate_stride);
      else
        KERNEL(last_columns)(job, block, j, i, rows, tile, row_step, k_step);
    }
  }
}

/// Rows of a in tiles: the elements of a tile's column side by side.
static void KERNEL(pack_rows)(size_t rows, size_t depth, const REAL *a, size_t row_step,
                              size_t k_step, REAL *tiles) {
  for (size_t i = 0; i < rows; i += TILE_ROWS, tiles += TILE_ROWS * depth) {
    const REAL *from = a + i * row_step;
    size_t high = rows - i < TILE_ROWS ? rows - i : TILE_ROWS;
    if (k_step == 1) {
#pragma clang loop unroll(full)
      for (int r = 0; r < TILE_ROWS; r += LANES)
        KERNEL(pack_turned)(high > (size_t)r ? high - (size_t)r : 0, depth,
                            TILE_ROWS - r < LANES ? TILE_ROWS - r : LANES, from + (size_t)r * row_step,
                            row_step, tiles + r, TILE_ROWS);
    } else if (row_step == 1 && high == TILE_ROWS) {
      for (size_t p = 0; p < depth; p++)
        __builtin_memcpy(tiles + p * TILE_ROWS, from + p * k_step, TILE_ROWS * sizeof(REAL));
    } else {
      for (size_t p = 0; p < depth; p++)
        for (size_t r = 0; r < high; r++) tiles[p * TILE_ROWS + r] = from[r * row_step + p * k_step];
    }
  }
}

/// A product with one column that reads down a's columns, or with one row across b's: the transposed
/// product has its chains side by side. Whether it was turned.
static int KERNEL(turned)(KERNEL(product_job) *job) {
  if (job->start == BITLAW_START_BIAS || job->packed) return 0;
  int column = job->n == 1 && job->a_transposed && job->c_stride == 1
               && (job->finish != BITLAW_FINISH_GATE || job->gate_stride == 1);
  int row = job->m == 1 && job->b_transposed && job->n > 1 && job->finish != BITLAW_FINISH_GATE;
  if (!column && !row) return 0;
  KERNEL(product_job) old = *job;
  job->a = old.b, job->a_stride = old.b_stride, job->a_transposed = !old.b_transposed;
  job->b = old.a, job->b_stride = old.a_stride, job->b_transposed = !old.a_transposed;
  job->m = old.n, job->n = old.m;
  job->c_stride = column ? job->n : 1;
  job->gate_stride = job->n;
  return 1;
}

static void KERNEL(product)(const bitlaw_product *given) {
  KERNEL(product_job) job;
  _Static_assert(sizeof job == sizeof *given, "an address has one size");
  __builtin_memcpy(&job, given, sizeof job);
  if (job.m == 0 || job.n == 0) return;
  KERNEL(turned)(&job);
  if (job.n == 1 && !job.a_transposed && !job.packed) {
    KERNEL(column_product)(&job);
    return;
  }
  const size_t m = job.m, n = job.n, k = job.k;
  const size_t row_step = job.a_transposed ? 1 : job.a_stride;
  const size_t k_step = job.a_transposed ? job.a_stride : 1;
  // Panels pay where rows are many; a few rows read b where it lies.
  const int packs = !job.packed && (job.b_transposed || m > 2 * TILE_ROWS);
  // Rows pay in tiles where many columns read them, or where each step along k is a page or so.
  const int tiles = (n >= 16 * NR && k >= 4 * TILE_ROWS)
                    || (job.a_transposed && job.a_stride * sizeof(REAL) >= 2048 && n >= 2 * NR
                        && m > TILE_ROWS);
  REAL *space = bitlaw_workspace();
  REAL *row_space = space + BITLAW_PANEL_BYTES / sizeof(REAL);
  // The rows of a are read once for every so many columns.
  const size_t deep = k < DEPTH / 4 ? DEPTH / 4 : k < DEPTH ? k : DEPTH;
  const size_t space_columns = BITLAW_PANEL_BYTES / sizeof(REAL) / deep / NR * NR;
  for (size_t j0 = 0; j0 < n; j0 += space_columns) {
    KERNEL(block) block = {.j0 = j0, .columns = n - j0 < space_columns ? n - j0 : space_columns};
    do {
      block.depth = k - block.p0 < DEPTH ? k - block.p0 : DEPTH;
      block.start = block.p0 == 0 ? job.start : BITLAW_START_TARGET;
      block.finish = block.p0 + block.depth == k ? job.finish : BITLAW_FINISH_NONE;
      if (packs) {
        block.panels = block.fresh = space, block.panel_depth = block.depth;
      } else if (job.packed) {
        block.panels = job.packed + j0 * k + block.p0 * NR, block.panel_depth = k;
      }
      const REAL *a = job.a + block.p0 * k_step;
      // All panels of a few rows while they fit in a cache beside the rows; else all rows of a panel.
      size_t rows_at_once = block.columns * block.depth * sizeof(REAL) <= 262144 ? TILE_ROWS : m;
      if (tiles) rows_at_once = TILES_AT_ONCE * TILE_ROWS;
      for (size_t i = 0; i < m; i += rows_at_once) {
        size_t end = i + rows_at_once < m ? i + rows_at_once : m;
        if (tiles) {
          KERNEL(pack_rows)(end - i, block.depth, a + i * row_step, row_step, k_step, row_space);
          KERNEL(block_rows)(&job, &block, i, end, row_space, TILE_ROWS * block.depth, 1, TILE_ROWS);
        } else {
          KERNEL(block_rows)(&job, &block, i, end, a + i * row_step, TILE_ROWS * row_step, row_step,
                             k_step);
        }
        block.fresh = 0;
      }
      block.p0 += block.depth;
    } while (block.p0 < k);
  }
}
