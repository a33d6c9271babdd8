/* Lets what SQLite writes its pages and logs with fail at random; loaded before libc, steered through ctypes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/types.h>

static double rate;
static unsigned int seed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void write_errors_on(double wanted, unsigned int start) { rate = wanted; seed = start; }

/* 0: go on; 1: fail; 2: fail in the middle. */
static int falls(void) {
    if (rate <= 0) return 0;
    pthread_mutex_lock(&lock);
    int fell = rand_r(&seed) / (RAND_MAX + 1.0) < rate ? 1 + rand_r(&seed) % 2 : 0;
    pthread_mutex_unlock(&lock);
    return fell;
}

ssize_t pwrite64(int file, const void *bytes, size_t n, off64_t at) {
    ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
    int fell = falls();
    if (fell == 2 && real(file, bytes, n / 2, at) < 0) return -1;
    if (fell) { errno = EIO; return -1; }
    return real(file, bytes, n, at);
}

#define FAILING(name, given, passed)                       \
    int name given {                                       \
        int (*real) given = dlsym(RTLD_NEXT, #name);       \
        if (falls()) { errno = EIO; return -1; }           \
        return real passed;                                \
    }
FAILING(fdatasync, (int file), (file))
FAILING(fsync, (int file), (file))
FAILING(ftruncate64, (int file, off64_t n), (file, n))
