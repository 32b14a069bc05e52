/*
 * Watches what a process does to the files below one folder: LD_PRELOAD=powercut.so with
 *   POWERCUT_ROOT     the folder (absolute; may not exist yet)
 *   POWERCUT_LOG      the log, outside that folder; added to, so that it spans restarts
 *   POWERCUT_CONTROL  optional: a file of 64 KiB that is mapped; the first eight bytes are a counter, then rules as text, ended by a zero.
 *                     When the counter changes the rules are read again.
 * Every change is made and logged under one lock, so the log has the order of the changes. A sync is two records: what was logged before
 * its beginning is covered once its end is there.
 *
 * A rule is a line  CALL GLOB SKIP COUNT ACTION  where CALL is sync, write, open, rename, unlink, mkdir or truncate, GLOB is matched against
 * the path relative to the root ("." is the root itself, ".." the folder it lies in), SKIP calls are let through first, COUNT calls are hit (0 = all after), and ACTION is
 * an errno, "swallow" (a sync that says yes and does nothing, and counts for nothing), "die" (SIGKILL before the call), or "delay:MS".
 *
 * The log's records are little-endian: struct record, path, second path, data.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

/* The 32-bit-offset names of libc are these same functions on 64-bit machines, so they are defined under both names below. */

enum kind { CREATE = 1, MKDIR, WRITE, TRUNCATE, EXTEND, SYNC_BEGIN, SYNC_END, RENAME, UNLINK, RMDIR, LINK, MAP, FAULT }; /* DiskCallKind */

struct record {
    uint32_t kind;
    uint32_t process;
    uint64_t nanoseconds; /* CLOCK_MONOTONIC, when it was done */
    uint64_t inode;
    uint64_t offset;      /* TRUNCATE, EXTEND: the new length; SYNC_*: the number of the sync in this process */
    int32_t error;        /* SYNC_END, FAULT: errno */
    uint32_t unused;
    uint32_t path;        /* bytes that follow */
    uint32_t second;
    uint32_t data;
    uint32_t unused_too;
};
_Static_assert(sizeof(struct record) == 56, "DiskLog.cs reads these 56 bytes");

struct rule { char call[16]; char glob[256]; long skip, count, hit; int error, swallow, die; long delay; };

#define MOST_FILES 65536
#define MOST_RULES 32
#define CONTROL_BYTES 65536

static char *paths[MOST_FILES]; /* of the open files below the root, relative to it */
static char root[PATH_MAX];
static size_t root_length;
static int log_fd = -1;
static volatile uint64_t *control;
static uint64_t generation;
static struct rule rules[MOST_RULES];
static int rule_count;
static uint64_t syncs;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

#define REAL(result, name, ...) static result (*real_##name)(__VA_ARGS__)
REAL(int, open, const char *, int, ...);
REAL(int, close, int);
REAL(ssize_t, write, int, const void *, size_t);
REAL(ssize_t, pwrite, int, const void *, size_t, off_t);
REAL(ssize_t, writev, int, const struct iovec *, int);
REAL(ssize_t, pwritev, int, const struct iovec *, int, off_t);
REAL(int, ftruncate, int, off_t);
REAL(int, truncate, const char *, off_t);
REAL(int, fallocate, int, int, off_t, off_t);
REAL(int, fsync, int);
REAL(int, fdatasync, int);
REAL(int, rename, const char *, const char *);
REAL(int, renameat2, int, const char *, int, const char *, unsigned);
REAL(int, unlink, const char *);
REAL(int, unlinkat, int, const char *, int);
REAL(int, link, const char *, const char *);
REAL(int, mkdir, const char *, mode_t);
REAL(int, mkdirat, int, const char *, mode_t);
REAL(int, rmdir, const char *);
REAL(void *, mmap, void *, size_t, int, int, int, off_t);
REAL(ssize_t, sendfile, int, int, off_t *, size_t);
REAL(ssize_t, copy_file_range, int, off_t *, int, off_t *, size_t, unsigned);
REAL(int, ioctl, int, unsigned long, ...);
REAL(int, dup2, int, int);

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void begin(void)
{
#define FIND(name) real_##name = dlsym(RTLD_NEXT, #name)
    FIND(open); FIND(close); FIND(write); FIND(pwrite); FIND(writev); FIND(pwritev); FIND(ftruncate); FIND(truncate); FIND(fallocate); FIND(fsync);
    FIND(fdatasync); FIND(rename); FIND(renameat2); FIND(unlink); FIND(unlinkat); FIND(link); FIND(mkdir); FIND(mkdirat); FIND(rmdir);
    FIND(mmap); FIND(sendfile); FIND(copy_file_range); FIND(ioctl); FIND(dup2);
    const char *folder = getenv("POWERCUT_ROOT"), *log = getenv("POWERCUT_LOG"), *rules_file = getenv("POWERCUT_CONTROL");
    if (!folder || !log || *folder != '/')
        return;
    snprintf(root, sizeof root, "%s", folder);
    root_length = strlen(root);
    while (root_length > 1 && root[root_length - 1] == '/') root[--root_length] = 0;
    log_fd = real_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (rules_file) {
        int fd = real_open(rules_file, O_RDONLY | O_CLOEXEC);
        void *mapped = fd < 0 ? MAP_FAILED : real_mmap(NULL, CONTROL_BYTES, PROT_READ, MAP_SHARED, fd, 0);
        if (mapped != MAP_FAILED) control = mapped;
        if (fd >= 0) real_close(fd);
    }
}

__attribute__((constructor)) static void loaded(void) { pthread_once(&once, begin); }

static void ready(void) { pthread_once(&once, begin); }

/* ---- paths ---- */

/* The path relative to the root, "." for the root, NULL when it lies elsewhere. */
static const char *inside(const char *absolute)
{
    if (strncmp(absolute, root, root_length) != 0) return NULL;
    if (absolute[root_length] == 0) return ".";
    return absolute[root_length] == '/' ? absolute + root_length + 1 : NULL;
}

/* The folder that the root lies in: the root's own name is made durable there. */
static int above(const char *absolute)
{
    const char *last = strrchr(root, '/');
    size_t length = last == root ? 1 : (size_t)(last - root);
    return strncmp(absolute, root, length) == 0 && absolute[length] == 0;
}

/* Absolute, with the folders below which the name stands resolved; the name itself need not exist. */
static const char *whole(int folder, const char *path, char out[PATH_MAX])
{
    char joined[2 * PATH_MAX], link[64], base[PATH_MAX];
    if (path[0] == '/' ) snprintf(joined, sizeof joined, "%s", path);
    else {
        if (folder == AT_FDCWD) { if (!getcwd(base, sizeof base)) return NULL; }
        else {
            snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
            ssize_t n = readlink(link, base, sizeof base - 1);
            if (n < 0) return NULL;
            base[n] = 0;
        }
        snprintf(joined, sizeof joined, "%s/%s", base, path);
    }
    size_t n = strlen(joined);
    while (n > 1 && joined[n - 1] == '/') joined[--n] = 0;
    if (!strstr(joined, "/.") && !strstr(joined, "//")) { snprintf(out, PATH_MAX, "%s", joined); return out; }
    char *name = strrchr(joined, '/');
    if (name[1] == '.' && (name[2] == 0 || (name[2] == '.' && name[3] == 0))) return realpath(joined, out);
    *name = 0;
    if (!realpath(*joined ? joined : "/", out)) return NULL;
    if (strlen(out) + strlen(name + 1) + 2 > PATH_MAX) return NULL;
    strcat(strcmp(out, "/") ? strcat(out, "/") : out, name + 1);
    return out;
}

static const char *watched(int folder, const char *path, char out[PATH_MAX])
{
    if (log_fd < 0 || !path) return NULL;
    const char *absolute = whole(folder, path, out);
    return absolute ? inside(absolute) : NULL;
}

static const char *file(int fd) { return log_fd >= 0 && fd >= 0 && fd < MOST_FILES ? paths[fd] : NULL; }

/* ---- log and rules; all of it under the lock ---- */

static uint64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void put(enum kind kind, uint64_t inode, uint64_t offset, int error, const char *path, const char *second, const struct iovec *data, int parts, size_t length)
{
    struct record r = {
        .kind = kind, .process = (uint32_t)getpid(), .nanoseconds = now(), .inode = inode, .offset = offset, .error = error,
        .path = path ? (uint32_t)strlen(path) : 0, .second = second ? (uint32_t)strlen(second) : 0, .data = (uint32_t)length,
    };
    struct iovec all[3 + parts];
    int n = 0;
    all[n++] = (struct iovec){ &r, sizeof r };
    if (r.path) all[n++] = (struct iovec){ (void *)path, r.path };
    if (r.second) all[n++] = (struct iovec){ (void *)second, r.second };
    for (int i = 0; i < parts && length > 0; i++) {
        size_t part = data[i].iov_len < length ? data[i].iov_len : length;
        if (part == 0) continue;
        all[n++] = (struct iovec){ data[i].iov_base, part };
        length -= part;
    }
    size_t total = 0;
    for (int i = 0; i < n; i++) total += all[i].iov_len;
    if (real_writev(log_fd, all, n) != (ssize_t)total) {
        static const char words[] = "powercut: the log cannot be written\n";
        real_write(2, words, sizeof words - 1);
        _exit(97); /* a log with a hole would prove nothing */
    }
}

static void read_rules(void)
{
    if (!control || *control == generation) return;
    generation = *control;
    rule_count = 0;
    char text[CONTROL_BYTES - 8];
    memcpy(text, (const char *)control + 8, sizeof text);
    text[sizeof text - 1] = 0;
    char *rest = text, *line;
    while ((line = strsep(&rest, "\n")) && rule_count < MOST_RULES) {
        struct rule r = { 0 };
        char action[32];
        if (sscanf(line, "%15s %255s %ld %ld %31s", r.call, r.glob, &r.skip, &r.count, action) != 5) continue;
        if (!strcmp(action, "swallow")) r.swallow = 1;
        else if (!strcmp(action, "die")) r.die = 1;
        else if (!strncmp(action, "delay:", 6)) r.delay = atol(action + 6);
        else r.error = atoi(action);
        rules[rule_count++] = r;
    }
}

/* 0 = let it through; an errno; -1 = swallow. A delay is given back to be slept outside the lock. */
static int judge(const char *call, const char *path, long *delay)
{
    read_rules();
    for (int i = 0; i < rule_count; i++) {
        struct rule *r = &rules[i];
        if (strcmp(r->call, call) || fnmatch(r->glob, path, 0)) continue;
        if (r->skip > 0) { r->skip--; continue; }
        if (r->count > 0 && r->hit >= r->count) continue;
        r->hit++;
        if (r->die) { put(FAULT, 0, 0, 0, path, call, NULL, 0, 0); kill(getpid(), SIGKILL); for (;;) pause(); }
        if (r->delay) { if (delay) *delay = r->delay; continue; }
        if (!r->swallow) put(FAULT, 0, 0, r->error, path, call, NULL, 0, 0);
        return r->swallow ? -1 : r->error;
    }
    return 0;
}

static uint64_t inode_of(int fd)
{
    struct stat s;
    return fstat(fd, &s) ? 0 : s.st_ino;
}

static uint64_t inode_at(const char *path)
{
    struct stat s;
    return lstat(path, &s) ? 0 : s.st_ino;
}

#define LOCK() pthread_mutex_lock(&gate)
#define UNLOCK() do { int kept = errno; pthread_mutex_unlock(&gate); errno = kept; } while (0)
#define REFUSE(call, path) do { int e = judge(call, path, NULL); if (e > 0) { UNLOCK(); errno = e; return -1; } } while (0)

/* ---- opening and closing ---- */

static void remember(int fd, const char *path)
{
    if (fd < 0 || fd >= MOST_FILES) return;
    free(paths[fd]);
    paths[fd] = path ? strdup(path) : NULL;
}

static int open_in(int folder, const char *path, int flags, mode_t mode)
{
    ready();
    char buffer[PATH_MAX];
    const char *in = watched(folder, path, buffer);
    if (!in) {
        int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
        if (fd >= 0 && log_fd >= 0 && path && whole(folder, path, buffer) && above(buffer)) { LOCK(); remember(fd, ".."); UNLOCK(); }
        else if (file(fd)) { LOCK(); remember(fd, NULL); UNLOCK(); } /* closed behind our back */
        return fd;
    }
    LOCK();
    if (flags & (O_CREAT | O_WRONLY | O_RDWR | O_TRUNC)) REFUSE("open", in);
    struct stat before;
    int known = lstat(buffer, &before) == 0;
    int fd = (int)syscall(SYS_openat, folder, path, flags, mode);
    if (fd >= 0) {
        struct stat s;
        fstat(fd, &s);
        remember(fd, in);
        if (!known && (flags & O_CREAT)) put(CREATE, s.st_ino, 0, 0, in, NULL, NULL, 0, 0);
        else if (known && (flags & O_TRUNC) && before.st_size > 0) put(TRUNCATE, s.st_ino, 0, 0, in, NULL, NULL, 0, 0);
    }
    UNLOCK();
    return fd;
}

static mode_t mode_of(int flags, va_list more) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; }

#define OPENS(name) int name(const char *path, int flags, ...) { va_list more; va_start(more, flags); mode_t m = mode_of(flags, more); va_end(more); return open_in(AT_FDCWD, path, flags, m); }
#define OPENS_AT(name) int name(int folder, const char *path, int flags, ...) { va_list more; va_start(more, flags); mode_t m = mode_of(flags, more); va_end(more); return open_in(folder, path, flags, m); }
OPENS(open) OPENS(open64) OPENS_AT(openat) OPENS_AT(openat64)
int creat(const char *path, mode_t mode) { return open_in(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

int close(int fd)
{
    ready();
    if (!file(fd)) return real_close(fd);
    LOCK();
    remember(fd, NULL);
    int result = real_close(fd);
    UNLOCK();
    return result;
}

int dup2(int from, int to)
{
    ready();
    LOCK();
    int result = real_dup2(from, to);
    if (result >= 0 && from != to && log_fd >= 0) remember(to, file(from));
    UNLOCK();
    return result;
}

/* ---- contents ---- */

static ssize_t written(int fd, const struct iovec *parts, int count, off_t at, ssize_t (*write_it)(int, const struct iovec *, int, off_t))
{
    LOCK();
    const char *path = file(fd);
    REFUSE("write", path);
    if (at < 0) {
        struct stat s;
        at = fcntl(fd, F_GETFL) & O_APPEND ? (fstat(fd, &s), s.st_size) : lseek(fd, 0, SEEK_CUR);
    }
    ssize_t n = write_it(fd, parts, count, at);
    if (n > 0) put(WRITE, inode_of(fd), (uint64_t)at, 0, path, NULL, parts, count, (size_t)n);
    UNLOCK();
    return n;
}

static ssize_t by_writev(int fd, const struct iovec *p, int n, off_t at) { (void)at; return real_writev(fd, p, n); }
static ssize_t by_pwritev(int fd, const struct iovec *p, int n, off_t at) { return real_pwritev(fd, p, n, at); }

ssize_t write(int fd, const void *bytes, size_t n)
{
    ready();
    struct iovec one = { (void *)bytes, n };
    return file(fd) ? written(fd, &one, 1, -1, by_writev) : real_write(fd, bytes, n);
}

ssize_t writev(int fd, const struct iovec *parts, int n) { ready(); return file(fd) ? written(fd, parts, n, -1, by_writev) : real_writev(fd, parts, n); }

ssize_t pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    ready();
    struct iovec one = { (void *)bytes, n };
    return file(fd) ? written(fd, &one, 1, at, by_pwritev) : real_pwrite(fd, bytes, n, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t n, off_t at) { return pwrite(fd, bytes, n, at); }
ssize_t pwritev(int fd, const struct iovec *parts, int n, off_t at) { ready(); return file(fd) ? written(fd, parts, n, at, by_pwritev) : real_pwritev(fd, parts, n, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int n, off_t at) { return pwritev(fd, parts, n, at); }

int ftruncate(int fd, off_t length)
{
    ready();
    if (!file(fd)) return real_ftruncate(fd, length);
    LOCK();
    REFUSE("truncate", file(fd));
    int result = real_ftruncate(fd, length);
    if (result == 0) put(TRUNCATE, inode_of(fd), (uint64_t)length, 0, file(fd), NULL, NULL, 0, 0);
    UNLOCK();
    return result;
}

int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }

int truncate(const char *path, off_t length)
{
    ready();
    char buffer[PATH_MAX];
    const char *in = watched(AT_FDCWD, path, buffer);
    if (!in) return real_truncate(path, length);
    LOCK();
    REFUSE("truncate", in);
    int result = real_truncate(path, length);
    if (result == 0) put(TRUNCATE, inode_at(buffer), (uint64_t)length, 0, in, NULL, NULL, 0, 0);
    UNLOCK();
    return result;
}

int truncate64(const char *path, off_t length) { return truncate(path, length); }

static int allocated(int fd, int mode, off_t from, off_t length)
{
    LOCK();
    REFUSE("write", file(fd));
    struct stat before, after;
    fstat(fd, &before);
    int result = real_fallocate(fd, mode, from, length);
    if (result == 0 && fstat(fd, &after) == 0 && after.st_size > before.st_size)
        put(EXTEND, after.st_ino, (uint64_t)after.st_size, 0, file(fd), NULL, NULL, 0, 0);
    UNLOCK();
    return result;
}

int fallocate(int fd, int mode, off_t from, off_t length) { ready(); return file(fd) ? allocated(fd, mode, from, length) : real_fallocate(fd, mode, from, length); }
int fallocate64(int fd, int mode, off_t from, off_t length) { return fallocate(fd, mode, from, length); }

int posix_fallocate(int fd, off_t from, off_t length)
{
    int kept = errno, result = fallocate(fd, 0, from, length) == 0 ? 0 : errno;
    errno = kept;
    return result;
}

int posix_fallocate64(int fd, off_t from, off_t length) { return posix_fallocate(fd, from, length); }

/* Copies inside the kernel: refused for watched files, so that callers fall back to reading and writing. */
ssize_t sendfile(int to, int from, off_t *at, size_t n) { ready(); if (file(to)) { errno = EINVAL; return -1; } return real_sendfile(to, from, at, n); }
ssize_t sendfile64(int to, int from, off_t *at, size_t n) { return sendfile(to, from, at, n); }

ssize_t copy_file_range(int from, off_t *from_at, int to, off_t *to_at, size_t n, unsigned flags)
{
    ready();
    if (file(to)) { errno = EXDEV; return -1; }
    return real_copy_file_range(from, from_at, to, to_at, n, flags);
}

int ioctl(int fd, unsigned long request, ...)
{
    ready();
    va_list more;
    va_start(more, request);
    void *argument = va_arg(more, void *);
    va_end(more);
    if (file(fd) && (request == 0x40049409 || request == 0x4020940D)) { errno = EOPNOTSUPP; return -1; } /* FICLONE, FICLONERANGE */
    return real_ioctl(fd, request, argument);
}

void *mmap(void *address, size_t length, int protection, int flags, int fd, off_t at)
{
    ready();
    const char *path = flags & MAP_ANONYMOUS ? NULL : file(fd);
    if (path && (flags & 0x0F) == MAP_SHARED && (protection & PROT_WRITE)) {
        LOCK();
        put(MAP, inode_of(fd), 0, 0, path, NULL, NULL, 0, 0);
        UNLOCK();
    }
    return real_mmap(address, length, protection, flags, fd, at);
}

void *mmap64(void *address, size_t length, int protection, int flags, int fd, off_t at) { return mmap(address, length, protection, flags, fd, at); }

/* ---- syncs ---- */

static int synced(int fd, int (*sync_it)(int))
{
    long delay = 0;
    LOCK();
    char *path = strdup(file(fd));
    uint64_t number = ++syncs, inode = inode_of(fd);
    int verdict = judge("sync", path, &delay);
    if (verdict != -1) put(SYNC_BEGIN, inode, number, 0, path, NULL, NULL, 0, 0);
    UNLOCK();
    if (delay) usleep((useconds_t)delay * 1000);
    int result = 0, error = 0;
    if (verdict == 0) { result = sync_it(fd); error = result ? errno : 0; }
    if (verdict > 0) { result = -1; error = verdict; }
    if (verdict != -1) {
        LOCK();
        put(SYNC_END, inode, number, error, path, NULL, NULL, 0, 0);
        UNLOCK();
    }
    free(path);
    errno = error;
    return result;
}

/* A folder that P/Invoke opened was opened behind our back: it asks libc's own handle for the function. */
static int found(int fd)
{
    if (file(fd)) return 1;
    if (log_fd < 0 || fd < 0 || fd >= MOST_FILES) return 0;
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    const char *in = inside(path);
    if (!in && !above(path)) return 0;
    LOCK();
    remember(fd, in ? in : "..");
    UNLOCK();
    return 1;
}

int fsync(int fd) { ready(); return found(fd) ? synced(fd, real_fsync) : real_fsync(fd); }
int fdatasync(int fd) { ready(); return found(fd) ? synced(fd, real_fdatasync) : real_fdatasync(fd); }

/* ---- names ---- */

static int renamed(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    char a[PATH_MAX], b[PATH_MAX];
    const char *x = watched(from_folder, from, a), *y = watched(to_folder, to, b);
    if (!x && !y) return flags ? real_renameat2(from_folder, from, to_folder, to, flags) : (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, 0);
    LOCK();
    if (!x || !y || (flags & ~1u)) { UNLOCK(); errno = EXDEV; return -1; } /* across the border: callers copy instead */
    REFUSE("rename", y);
    int result = (int)syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    if (result == 0) put(RENAME, inode_at(b), 0, 0, x, y, NULL, 0, 0);
    UNLOCK();
    return result;
}

int rename(const char *from, const char *to) { ready(); return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int f, const char *from, int t, const char *to) { ready(); return renamed(f, from, t, to, 0); }
int renameat2(int f, const char *from, int t, const char *to, unsigned flags) { ready(); return renamed(f, from, t, to, flags); }

static int removed(int folder, const char *path, int flags)
{
    char buffer[PATH_MAX];
    const char *in = watched(folder, path, buffer);
    if (!in) return (int)syscall(SYS_unlinkat, folder, path, flags);
    LOCK();
    REFUSE("unlink", in);
    int result = (int)syscall(SYS_unlinkat, folder, path, flags);
    if (result == 0) put(flags & AT_REMOVEDIR ? RMDIR : UNLINK, 0, 0, 0, in, NULL, NULL, 0, 0);
    UNLOCK();
    return result;
}

int unlink(const char *path) { ready(); return removed(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { ready(); return removed(folder, path, flags); }
int rmdir(const char *path) { ready(); return removed(AT_FDCWD, path, AT_REMOVEDIR); }

static int made(int folder, const char *path, mode_t mode)
{
    char buffer[PATH_MAX];
    const char *in = watched(folder, path, buffer);
    if (!in) return (int)syscall(SYS_mkdirat, folder, path, mode);
    LOCK();
    REFUSE("mkdir", in);
    int result = (int)syscall(SYS_mkdirat, folder, path, mode);
    if (result == 0) put(MKDIR, inode_at(buffer), 0, 0, in, NULL, NULL, 0, 0);
    UNLOCK();
    return result;
}

int mkdir(const char *path, mode_t mode) { ready(); return made(AT_FDCWD, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { ready(); return made(folder, path, mode); }

int link(const char *from, const char *to)
{
    ready();
    char a[PATH_MAX], b[PATH_MAX];
    const char *x = watched(AT_FDCWD, from, a), *y = watched(AT_FDCWD, to, b);
    if (!x && !y) return real_link(from, to);
    LOCK();
    if (!x || !y) { UNLOCK(); errno = EXDEV; return -1; }
    REFUSE("rename", y);
    int result = real_link(from, to);
    if (result == 0) put(LINK, inode_at(b), 0, 0, x, y, NULL, 0, 0);
    UNLOCK();
    return result;
}
