import Synchronization

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Counts the system calls of one run, and makes some of them fail.
final class FaultPlan: Sendable {
  /// One fault, or all from one call on.
  struct Fault: Sendable, CustomStringConvertible {
    /// The number of the call, from 0.
    let call: Int
    let errno: Int32
    var isLasting = false
    /// Whether the call is made nevertheless.
    var isMade = false

    func strikes(_ number: Int) -> Bool { isLasting ? number >= call : number == call }

    var description: String {
      "call \(call + 1)\(isLasting ? " and all after it" : ""), \(isMade ? "made, " : "")"
        + "errno \(errno)"
    }
  }

  struct Record: Sendable {
    /// The calls, in order.
    var calls: [SystemCalls.Call] = []
    /// The numbers of those that were made to fail.
    var struck: [Int] = []

    /// Whether what failed was the removal of what had been replaced already.
    var hasStruckTheOld: Bool {
      let replacements: Set<SystemCalls.Call> = [.renameExchange, .rename]
      guard let rename = calls.lastIndex(where: replacements.contains) else { return false }
      return struck.contains { $0 > rename }
    }
  }

  private let faults: [Fault]
  private let otherwise: @Sendable (SystemCalls.Call) -> CallInterception.Outcome
  private let state = Mutex(Record())

  /// - Parameter otherwise: What becomes of the calls that do not fail.
  init(
    _ faults: [Fault] = [],
    otherwise: @escaping @Sendable (SystemCalls.Call) -> CallInterception.Outcome = { _ in .made }
  ) {
    self.faults = faults
    self.otherwise = otherwise
  }

  var record: Record { state.withLock { $0 } }

  private func outcome(of call: SystemCalls.Call) -> CallInterception.Outcome {
    state.withLock { state in
      let number = state.calls.count
      state.calls.append(call)
      guard let fault = faults.first(where: { $0.strikes(number) }) else {
        return otherwise(call)
      }
      state.struck.append(number)
      let errno = number == fault.call ? fault.errno : Self.errno(fault.errno, fitting: call)
      return fault.isMade ? .madeAndFailed(errno) : .failed(errno)
    }
  }

  func callAsFunction(_ body: () async throws -> Void) async -> FormatError? {
    let interception = CallInterception { (call, _) in self.outcome(of: call) }
    return await CallInterception.$current.withValue(interception) { await failure(body) }
  }
}

extension FaultPlan {
  /// What each call may answer, and what a run has to live with.
  static let errnos: [SystemCalls.Call: [Int32]] = [
    .open: [EACCES, EMFILE, EIO, ENOSPC, EROFS, EINTR, EPERM],
    .openat: [EACCES, EMFILE, EIO, EINTR],
    .close: [EIO, ENOSPC, EDQUOT, EINTR],
    .duplicate: [EMFILE, EINTR],
    .fstat: [EIO, EOVERFLOW], .fstatat: [EIO, EACCES], .stat: [EIO, EACCES, ELOOP],
    .lstat: [EIO, EACCES],
    .statvfs: [EIO, EINTR], .realpath: [EIO, EACCES], .readlink: [EIO, EACCES],
    .pread: [EIO, EINTR, EISDIR], .read: [EIO, EINTR, EAGAIN], .poll: [EINTR, ENOMEM],
    .pwrite: [EIO, ENOSPC, EDQUOT, EFBIG, EINTR], .write: [EIO, ENOSPC, EAGAIN, EINTR, EPIPE],
    .ftruncate: [EIO, EFBIG, EINTR, EPERM],
    .fallocate: [ENOSPC, EDQUOT, EFBIG, EIO, EINTR, EOPNOTSUPP],
    .fsync: [EIO, ENOSPC, EDQUOT, EINTR, EROFS],
    .flock: [ENOLCK, EIO, EINTR],
    .mkdir: [EACCES, ENOSPC, EROFS, EDQUOT, EEXIST, EMLINK],
    .rename: [EACCES, EIO, ENOSPC, EXDEV, EROFS, EBUSY],
    .renameExclusive: [EINVAL, EEXIST, EIO, EXDEV, ENOTEMPTY, EACCES],
    .renameExchange: [EINVAL, EIO, EXDEV, EACCES, ENOSYS],
    .unlink: [EACCES, EIO, EBUSY, EROFS], .unlinkat: [EACCES, EIO, EBUSY],
    .rmdir: [ENOTEMPTY, EACCES, EIO, EBUSY],
    .fdopendir: [ENOMEM], .readdir: [EIO, EBADF], .closedir: [EIO, EBADF],
    .lseek: [EINVAL, EOVERFLOW], .syncFileRange: [EIO, ENOSPC], .sync: [EIO],
  ]

  /// After a fault that lasts, other calls answer alike if they can.
  private static func errno(_ number: Int32, fitting call: SystemCalls.Call) -> Int32 {
    errnos[call]?.contains(number) == true ? number : EIO
  }

  /// All faults of a run that makes these calls. What only asks to be repeated cannot last.
  static func faults(of calls: [SystemCalls.Call]) -> [Fault] {
    calls.enumerated().flatMap { (number, call) -> [Fault] in
      (errnos[call] ?? [EIO]).flatMap { errno -> [Fault] in
        let once = Fault(call: number, errno: errno)
        guard ![EINTR, EAGAIN].contains(errno) else { return [once] }
        return [once, Fault(call: number, errno: errno, isLasting: true)]
      }
    }
  }
}
