/* Records what a process asks of the disk under one directory: every write with its bytes, every sync, in order.
 * Loaded with LD_PRELOAD by the power-cut test, which rebuilds from the record what a disk could hold after a cut.
 *
 * POWERCUT_ROOT: the directory; POWERCUT_OUT: the record; POWERCUT_ACKS: a file whose writes are the caller's own marks;
 * POWERCUT_FAIL: the number of the sync from which on all fail, as on a broken disk.
 * Events are little-endian: kind u8, a u64, b u64, length u32, bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { OPEN = 1, WRITE, TRUNC, SYNC_BEGIN, SYNC_END, RENAME, UNLINK, MKDIR, ACK, RMDIR, ALIEN };
#define MAX_FD 4096
#define ACK_FILE UINT64_MAX

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int out = -1, ready;
static const char *root, *acks;
static uint64_t fd_inode[MAX_FD]; /* 0: not watched */
static off_t fd_append_pos[MAX_FD];
static uint64_t next_sync = 1, fail_from = UINT64_MAX;

#define REAL(ret, name, args)                                                                  \
    static ret(*real_##name) args;                                                             \
    if (!real_##name) real_##name = (ret(*) args)dlsym(RTLD_NEXT, #name)

static void setup(void) {
    if (ready) return;
    ready = 1;
    root = getenv("POWERCUT_ROOT");
    acks = getenv("POWERCUT_ACKS");
    const char *path = getenv("POWERCUT_OUT");
    if (getenv("POWERCUT_FAIL")) fail_from = strtoull(getenv("POWERCUT_FAIL"), NULL, 10);
    REAL(int, open, (const char *, int, ...));
    if (root && path) out = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void raw_write(const void *p, size_t n) {
    REAL(ssize_t, write, (int, const void *, size_t));
    const char *c = p;
    while (n) {
        ssize_t w = real_write(out, c, n);
        if (w <= 0) abort();
        c += w;
        n -= (size_t)w;
    }
}

/* Call with the lock held. */
static void event(uint8_t kind, uint64_t a, uint64_t b, const void *data, uint32_t len) {
    unsigned char head[21];
    head[0] = kind;
    memcpy(head + 1, &a, 8);
    memcpy(head + 9, &b, 8);
    memcpy(head + 17, &len, 4);
    raw_write(head, sizeof head);
    if (len) raw_write(data, len);
}

static int watched(const char *path) {
    setup();
    return out >= 0 && path && strncmp(path, root, strlen(root)) == 0;
}

static uint64_t inode_of(int fd) {
    return fd >= 0 && fd < MAX_FD ? __atomic_load_n(&fd_inode[fd], __ATOMIC_SEQ_CST) : 0;
}

static int opened(int fd, const char *path, int flags, int existed) {
    if (fd < 0 || fd >= MAX_FD) return fd;
    if (acks && strcmp(path, acks) == 0) {
        fd_inode[fd] = ACK_FILE;
        return fd;
    }
    if (!watched(path)) return fd;
    struct stat st;
    if (fstat(fd, &st)) return fd;
    fd_inode[fd] = st.st_ino;
    fd_append_pos[fd] = 0;
    /* b: bit 0 created, bit 1 truncated, bit 2 a directory */
    uint64_t how = (existed ? 0 : 1) | ((flags & O_TRUNC) ? 2 : 0) | (S_ISDIR(st.st_mode) ? 4 : 0);
    event(OPEN, st.st_ino, how, path, (uint32_t)strlen(path));
    return fd;
}

static int open_any(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    setup();
    if (out < 0 || !path) return real(path, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat st;
    int existed = lstat(path, &st) == 0;
    int fd = opened(real(path, flags, mode), path, flags, existed);
    int keep = errno;
    pthread_mutex_unlock(&lock);
    errno = keep;
    return fd;
}

#define OPEN_LIKE(name)                                  \
    int name(const char *path, int flags, ...) {         \
        va_list ap;                                      \
        va_start(ap, flags);                             \
        mode_t mode = va_arg(ap, mode_t);                \
        va_end(ap);                                      \
        REAL(int, name, (const char *, int, ...));       \
        return open_any(real_##name, path, flags, mode); \
    }
OPEN_LIKE(open)
OPEN_LIKE(open64)

#define OPENAT_LIKE(name, plain)                                                   \
    int name(int dir, const char *path, int flags, ...) {                          \
        va_list ap;                                                                \
        va_start(ap, flags);                                                       \
        mode_t mode = va_arg(ap, mode_t);                                          \
        va_end(ap);                                                                \
        REAL(int, name, (int, const char *, int, ...));                            \
        if (dir == AT_FDCWD || path[0] == '/') return plain(path, flags, mode); \
        return real_##name(dir, path, flags, mode);                                \
    }
OPENAT_LIKE(openat, open)
OPENAT_LIKE(openat64, open64)

int close(int fd) {
    REAL(int, close, (int));
    if (inode_of(fd)) {
        pthread_mutex_lock(&lock);
        fd_inode[fd] = 0;
        pthread_mutex_unlock(&lock);
    }
    return real_close(fd);
}

ssize_t write(int fd, const void *buf, size_t n) {
    REAL(ssize_t, write, (int, const void *, size_t));
    uint64_t ino = inode_of(fd);
    if (!ino) return real_write(fd, buf, n);
    pthread_mutex_lock(&lock);
    if (ino == ACK_FILE) {
        event(ACK, 0, 0, buf, (uint32_t)n);
        pthread_mutex_unlock(&lock);
        return (ssize_t)n;
    }
    off_t at = lseek(fd, 0, SEEK_CUR);
    ssize_t w = real_write(fd, buf, n);
    int keep = errno;
    if (w > 0) event(WRITE, ino, (uint64_t)at, buf, (uint32_t)w);
    pthread_mutex_unlock(&lock);
    errno = keep;
    return w;
}

#define PWRITE_LIKE(name, off_type)                                           \
    ssize_t name(int fd, const void *buf, size_t n, off_type at) {            \
        REAL(ssize_t, name, (int, const void *, size_t, off_type));           \
        uint64_t ino = inode_of(fd);                                          \
        if (!ino) return real_##name(fd, buf, n, at);                         \
        pthread_mutex_lock(&lock);                                            \
        ssize_t w = real_##name(fd, buf, n, at);                              \
        int keep = errno;                                                     \
        if (w > 0) event(WRITE, ino, (uint64_t)at, buf, (uint32_t)w);         \
        pthread_mutex_unlock(&lock);                                          \
        errno = keep;                                                         \
        return w;                                                             \
    }
PWRITE_LIKE(pwrite, off_t)
PWRITE_LIKE(pwrite64, off64_t)

#define TRUNC_LIKE(name, off_type)                                \
    int name(int fd, off_type len) {                              \
        REAL(int, name, (int, off_type));                         \
        uint64_t ino = inode_of(fd);                              \
        if (!ino) return real_##name(fd, len);                    \
        pthread_mutex_lock(&lock);                                \
        int r = real_##name(fd, len);                             \
        int keep = errno;                                         \
        if (r == 0) event(TRUNC, ino, (uint64_t)len, NULL, 0);    \
        pthread_mutex_unlock(&lock);                              \
        errno = keep;                                             \
        return r;                                                 \
    }
TRUNC_LIKE(ftruncate, off_t)
TRUNC_LIKE(ftruncate64, off64_t)

/* A sync covers what was written before it began, and holds once it has ended. */
#define SYNC_LIKE(name)                                           \
    int name(int fd) {                                            \
        REAL(int, name, (int));                                   \
        uint64_t ino = inode_of(fd);                              \
        if (!ino || ino == ACK_FILE) return real_##name(fd);      \
        pthread_mutex_lock(&lock);                                \
        uint64_t id = next_sync++;                                \
        event(SYNC_BEGIN, ino, id, NULL, 0);                      \
        pthread_mutex_unlock(&lock);                              \
        if (id >= fail_from) {                                    \
            errno = EIO;                                          \
            return -1;                                            \
        }                                                         \
        /* The record stands for the disk, the real one may rest; but a sync takes its time. */ \
        usleep(200);                                              \
        pthread_mutex_lock(&lock);                                \
        event(SYNC_END, ino, id, NULL, 0);                        \
        pthread_mutex_unlock(&lock);                              \
        return 0;                                                 \
    }
SYNC_LIKE(fsync)
SYNC_LIKE(fdatasync)

/* Promises nothing: neither metadata nor the disk's own cache. */
int sync_file_range(int fd, off64_t at, off64_t n, unsigned int flags) {
    (void)fd, (void)at, (void)n, (void)flags;
    return 0;
}

int rename(const char *from, const char *to) {
    REAL(int, rename, (const char *, const char *));
    if (!watched(from)) return real_rename(from, to);
    pthread_mutex_lock(&lock);
    int r = real_rename(from, to);
    int keep = errno;
    if (r == 0) {
        size_t a = strlen(from), b = strlen(to);
        char *both = malloc(a + b);
        memcpy(both, from, a);
        memcpy(both + a, to, b);
        event(RENAME, a, 0, both, (uint32_t)(a + b));
        free(both);
    }
    pthread_mutex_unlock(&lock);
    errno = keep;
    return r;
}

#define PATH_LIKE(name, kind)                                           \
    int name(const char *path) {                                        \
        REAL(int, name, (const char *));                                \
        if (!watched(path)) return real_##name(path);                   \
        pthread_mutex_lock(&lock);                                      \
        int r = real_##name(path);                                      \
        int keep = errno;                                               \
        if (r == 0) event(kind, 0, 0, path, (uint32_t)strlen(path));    \
        pthread_mutex_unlock(&lock);                                    \
        errno = keep;                                                   \
        return r;                                                       \
    }
PATH_LIKE(unlink, UNLINK)
PATH_LIKE(rmdir, RMDIR)

int mkdir(const char *path, mode_t mode) {
    REAL(int, mkdir, (const char *, mode_t));
    if (!watched(path)) return real_mkdir(path, mode);
    pthread_mutex_lock(&lock);
    int r = real_mkdir(path, mode);
    int keep = errno;
    if (r == 0) event(MKDIR, 0, 0, path, (uint32_t)strlen(path));
    pthread_mutex_unlock(&lock);
    errno = keep;
    return r;
}

/* Ways to write that the record does not know: the test must fail rather than believe an incomplete record. */
#define ALIEN_CALL(ino, what)                                   \
    if (ino && ino != ACK_FILE) {                               \
        pthread_mutex_lock(&lock);                              \
        event(ALIEN, 0, 0, what, (uint32_t)strlen(what));       \
        pthread_mutex_unlock(&lock);                            \
    }

struct iovec;
ssize_t writev(int fd, const struct iovec *iov, int n) {
    REAL(ssize_t, writev, (int, const struct iovec *, int));
    ALIEN_CALL(inode_of(fd), "writev");
    return real_writev(fd, iov, n);
}
ssize_t pwritev(int fd, const struct iovec *iov, int n, off_t at) {
    REAL(ssize_t, pwritev, (int, const struct iovec *, int, off_t));
    ALIEN_CALL(inode_of(fd), "pwritev");
    return real_pwritev(fd, iov, n, at);
}
int fallocate(int fd, int mode, off_t at, off_t n) {
    REAL(int, fallocate, (int, int, off_t, off_t));
    ALIEN_CALL(inode_of(fd), "fallocate");
    return real_fallocate(fd, mode, at, n);
}
int fallocate64(int fd, int mode, off64_t at, off64_t n) {
    REAL(int, fallocate64, (int, int, off64_t, off64_t));
    ALIEN_CALL(inode_of(fd), "fallocate64");
    return real_fallocate64(fd, mode, at, n);
}
int posix_fallocate(int fd, off_t at, off_t n) {
    REAL(int, posix_fallocate, (int, off_t, off_t));
    ALIEN_CALL(inode_of(fd), "posix_fallocate");
    return real_posix_fallocate(fd, at, n);
}
ssize_t copy_file_range(int a, off64_t *ao, int b, off64_t *bo, size_t n, unsigned int flags) {
    REAL(ssize_t, copy_file_range, (int, off64_t *, int, off64_t *, size_t, unsigned int));
    ALIEN_CALL(inode_of(b), "copy_file_range");
    return real_copy_file_range(a, ao, b, bo, n, flags);
}
int unlinkat(int dir, const char *path, int flags) {
    REAL(int, unlinkat, (int, const char *, int));
    setup();
    if (out >= 0) {
        ALIEN_CALL(1, "unlinkat");
    }
    return real_unlinkat(dir, path, flags);
}
