#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension OutputTransaction {
  /// What the system says where nothing can be made, as opposed to a disk that fails.
  private static let refusals: Set<Int32> = [
    EACCES, EPERM, EROFS, ENOENT, ENOTDIR, ENAMETOOLONG, ELOOP, EBUSY,
  ]

  /// Checks the place, and takes hold of the hidden name.
  static func begin(
    _ places: OutputPlaces, _ kind: Kind, replacing: Bool, inputs: [String], resuming: Bool
  ) throws(FormatError) -> (replaces: Bool, lockDescriptor: Int32) {
    try sayingWhyNot(places.path) { () throws(FormatError) in
      try check(places, kind, replacing: replacing, inputs: inputs)
      let descriptor = try acquire(places, kind, resuming: resuming)
      do throws(FormatError) {
        return (try recover(places, kind, replacing: replacing), descriptor)
      } catch {
        // What an earlier run has left stays for the next one; what was made just now holds nothing.
        if !resuming || (try? SystemCalls.list(places.hidden).isEmpty) == true {
          try? SystemCalls.removeTree(places.hidden)
        }
        try? SystemCalls.close(descriptor, path: places.hidden)
        throw error
      }
    }
  }

  /// Checks the place, and makes nothing there.
  ///
  /// - Throws: What ``init(_:_:replacing:inputs:resuming:)`` would, as far as it can be known.
  package static func check(
    _ path: String, _ kind: Kind, replacing: Bool, inputs: [String]
  ) throws(FormatError) {
    let places = try OutputPlaces(of: path)
    try sayingWhyNot(places.path) { () throws(FormatError) in
      try check(places, kind, replacing: replacing, inputs: inputs)
    }
  }

  private static func check(
    _ places: OutputPlaces, _ kind: Kind, replacing: Bool, inputs: [String]
  ) throws(FormatError) {
    let path = places.path
    let parent = Paths.parent(of: path)
    guard try SystemCalls.status(parent)?.isDirectory == true else {
      throw FormatError(.exists, "cannot be made: there is no directory '\(parent)'")
        .located(file: path)
    }
    try checkApart(places, from: inputs)
    try checkFree(path, SystemCalls.linkStatus(path), kind, replacing)
  }

  /// Runs `body`; where its error means that nothing can be made at that place, says so.
  static func sayingWhyNot<Result: ~Copyable>(
    _ path: String, _ body: () throws(FormatError) -> Result
  ) throws(FormatError) -> Result {
    do throws(FormatError) {
      return try body()
    } catch {
      guard refusals.contains(error.errno ?? 0) else { throw error }
      let reason = error.location.file == path ? error.message : error.description
      throw FormatError(.exists, "cannot be made: \(reason)", errno: error.errno)
        .located(file: path)
    }
  }

  /// Now that nobody else can: brings back what a run had put aside that died then.
  ///
  /// - Returns: Whether there is something to be replaced.
  private static func recover(
    _ places: OutputPlaces, _ kind: Kind, replacing: Bool
  ) throws(FormatError) -> Bool {
    let isBack = try recoverAside(places) == .broughtBack
    let existing = try SystemCalls.linkStatus(places.path)
    if isBack && !replacing {
      throw FormatError(
        .exists,
        "exists already, and was brought back: an interrupted run had put it aside; --force "
          + "replaces it"
      ).located(file: places.path)
    }
    try checkFree(places.path, existing, kind, replacing)
    return existing != nil
  }
}
