#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The one rename by which an output appears.
extension OutputTransaction {
  /// - Returns: `nil`, for nothing was replaced.
  func renameIntoPlace() throws(FormatError) -> ReplacedOutput? {
    do throws(FormatError) {
      try SystemCalls.renameExclusively(hiddenPath, to: path)
    } catch  where SystemCalls.isMissing(error) {
      guard try SystemCalls.linkStatus(path) == nil else { throw Self.exists(path) }
      try rename(hiddenPath, to: path)
    } catch {
      guard !isInPlace else { return nil }
      throw error.code == .exists ? Self.exists(path) : error
    }
    return nil
  }

  /// Puts the output in the place of what is there; returns where that is now.
  func replace() throws(FormatError) -> ReplacedOutput? {
    // It may be something else than when the run began, hours ago.
    guard let existing = try SystemCalls.linkStatus(path) else { return try renameIntoPlace() }
    try Self.checkFree(path, existing, kind, true)
    var old = ReplacedOutput(holding: path, existing, as: hiddenPath)
    do throws(FormatError) {
      if try !exchange() {
        try replaceInTwoSteps()
        old.path = places.aside
      }
      return old
    } catch {
      old.release()
      throw error
    }
  }

  /// - Returns: `false` where the file system has no such way.
  private func exchange() throws(FormatError) -> Bool {
    do throws(FormatError) {
      try SystemCalls.exchange(hiddenPath, with: path)
    } catch  where SystemCalls.isMissing(error) {
      return false
    } catch {
      guard isInPlace else { throw error }
    }
    return true
  }

  /// Where nothing can be exchanged: a run that dies between the steps leaves both, and the next run
  /// or `clean` brings back the old.
  private func replaceInTwoSteps() throws(FormatError) {
    try SystemCalls.rename(path, to: places.aside)
    do throws(FormatError) {
      try rename(hiddenPath, to: path)
    } catch {
      do throws(FormatError) {
        try SystemCalls.rename(places.aside, to: path)
      } catch let second {
        throw FormatError(
          error.code,
          "\(error.message); what was to be replaced waits as '\(places.aside)', and could not be "
            + "brought back: \(second.message)",
          errno: error.errno
        ).located(file: path)
      }
      throw error
    }
  }

  private func rename(_ hidden: String, to path: String) throws(FormatError) {
    do throws(FormatError) {
      try SystemCalls.rename(hidden, to: path)
    } catch {
      if !isInPlace { throw error }
    }
  }

  /// Whether the output has its name, whatever the call said: network file systems may do what they
  /// are asked twice, and answer for the second time.
  private var isInPlace: Bool {
    guard let held = try? SystemCalls.status(lockDescriptor, path: hiddenPath),
      let there = try? SystemCalls.linkStatus(path)
    else { return false }
    return there.isSameFile(as: held)
  }
}
