#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What an output replaces: from the moment on at which it is out of place it has a hidden name, and is
/// no leftover that another run may remove while this one does.
struct ReplacedOutput {
  /// The hidden name.
  var path: String
  private let status: SystemCalls.Status
  /// Of itself, locked; `nil` where it cannot be opened or locked.
  private let lockDescriptor: Int32?

  /// Takes hold of what is still in its place.
  init(holding place: String, _ status: SystemCalls.Status, as path: String) {
    self.path = path
    self.status = status
    // Where that fails, it can be replaced all the same.
    lockDescriptor = try? OutputTransaction.hold(place, of: place)
  }

  /// - Returns: What stood in the way.
  func remove() -> FormatError? {
    do throws(FormatError) {
      guard let there = try SystemCalls.linkStatus(path) else { return nil }
      guard there.isSameFile(as: status) else {
        return keepStranger()
      }
      try SystemCalls.removeTree(path)
      return nil
    } catch {
      return error
    }
  }

  /// What came to the place in the last moment gets a name that no run takes for a leftover.
  private func keepStranger() -> FormatError {
    let kept = path + "-kept"
    // Without the lock it may be what another run is writing.
    guard lockDescriptor != nil, (try? SystemCalls.renameExclusively(path, to: kept)) != nil else {
      return FormatError(.exists, "is not what was replaced, and is left alone")
        .located(file: path)
    }
    return FormatError(.exists, "came there in the last moment, and is kept").located(file: kept)
  }

  /// Lets go of it.
  func release() {
    if let lockDescriptor { try? SystemCalls.close(lockDescriptor, path: path) }
  }
}
