#define _GNU_SOURCE
#include "shims.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__linux__)

int bonsai_rename_exchange(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE);
}

int bonsai_rename_exclusive(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

int bonsai_start_writeback(int descriptor, long long offset, long long count) {
  return sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
}

int bonsai_reserve(int descriptor, long long count) {
  // Not posix_fallocate: where the file system cannot reserve, glibc would write every block by itself.
  return fallocate(descriptor, 0, 0, count);
}

int bonsai_full_sync(int descriptor) { return fsync(descriptor); }

#elif defined(__APPLE__)

int bonsai_rename_exchange(const char *from, const char *to) {
  return renamex_np(from, to, RENAME_SWAP);
}

int bonsai_rename_exclusive(const char *from, const char *to) {
  return renamex_np(from, to, RENAME_EXCL);
}

int bonsai_start_writeback(int descriptor, long long offset, long long count) {
  (void)descriptor, (void)offset, (void)count;
  return 0;
}

int bonsai_reserve(int descriptor, long long count) {
  (void)descriptor, (void)count;
  errno = EOPNOTSUPP;
  return -1;
}

int bonsai_full_sync(int descriptor) {
  return fcntl(descriptor, F_FULLFSYNC) == 0 ? 0 : fsync(descriptor);
}

#else
#error "bonsai-fmt knows Linux and Darwin"
#endif

ssize_t bonsai_write(int descriptor, const void *bytes, size_t count) {
  return write(descriptor, bytes, count);
}

ssize_t bonsai_write_at_once(int descriptor, const void *bytes, size_t count) {
#if defined(RWF_NOWAIT)
  // O_NONBLOCK would be set for every process that shares the pipe.
  struct iovec piece = {(void *)bytes, count};
  ssize_t written = pwritev2(descriptor, &piece, 1, -1, RWF_NOWAIT);
  if (written >= 0 || (errno != EOPNOTSUPP && errno != ENOSYS && errno != EINVAL)) return written;
#endif
  // Where there is room for anything, there is room for so much.
  struct pollfd request = {descriptor, POLLOUT, 0};
  int ready = poll(&request, 1, 0);
  if (ready < 0) return -1;
  if (ready == 0) {
    errno = EAGAIN;
    return -1;
  }
  return write(descriptor, bytes, count < PIPE_BUF ? count : PIPE_BUF);
}

extern char **environ;

int bonsai_spawn(char *const arguments[], int *process) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int result = posix_spawn_file_actions_init(&actions);
  if (result != 0) return result;
  result = posix_spawnattr_init(&attributes);
  if (result == 0) {
    sigset_t usual, none;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGINT);
    sigaddset(&usual, SIGTERM);
    sigaddset(&usual, SIGHUP);
    sigaddset(&usual, SIGPIPE);
    posix_spawnattr_setsigdefault(&attributes, &usual);
    // The threads that tasks run on let no signals through, and a program inherits that.
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    result = posix_spawnp(process, arguments[0], &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return result;
}

static struct bonsai_usage usage_of(const struct rusage *usage) {
  struct bonsai_usage result;
  result.user_seconds = usage->ru_utime.tv_sec + usage->ru_utime.tv_usec / 1e6;
  result.system_seconds = usage->ru_stime.tv_sec + usage->ru_stime.tv_usec / 1e6;
#if defined(__APPLE__)
  result.peak_byte_count = usage->ru_maxrss;
#else
  result.peak_byte_count = (long long)usage->ru_maxrss * 1024;
#endif
  return result;
}

int bonsai_wait(int process, struct bonsai_usage *usage) {
  struct rusage taken;
  int status;
  while (wait4(process, &status, 0, &taken) < 0) {
    if (errno != EINTR) return -1;
  }
  *usage = usage_of(&taken);
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *pass_gate(void *nothing) {
  pthread_mutex_lock(&gate);
  pthread_mutex_unlock(&gate);
  return nothing;
}

int bonsai_try_threads(int count) {
  enum { most = 16 };
  pthread_t threads[most];
  int started = 0;
  pthread_attr_t attributes;
  int result = pthread_attr_init(&attributes);
  if (result != 0) return result;
  // Stacks are kept for other threads, and shall not take the memory that there may be little of.
  pthread_attr_setstacksize(&attributes, 64 << 10);
  // None ends before the last has started.
  pthread_mutex_lock(&gate);
  while (result == 0 && started < count && started < most) {
    result = pthread_create(&threads[started], &attributes, pass_gate, NULL);
    if (result == 0) started++;
  }
  pthread_mutex_unlock(&gate);
  while (started > 0) pthread_join(threads[--started], NULL);
  pthread_attr_destroy(&attributes);
  // Where a stack needs more than that, as under a sanitizer, nothing is said about threads.
  return result == EINVAL ? 0 : result;
}

struct bonsai_usage bonsai_own_usage(void) {
  struct rusage taken;
  getrusage(RUSAGE_SELF, &taken);
  return usage_of(&taken);
}
