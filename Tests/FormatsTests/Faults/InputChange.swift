@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What somebody does to a file.
enum InputChange: CaseIterable {
  case truncated, emptied, grown, rewritten, replaced, removed

  /// Done without this project's own calls, which are being counted.
  func happen(to path: String, aside: String) {
    switch self {
    case .truncated: _ = truncate(path, off_t(Self.size(path) / 2))
    case .emptied: _ = truncate(path, 0)
    case .grown: write(path, [7], at: Self.size(path))
    // The last bytes are weights; a document can be shorter than that.
    case .rewritten:
      let count = min(Self.size(path), 300)
      write(path, [UInt8](repeating: 0x3C, count: count), at: Self.size(path) - count)
    case .replaced: _ = rename(aside, path)
    case .removed: _ = unlink(path)
    }
  }

  private func write(_ path: String, _ bytes: [UInt8], at offset: Int) {
    let file = open(path, O_WRONLY)
    _ = pwrite(file, bytes, bytes.count, off_t(offset))
    _ = close(file)
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : 0
  }

  /// The call that looks whether it happened.
  var look: SystemCalls.Call {
    switch self {
    case .replaced, .removed: .stat
    default: .fstat
    }
  }
}
