// System calls that Swift's C importer does not bring over, each with the same meaning on Linux and Darwin.
#ifndef BONSAI_SHIMS_H
#define BONSAI_SHIMS_H

/// Exchanges two paths atomically. Returns 0, or -1 with errno (ENOSYS or EINVAL where it cannot be done).
int bonsai_rename_exchange(const char *from, const char *to);

/// Renames, but never onto something that exists. Returns 0, or -1 with errno (EEXIST when it does;
/// ENOSYS or EINVAL where the file system cannot promise it).
int bonsai_rename_exclusive(const char *from, const char *to);

/// Asks the kernel to begin writing a range of a file to the disk, without waiting. A hint; errors do not matter.
void bonsai_start_writeback(int descriptor, long long offset, long long count);

/// Reserves the blocks of a file up to a length. Returns 0, or -1 with errno (EOPNOTSUPP where it cannot be done).
int bonsai_reserve(int descriptor, long long count);

/// Makes a file's bytes durable, as far down as the system can: fsync, or F_FULLFSYNC on Darwin.
int bonsai_full_sync(int descriptor);

#endif
