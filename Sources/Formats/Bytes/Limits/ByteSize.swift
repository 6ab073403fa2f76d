/// A number of bytes as people write it: `5GB`, `512MiB`, `1000000`.
public struct ByteSize: Sendable, Hashable {
  /// The number of bytes.
  public let byteCount: Int

  /// Makes a size.
  public init(byteCount: Int) { self.byteCount = byteCount }

  /// Parses digits and a unit: none or `B`, `KB`, `MB`, `GB`, `TB` (powers of 1000; also `K`, `M`,
  /// `G`, `T`, as llama.cpp's tools have them), `KiB`, `MiB`, `GiB`, `TiB` (powers of 1024). Upper
  /// and lower case are the same.
  ///
  /// - Throws: ``FormatError`` with code `usage`; also for zero and for what exceeds 64 bits.
  public init(parsing text: String) throws(FormatError) {
    let digits = text.utf8.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    let unit = text.utf8.dropFirst(digits.count).map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
    let known = Self.units.first { $0.name.utf8.elementsEqual(unit) }
    guard !digits.isEmpty, let known else {
      throw FormatError(
        .usage, "needed a size such as 5GB, 512MiB or 1000000, found '\(text.quoted())'")
    }
    let count = Int(String(decoding: digits, as: UTF8.self))
    let (product, overflow) = (count ?? .max).multipliedReportingOverflow(by: known.factor)
    guard count != nil, !overflow else {
      throw FormatError(.usage, "the size '\(text.quoted())' does not fit 64 bits")
    }
    guard product > 0 else { throw FormatError(.usage, "needed a size of at least one byte") }
    byteCount = product
  }

  private static let units: [(name: String, factor: Int)] = [
    ("", 1), ("b", 1),
    ("kb", 1000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("tb", 1_000_000_000_000),
    ("k", 1000), ("m", 1_000_000), ("g", 1_000_000_000), ("t", 1_000_000_000_000),
    ("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("tib", 1 << 40),
  ]
}
