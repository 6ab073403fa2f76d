/// A metadata value of a GGUF file; Specs/gguf.md §2.
public enum GGUFValue: Sendable {
  /// Type 0.
  case uint8(UInt8)
  /// Type 1.
  case int8(Int8)
  /// Type 2.
  case uint16(UInt16)
  /// Type 3.
  case int16(Int16)
  /// Type 4.
  case uint32(UInt32)
  /// Type 5.
  case int32(Int32)
  /// Type 6.
  case float32(Float)
  /// Type 7.
  case bool(Bool)
  /// Type 8. Not necessarily UTF-8.
  case string(ByteString)
  /// Type 9.
  case array(GGUFArray)
  /// Type 10.
  case uint64(UInt64)
  /// Type 11.
  case int64(Int64)
  /// Type 12.
  case float64(Double)

  /// The number in the file that says which type a value has.
  public enum Kind: UInt32, Sendable, Hashable, CaseIterable {
    /// In the order of the file's own numbers.
    case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array
    /// In the order of the file's own numbers.
    case uint64, int64, float64
  }
}

extension GGUFValue.Kind {
  /// The name of the type: `uint32`.
  var name: String { Self.names[Int(rawValue)] }

  private static let names = allCases.map { "\($0)" }
}

/// An array of metadata, left in its file until somebody asks for the elements.
///
/// A vocabulary is two arrays of 150,000 strings: an inspection passes over them.
public struct GGUFArray: Sendable {
  /// What the elements are.
  public let elementKind: GGUFValue.Kind
  /// How many there are.
  public let count: Int
  /// Where the elements lie in ``source``, packed; without element kind and count.
  public let range: Range<Int>
  /// What it shares with the other arrays of its file.
  let origin: Origin

  /// Whether integers in ``source`` are stored most significant byte first.
  public var isBigEndian: Bool { origin.isBigEndian }
  /// What holds the elements.
  public var source: any ByteSource { origin.source }
  var limits: Limits { origin.limits }

  /// Where arrays come from. One for all of a file: a header of some megabytes can have 300,000
  /// arrays.
  final class Origin: Sendable {
    let source: any ByteSource
    let isBigEndian: Bool
    let limits: Limits

    init(_ source: any ByteSource, isBigEndian: Bool, _ limits: Limits) {
      self.source = source
      self.isBigEndian = isBigEndian
      self.limits = limits
    }
  }

  init(elementKind: GGUFValue.Kind, count: Int, range: Range<Int>, origin: Origin) {
    self.elementKind = elementKind
    self.count = count
    self.range = range
    self.origin = origin
  }

  /// Makes an array of elements that lie in a source.
  init(
    elementKind: GGUFValue.Kind, count: Int, range: Range<Int>, isBigEndian: Bool,
    source: any ByteSource, limits: Limits = .standard
  ) {
    self.init(
      elementKind: elementKind, count: count, range: range,
      origin: Origin(source, isBigEndian: isBigEndian, limits))
  }
}
