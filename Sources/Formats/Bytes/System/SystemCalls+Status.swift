#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension SystemCalls {
  /// What a file is, and the facts by which a change is noticed.
  package struct Status: Sendable, Hashable {
    package var device: UInt64
    package var inode: UInt64
    package var byteCount: Int
    package var modifiedSeconds: Int
    package var modifiedNanoseconds: Int
    package var isRegular: Bool
    package var isDirectory: Bool
    /// Whether this process's user owns it.
    package var isOwn: Bool
    /// How many names it has.
    package var linkCount: Int
  }
}

extension SystemCalls.Status {
  init(_ value: stat) {
    device = UInt64(truncatingIfNeeded: value.st_dev)
    inode = UInt64(truncatingIfNeeded: value.st_ino)
    byteCount = Int(value.st_size)
    #if canImport(Darwin)
      modifiedSeconds = value.st_mtimespec.tv_sec
      modifiedNanoseconds = value.st_mtimespec.tv_nsec
    #else
      modifiedSeconds = value.st_mtim.tv_sec
      modifiedNanoseconds = value.st_mtim.tv_nsec
    #endif
    isRegular = value.st_mode & S_IFMT == S_IFREG
    isDirectory = value.st_mode & S_IFMT == S_IFDIR
    isOwn = value.st_uid == geteuid()
    linkCount = Int(value.st_nlink)
  }

  /// Whether it is a file of this process's user, and under no other name.
  var isOwnAlone: Bool { isRegular && isOwn && linkCount == 1 }

  package func isSameFile(as other: SystemCalls.Status) -> Bool {
    device == other.device && inode == other.inode
  }
}
