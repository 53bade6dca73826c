// SHA-256 by the processor's own instructions, and what libcrypto does for signatures.
//
// The program does not link libcrypto: to load it takes longer than most commands. It is opened at
// its first use (docs/decisions/0011-libcrypto-is-opened-at-run-time.md).
#pragma once
#include <stddef.h>
#include <stdint.h>

// The ways to compress blocks, the fastest first; each gives the same digests (FIPS 180-4).
enum {
  BITLAW_SHA256_INSTRUCTIONS = 0,  // the SHA extensions of x86-64
  BITLAW_SHA256_LIBRARY = 1,       // libcrypto's assembly
  BITLAW_SHA256_PLAIN = 2,         // C
  BITLAW_SHA256_WAYS = 3,
};

// A digest in progress; nothing in it has to be freed.
typedef struct {
  uint32_t state[8];
  uint8_t block[64];  // what is left of the message until it fills a block
  uint64_t count;     // how many bytes the message has so far
  int32_t way;
} bitlaw_sha256;

// Whether a way is to be had here.
int32_t bitlaw_sha256_supported(int32_t way);

// The first way that is to be had.
int32_t bitlaw_sha256_best(void);

void bitlaw_sha256_begin(bitlaw_sha256 *hash, int32_t way);
void bitlaw_sha256_update(bitlaw_sha256 *hash, const void *bytes, size_t count);
void bitlaw_sha256_finish(bitlaw_sha256 *hash, uint8_t digest[32]);

// Ed25519 (RFC 8032) by libcrypto. Each answers 1 or 0, and -1 where libcrypto cannot be opened or has no
// memory left.
int32_t bitlaw_ed25519_public_key(const uint8_t seed[32], uint8_t key[32]);
int32_t bitlaw_ed25519_sign(
    const uint8_t seed[32], const uint8_t *message, size_t count, uint8_t signature[64]);
int32_t bitlaw_ed25519_verify(
    const uint8_t key[32], const uint8_t *message, size_t count, const uint8_t signature[64]);

// Whether the hexadecimal number y is the coordinate of a point of edwards25519.
int32_t bitlaw_ed25519_on_curve(const char *y);
