#define _GNU_SOURCE
#include "shims.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#if defined(__linux__)

int bonsai_rename_exchange(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_EXCHANGE);
}

int bonsai_rename_exclusive(const char *from, const char *to) {
  return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

void bonsai_start_writeback(int descriptor, long long offset, long long count) {
  (void)sync_file_range(descriptor, offset, count, SYNC_FILE_RANGE_WRITE);
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

void bonsai_start_writeback(int descriptor, long long offset, long long count) {
  (void)descriptor, (void)offset, (void)count;
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
