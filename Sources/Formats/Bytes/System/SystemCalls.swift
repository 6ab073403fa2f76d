import CShims

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Every call to the system's files that this project makes, library and command line alike.
///
/// One function per call: it repeats what was interrupted, looks at every result, and turns an error
/// number into a ``FormatError`` that names the operation and the path.
package enum SystemCalls {
  /// The calls by their own names, as tests count them and make them fail.
  package enum Call: String, Sendable, Hashable, CaseIterable {
    case open, openat, close, duplicate, fstat, fstatat, stat, lstat, statvfs, realpath, readlink
    case lseek, pread, read, poll, pwrite, write
    case ftruncate, fallocate, syncFileRange, fsync, sync, flock
    case mkdir, rename, renameExclusive, renameExchange, unlink, rmdir, unlinkat
    case fdopendir, readdir, closedir
  }

  /// Linux takes at most 2 GiB less a page in one call, Darwin refuses more than 2 GiB.
  private static let largestTransfer = 1 << 30

  /// Makes a call, again and again while signals interrupt it.
  static func call<Number: SignedInteger>(
    _ call: Call, _ operation: @autoclosure () -> String, _ path: String,
    _ body: () -> Number
  ) throws(FormatError) -> Number {
    try transfer(call, operation(), path, largestTransfer, at: nil) { _ in body() }
  }

  /// Makes a call that moves at most so many bytes.
  static func transfer<Number: SignedInteger>(
    _ call: Call, _ operation: @autoclosure () -> String, _ path: String, _ count: Int,
    at offset: Int?, _ body: (Int) -> Number
  ) throws(FormatError) -> Number {
    while true {
      var result: Number = -1
      let count = min(count, largestTransfer)
      switch CallInterception.outcome(of: call, path) {
      case .made(let limit): result = body(min(count, limit))
      case .halved: result = body((count + 1) / 2)
      case .failed(let number): errno = number
      case .madeAndFailed(let number):
        _ = body(count)
        errno = number
      }
      if result >= 0 { return result }
      let number = errno
      if number == EINTR { continue }
      throw failure(operation(), path, number).located(offset: offset)
    }
  }

  static func failure(_ operation: String, _ path: String, _ number: Int32) -> FormatError {
    let reason = unsafe String(cString: strerror(number))
    let code: FormatError.Code =
      switch number {
      case ENOENT, ENOTDIR: .notFound
      case EEXIST, ENOTEMPTY: .exists
      default: .io
      }
    return FormatError(code, "cannot \(operation): \(reason)", errno: number)
      .located(file: path)
  }
}
