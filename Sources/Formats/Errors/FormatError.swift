/// What went wrong, in one sentence, and where: file, byte offset, tensor, row, group.
///
/// The only error type that this library throws. Inner layers say what happened; outer layers add
/// the part of the location that they know (``located(file:offset:tensor:row:group:)``), and never
/// replace what is there.
public struct FormatError: Error, Sendable, Hashable {
  /// The kind of failure, for programs; the command line derives its exit status from it.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    /// The caller asked for something that makes no sense (an unknown layout, a bad size).
    case usage
    /// There is no such file, or a file that another one names is missing.
    case notFound
    /// A file ends before what its header promises.
    case truncated
    /// A file breaks the rules of its format.
    case malformed
    /// A file goes beyond a named limit of this library, and is not necessarily wrong.
    case limit
    /// A legal file that this library does not handle.
    case unsupported
    /// A conversion would change values.
    case notExact
    /// The output exists, or cannot be created where it was asked for.
    case exists
    /// Another run is writing the same output.
    case locked
    /// The system refused a call: see ``FormatError/errno``.
    case io
    /// What was written is not what was meant: our own bug, or a failing disk.
    case proofFailed
    /// The task was cancelled.
    case cancelled
  }

  /// Where it went wrong, as far as known.
  public struct Location: Sendable, Hashable {
    /// The path of the file, as the caller gave it.
    public var file: String?
    /// A byte offset in that file.
    public var offset: Int?
    /// The name of a tensor, as the file spells it.
    public var tensor: String?
    /// An output row of that tensor.
    public var row: Int?
    /// A group within that row.
    public var group: Int?

    /// A place that is not known at all, to be filled in.
    public init() {}
  }

  /// The kind of failure.
  public let code: Code
  /// What was needed and what was found, without the location.
  public let message: String
  /// Where.
  public private(set) var location: Location
  /// The system's error number, where a system call failed.
  public let errno: Int32?

  /// Makes an error.
  ///
  /// - Parameters:
  ///   - code: The kind of failure.
  ///   - message: What was needed and what was found.
  ///   - offset: The byte offset, where one is known.
  ///   - errno: The system's error number.
  public init(_ code: Code, _ message: String, at offset: Int? = nil, errno: Int32? = nil) {
    self.code = code
    self.message = message
    self.location = Location()
    self.location.offset = offset
    self.errno = errno
  }

  /// The same error with the parts of its location that were still open filled in.
  public func located(
    file: String? = nil, offset: Int? = nil, tensor: String? = nil, row: Int? = nil,
    group: Int? = nil
  ) -> FormatError {
    var copy = self
    copy.location.file = location.file ?? file
    copy.location.offset = location.offset ?? offset
    copy.location.tensor = location.tensor ?? tensor
    copy.location.row = location.row ?? row
    copy.location.group = location.group ?? group
    return copy
  }
}

extension FormatError: CustomStringConvertible {
  /// One line for people: `model.gguf:6749: tensor 'blk.0.attn_q.weight': need 18 bytes, have 4`.
  ///
  /// Text that came from a file is escaped, so that it cannot steer a terminal.
  public var description: String {
    var parts: [String] = []
    if let file = location.file {
      parts.append(location.offset.map { "\(file):\($0)" } ?? file)
    } else if let offset = location.offset {
      parts.append("byte \(offset)")
    }
    if let tensor = location.tensor {
      var place = "tensor '\(tensor.quotedName)'"
      if let row = location.row { place += " row \(row)" }
      if let group = location.group { place += " group \(group)" }
      parts.append(place)
    }
    parts.append(message)
    return parts.joined(separator: ": ").escapedForDisplay
  }
}

/// Runs `body`; an error that leaves it learns the parts of its location that were still open.
func locating<Result: ~Copyable>(
  file: String? = nil, tensor: String? = nil,
  _ body: () throws(FormatError) -> Result
) throws(FormatError) -> Result {
  do {
    return try body()
  } catch {
    throw error.located(file: file, tensor: tensor)
  }
}
