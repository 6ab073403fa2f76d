/// Removes what runs have left in a directory that could not clean up themselves, and brings back what
/// they had put aside; Specs/reliability.md §4.
public struct Cleaning: Sendable {
  /// The directory that holds the outputs.
  public let directory: String

  /// One leftover.
  public struct Leftover: Sendable, Hashable {
    /// What becomes of a leftover.
    public enum Fate: String, Sendable, Hashable {
      /// It is removed.
      case removed
      /// It was to be replaced, and gets its own name again.
      case broughtBack = "brought_back"
      /// A run that is under way holds it: it is left alone.
      case inUse = "in_use"
      /// It could not be removed or brought back.
      case failed
    }

    /// Its name in the directory.
    public let name: String
    /// The name of the output that it belongs to.
    public let output: String
    /// The bytes of all its files.
    public var byteCount = 0
    /// How many files it has; a single file is one.
    public var fileCount = 0
    /// What became of it, or with a dry run would.
    public var fate = Fate.removed
    /// What went wrong, if anything.
    public var error: FormatError?
  }

  /// - Throws: `notFound`, `usage` for anything but a directory, `io`.
  public init(_ directory: String) throws(FormatError) {
    guard let status = try SystemCalls.status(directory) else {
      throw FormatError(.notFound, "there is no such directory").located(file: directory)
    }
    guard status.isDirectory else {
      throw FormatError(.usage, "needed the directory that holds the output, this is none")
        .located(file: directory)
    }
    self.directory = directory
  }

  /// Cleans up.
  ///
  /// - Parameter isDryRun: Whether nothing is changed.
  /// - Returns: The leftovers in byte order of their names; each has been tried.
  /// - Throws: `io` when the directory cannot be listed.
  public func callAsFunction(isDryRun: Bool = false) throws(FormatError) -> [Leftover] {
    var done: Set<OutputPlaces> = []
    var leftovers: [Leftover] = []
    for name in try SystemCalls.list(directory) {
      guard let places = OutputPlaces(hiddenName: name, in: directory),
        done.insert(places).inserted
      else { continue }
      leftovers += clean(places, isDryRun)
    }
    return leftovers
  }

  /// The hidden name is held while what was put aside is looked at: nobody else touches either.
  private func clean(_ places: OutputPlaces, _ isDryRun: Bool) -> [Leftover] {
    var partial: Leftover?
    var descriptor: Int32?
    defer { if let descriptor { try? SystemCalls.close(descriptor, path: places.hidden) } }
    do throws(FormatError) {
      if try SystemCalls.linkStatus(places.hidden) != nil {
        partial = leftover(places.hidden, of: places)
        descriptor = try OutputTransaction.hold(places.hidden, of: places.path)
        guard descriptor != nil else { return [] }
      }
      let aside = attempt(places.aside, of: places) { (leftover) throws(FormatError) in
        try recover(places, &leftover, isDryRun)
      }
      let removed = attempt(places.hidden, of: places) { (leftover) throws(FormatError) in
        guard descriptor != nil else { return false }
        try Self.measure(places.hidden, into: &leftover)
        if !isDryRun { try SystemCalls.removeTree(places.hidden) }
        return true
      }
      return [removed, aside].compactMap(\.self)
    } catch {
      return [Self.failed(partial ?? leftover(places.hidden, of: places), error)]
    }
  }

  /// - Parameter body: Returns `false` where there is nothing.
  private func attempt(
    _ path: String, of places: OutputPlaces,
    _ body: (inout Leftover) throws(FormatError) -> Bool
  ) -> Leftover? {
    var found = leftover(path, of: places)
    do throws(FormatError) {
      return try body(&found) ? found : nil
    } catch {
      return Self.failed(found, error)
    }
  }

  private func recover(
    _ places: OutputPlaces, _ leftover: inout Leftover, _ isDryRun: Bool
  ) throws(FormatError) -> Bool {
    guard try SystemCalls.linkStatus(places.aside) != nil else { return false }
    try Self.measure(places.aside, into: &leftover)
    let recovery = try OutputTransaction.recoverAside(places, isDryRun: isDryRun)
    leftover.fate = recovery == .broughtBack ? .broughtBack : .removed
    return recovery != .nothing
  }

  private func leftover(_ path: String, of places: OutputPlaces) -> Leftover {
    Leftover(name: Paths.name(of: path), output: Paths.name(of: places.path))
  }

  private static func failed(_ leftover: Leftover, _ error: FormatError) -> Leftover {
    var leftover = leftover
    leftover.fate = error.code == .locked ? .inUse : .failed
    leftover.error = error.code == .locked ? nil : error
    return leftover
  }

  private static func measure(
    _ path: String, into leftover: inout Leftover
  ) throws(FormatError) {
    (leftover.byteCount, leftover.fileCount) = try SystemCalls.measureTree(path)
  }
}

extension [Cleaning.Leftover] {
  /// The bytes of what was removed, or would be.
  public var removedByteCount: Int {
    reduce(0) { $0 + ($1.fate == .removed ? $1.byteCount : 0) }
  }

  /// The document of `clean --json`; Specs/reliability.md §4.
  public func json(directory: String, isDryRun: Bool) -> JSONValue {
    [
      "schema": "bonsai-fmt/clean/1",
      "directory": .string(directory),
      "dry_run": .bool(isDryRun),
      "leftovers": .array(
        map {
          [
            "name": .string($0.name), "output": .string($0.output),
            "bytes": .integer($0.byteCount), "files": .integer($0.fileCount),
            "fate": .string($0.fate.rawValue),
            "error": $0.error.map { .string($0.description) } ?? .null,
          ]
        }),
      "removed_bytes": .integer(removedByteCount),
    ]
  }
}
