// libcrypto, opened when it is first used.
#include "internal.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

// openssl/obj_mac.h: NID_ED25519.
enum { ed25519 = 1087 };

// SHA256_CTX of openssl/sha.h.
typedef struct {
  uint32_t state[8], low, high, block[16];
  unsigned filled, digest_size;
} library_sha256;

typedef void *object;

static struct {
  int32_t is_open;
  int (*sha256_update)(library_sha256 *, const void *, size_t);
  void (*clear_errors)(void);
  object (*new_private)(int, object, const uint8_t *, size_t);
  object (*new_public)(int, object, const uint8_t *, size_t);
  int (*public_of)(object, uint8_t *, size_t *);
  void (*free_key)(object);
  object (*new_context)(void);
  void (*free_context)(object);
  int (*begin_sign)(object, object, object, object, object);
  int (*sign)(object, uint8_t *, size_t *, const uint8_t *, size_t);
  int (*begin_verify)(object, object, object, object, object);
  int (*verify)(object, const uint8_t *, size_t, const uint8_t *, size_t);
  object (*new_space)(void);
  void (*free_space)(object);
  object (*new_number)(void);
  void (*free_number)(object);
  int (*read_number)(object *, const char *);
  int (*multiply)(object, object, object, object, object);
  int (*add)(object, object, object, object, object);
  int (*subtract)(object, object, object, object, object);
  int (*raise)(object, object, object, object, object);
  int (*compare)(object, object);
} library;

static void open_library(void) {
  const struct {
    const char *name;
    void *place;
  } functions[] = {
      {"SHA256_Update", &library.sha256_update},
      {"ERR_clear_error", &library.clear_errors},
      {"EVP_PKEY_new_raw_private_key", &library.new_private},
      {"EVP_PKEY_new_raw_public_key", &library.new_public},
      {"EVP_PKEY_get_raw_public_key", &library.public_of},
      {"EVP_PKEY_free", &library.free_key},
      {"EVP_MD_CTX_new", &library.new_context},
      {"EVP_MD_CTX_free", &library.free_context},
      {"EVP_DigestSignInit", &library.begin_sign},
      {"EVP_DigestSign", &library.sign},
      {"EVP_DigestVerifyInit", &library.begin_verify},
      {"EVP_DigestVerify", &library.verify},
      {"BN_CTX_new", &library.new_space},
      {"BN_CTX_free", &library.free_space},
      {"BN_new", &library.new_number},
      {"BN_free", &library.free_number},
      {"BN_hex2bn", &library.read_number},
      {"BN_mod_mul", &library.multiply},
      {"BN_mod_add", &library.add},
      {"BN_mod_sub", &library.subtract},
      {"BN_mod_exp", &library.raise},
      {"BN_cmp", &library.compare},
  };
  void *file = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
  if (!file) return;
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    void *found = dlsym(file, functions[i].name);
    if (!found) return;
    memcpy(functions[i].place, &found, sizeof found);
  }
  library.is_open = 1;
}

static int32_t is_open(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_library);
  return library.is_open;
}

int32_t bitlaw_library_compress(uint32_t state[8], const uint8_t *bytes, size_t blocks) {
  if (!is_open()) return 0;
  if (blocks == 0) return 1;
  library_sha256 hash;
  memset(&hash, 0, sizeof hash);
  hash.digest_size = 32;
  memcpy(hash.state, state, sizeof hash.state);
  // Whole blocks of a message that stands at the beginning of one are compressed where they are.
  library.sha256_update(&hash, bytes, 64 * blocks);
  memcpy(state, hash.state, sizeof hash.state);
  return 1;
}

int32_t bitlaw_ed25519_public_key(const uint8_t seed[32], uint8_t public_key[32]) {
  if (!is_open()) return -1;
  object key = library.new_private(ed25519, NULL, seed, 32);
  size_t count = 32;
  int32_t is_done = key && library.public_of(key, public_key, &count) == 1 && count == 32;
  library.free_key(key);
  return is_done;
}

int32_t bitlaw_ed25519_sign(
    const uint8_t seed[32], const uint8_t *message, size_t count, uint8_t signature[64]) {
  if (!is_open()) return -1;
  object key = library.new_private(ed25519, NULL, seed, 32);
  object context = library.new_context();
  size_t size = 64;
  int32_t is_done = key && context && library.begin_sign(context, NULL, NULL, NULL, key) == 1
                    && library.sign(context, signature, &size, message, count) == 1 && size == 64;
  library.free_context(context);
  library.free_key(key);
  return is_done;
}

int32_t bitlaw_ed25519_verify(
    const uint8_t bytes[32], const uint8_t *message, size_t count, const uint8_t signature[64]) {
  if (!is_open()) return -1;
  object key = library.new_public(ed25519, NULL, bytes, 32);
  object context = library.new_context();
  int32_t answer = context ? 0 : -1;
  if (key && context) {
    answer = library.begin_verify(context, NULL, NULL, NULL, key) == 1
                 ? library.verify(context, signature, 64, message, count) == 1
                 : -1;
  }
  library.free_context(context);
  library.free_key(key);
  // A signature that does not verify leaves an entry in libcrypto's queue.
  library.clear_errors();
  return answer;
}

// x² = (y² - 1) / (d·y² + 1) has a root where the product of both sides is a square, which its power
// (p - 1) / 2 tells (RFC 8032, 5.1.3).
int32_t bitlaw_ed25519_on_curve(const char *text) {
  if (!is_open()) return -1;
  const char *texts[] = {
      text, "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed",
      "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3", "1",
      "3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff6"};
  object numbers[5] = {NULL}, space = library.new_space();
  object square = library.new_number(), other = library.new_number();
  int32_t is_done = space && square && other;
  for (int i = 0; i < 5; i++) is_done = is_done && library.read_number(&numbers[i], texts[i]) > 0;
  object y = numbers[0], p = numbers[1], d = numbers[2], one = numbers[3], half = numbers[4];
  is_done = is_done && library.multiply(square, y, y, p, space) == 1
            && library.multiply(other, square, d, p, space) == 1
            && library.add(other, other, one, p, space) == 1
            && library.subtract(square, square, one, p, space) == 1
            && library.multiply(square, square, other, p, space) == 1
            && library.raise(square, square, half, p, space) == 1;
  int32_t answer = is_done ? library.compare(square, one) == 0 : -1;
  for (int i = 0; i < 5; i++) library.free_number(numbers[i]);
  library.free_number(square);
  library.free_number(other);
  library.free_space(space);
  return answer;
}
