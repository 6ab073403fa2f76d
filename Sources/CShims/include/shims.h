// System calls that Swift's C importer does not bring over, each with the same meaning on Linux and Darwin.
#ifndef BONSAI_SHIMS_H
#define BONSAI_SHIMS_H

#include <sys/types.h>

/// Exchanges two paths atomically. Returns 0, or -1 with errno (ENOSYS or EINVAL where it cannot be done).
int bonsai_rename_exchange(const char *from, const char *to);

/// Renames, but never onto something that exists. Returns 0, or -1 with errno (EEXIST when it does;
/// ENOSYS or EINVAL where the file system cannot promise it).
int bonsai_rename_exclusive(const char *from, const char *to);

/// Asks the kernel to begin writing a range of a file to the disk, without waiting: a hint. Returns 0, or -1 with errno.
int bonsai_start_writeback(int descriptor, long long offset, long long count);

/// Reserves the blocks of a file up to a length. Returns 0, or -1 with errno (EOPNOTSUPP where it cannot be done).
int bonsai_reserve(int descriptor, long long count);

/// Makes a file's bytes durable, as far down as the system can: fsync, or F_FULLFSYNC on Darwin.
int bonsai_full_sync(int descriptor);

/// write(2).
ssize_t bonsai_write(int descriptor, const void *bytes, size_t count);

/// Writes what a pipe, a terminal or a socket takes at once, whatever other processes have set for it. Returns the
/// number of bytes, or -1 with errno (EAGAIN where it takes nothing).
ssize_t bonsai_write_at_once(int descriptor, const void *bytes, size_t count);

/// What a process has taken.
struct bonsai_usage {
  double user_seconds;
  double system_seconds;
  long long peak_byte_count;
};

/// Starts a program, looked up as a shell does, that writes its output nowhere and takes signals in the
/// usual way. Returns 0 or an errno.
int bonsai_spawn(char *const arguments[], int *process);

/// Waits for a program and says what it took. Returns its exit status, 128 + n for one that signal n
/// ended, or -1 with errno.
int bonsai_wait(int process, struct bonsai_usage *usage);

/// Starts so many threads at once, which do nothing, and waits for them. Returns 0 or an errno.
int bonsai_try_threads(int count);

/// What this process has taken so far.
struct bonsai_usage bonsai_own_usage(void);

#endif
