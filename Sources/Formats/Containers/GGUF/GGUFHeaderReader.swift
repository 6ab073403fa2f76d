/// Reads the header of a GGUF file front to back; Specs/gguf.md §1.
struct GGUFHeaderReader: ~Copyable {
  /// What the file begins with, whatever its byte order.
  static let magic = Array("GGUF".utf8)

  let source: any ByteSource
  let limits: Limits
  var cursor: HeaderCursor
  var findings: Findings
  /// What the arrays of the file share, once there is one.
  var origin: GGUFArray.Origin?

  init(_ source: any ByteSource, limits: Limits, _ findings: Findings = .strict) {
    self.source = source
    self.findings = findings
    self.limits = limits
    cursor = HeaderCursor(source)
  }

  /// A reader that stands on the first element of an array.
  init(elementsOf array: GGUFArray) throws(FormatError) {
    source = array.source
    findings = .strict
    limits = array.limits
    origin = array.origin
    // A window no larger than the array: most arrays hold a handful of numbers.
    cursor = HeaderCursor(
      source, upTo: array.range.upperBound,
      windowByteCount: min(max(array.range.count, 16), 1 << 18))
    cursor.isBigEndian = array.isBigEndian
    try cursor.skip(array.range.lowerBound, "an array's elements")
  }

  /// Magic and version; sets the byte order from the version.
  mutating func version() throws(FormatError) -> UInt32 {
    let magic = try cursor.bytes(4, "the magic")
    guard magic == Self.magic else {
      throw findings.ending(
        .ggufMagic,
        FormatError(
          .malformed,
          "begins with '\(String(decoding: magic, as: UTF8.self).quoted())', needed 'GGUF'", at: 0))
    }
    var version = try cursor.integer(UInt32.self, "the version")
    // Versions are small numbers, so the half that is zero tells the byte order (§8).
    if version != 0 && version & 0xFFFF == 0 {
      cursor.isBigEndian = true
      version = version.byteSwapped
    }
    guard let error = Self.error(version) else { return version }
    throw findings.ending(.ggufVersion, error)
  }

  private static func error(_ version: UInt32) -> FormatError? {
    switch version {
    case 2, 3: nil
    case 0: FormatError(.malformed, "the version is 0, needed 2 or 3", at: 4)
    case 1:
      FormatError(
        .unsupported, "GGUF version 1 (32-bit counts, 2023) is not read, only 2 and 3", at: 4)
    default:
      FormatError(.unsupported, "GGUF version \(version) is not known, only 2 and 3", at: 4)
    }
  }

  /// A count of things that follow, each of at least `minimum` bytes.
  mutating func count(
    _ what: String, minimum: Int, _ limit: Limit
  ) throws(FormatError) -> Int {
    let start = cursor.offset
    let count = try cursor.integer(UInt64.self, "the number of \(what)")
    if let remaining = cursor.remaining, count > UInt64(max(remaining, 0) / minimum) {
      throw FormatError(
        .truncated,
        "\(count) \(what) need at least \(minimum) bytes each, \(max(remaining, 0)) bytes are left",
        at: start)
    }
    guard let result = Int(exactly: count), result <= limits[limit] else {
      throw limits.exceeded(
        "there are \(count) \(what)", limit, value: Int(clamping: count), at: start)
    }
    return result
  }

  /// Things to make room for at once. A stream has not shown that it holds what it claims.
  func capacity(for count: Int) -> Int { cursor.remaining == nil ? min(count, 4096) : count }

  /// A string that is held in memory.
  mutating func string(
    _ limit: Limit, _ what: @autoclosure () -> String
  ) throws(FormatError) -> [UInt8] {
    let start = cursor.offset
    let count = try cursor.integer(UInt64.self, "the length of \(what())")
    try cursor.need(count, what())
    guard let length = Int(exactly: count), length <= limits[limit] else {
      throw limits.exceeded(
        "\(what()) has \(count) bytes", limit, value: Int(clamping: count), at: start)
    }
    let bytes = try cursor.bytes(length, what())
    try checkRoom(for: 0, what())
    return bytes
  }

  /// Throws when fewer than `count` bytes are left, or when the header would be larger than its
  /// limit: the only bound there is for a stream.
  func checkRoom(for count: UInt64, _ what: @autoclosure () -> String) throws(FormatError) {
    try cursor.need(count, what())
    let limit = limits[.ggufHeader]
    guard cursor.offset <= limit, count <= UInt64(limit - cursor.offset) else {
      throw limits.exceeded(
        "\(what()) ends \(count) bytes further on, at \(cursor.offset) of the header", .ggufHeader,
        value: cursor.offset.saturatingSum(Int(clamping: count)), at: cursor.offset)
    }
  }

  /// Passes over `count` bytes.
  mutating func skip(_ count: UInt64, _ what: @autoclosure () -> String) throws(FormatError) {
    try checkRoom(for: count, what())
    // Within the header's limit, so it fits.
    try cursor.skip(Int(truncatingIfNeeded: count), what())
  }
}
