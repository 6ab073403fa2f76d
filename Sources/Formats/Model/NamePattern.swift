/// A tensor's name with the layer's number left open: `blk.N.attn_q.weight`.
public struct NamePattern: Sendable, Hashable, ExpressibleByStringLiteral {
  private let prefix: String
  /// What follows the number; `nil` where the pattern is a whole name.
  private let suffix: String?

  /// Makes a pattern; `.N.` in it is where the layer's number goes.
  public init(stringLiteral text: String) { self.init(text) }

  /// Makes a pattern; `.N.` in it is where the layer's number goes.
  public init(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if let index = parts.firstIndex(of: "N") {
      prefix = parts[..<index].joined(separator: ".") + "."
      suffix = "." + parts[(index + 1)...].joined(separator: ".")
    } else {
      prefix = text
      suffix = nil
    }
  }

  /// Makes the pattern of one name, whatever it looks like.
  init(literally name: String) {
    prefix = name
    suffix = nil
  }

  /// The pattern as it is written down; a name of one tensor may look like a pattern of many.
  var text: String { suffix.map { "\(prefix)N\($0)" } ?? prefix }

  /// The pattern of a name and of all that differ from it in the first number only, or `nil` where
  /// that number is none of a layer's.
  init?(leavingFirstNumberOpen name: String) {
    guard let text = Self.leavingFirstNumberOpen(name) else { return nil }
    self.init(text)
    guard isPerLayer, fits(name) else { return nil }
  }

  /// A name with `N` in place of the first part that is a number, or `nil` where none is.
  static func leavingFirstNumberOpen(_ name: String) -> String? {
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard
      let layer = parts.firstIndex(where: { !$0.isEmpty && $0.utf8.allSatisfy(digits.contains) })
    else { return nil }
    parts[layer] = "N"
    return parts.joined(separator: ".")
  }

  /// Whether every layer has such a tensor.
  public var isPerLayer: Bool { suffix != nil }

  /// Whether a name is one of this pattern.
  func fits(_ name: String) -> Bool { layer(in: name) != nil }

  /// The name in a layer; the layer does not matter where the pattern is a whole name.
  public func name(layer: Int?) -> String {
    suffix.map { "\(prefix)\(layer ?? 0)\($0)" } ?? prefix
  }

  /// The layer that a name speaks of: `.some(nil)` where the pattern is a whole name, `nil` where
  /// the name does not fit. By bytes, and `blk.01.` is no layer: two names must not become one.
  func layer(in name: String) -> Int?? {
    name.withBytes { name in prefix.withBytes { prefix in layer(in: name, behind: prefix) } }
  }

  private func layer(in name: RawSpan, behind prefix: RawSpan) -> Int?? {
    guard let suffix else { return name.hasSameBytes(as: prefix) ? .some(nil) : nil }
    guard name.starts(with: prefix), suffix.withBytes({ name.ends(in: $0) }) else { return nil }
    let digits = prefix.byteCount..<max(name.byteCount - suffix.utf8.count, prefix.byteCount)
    return Self.layerNumber(name.extracting(digits))
  }

  private static func layerNumber(_ digits: RawSpan) -> Int?? {
    guard (1...LayerNumber.mostDigits).contains(digits.byteCount) else { return nil }
    guard digits.byteCount == 1 || digits.byte(at: 0) != UInt8(ascii: "0") else { return nil }
    var number = 0
    for index in 0..<digits.byteCount {
      let digit = digits.byte(at: index)
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return .some(number)
  }
}
