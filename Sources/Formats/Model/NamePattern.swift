/// A tensor's name with the layer's number left open: `blk.N.attn_q.weight`.
public struct NamePattern: Sendable, Hashable, ExpressibleByStringLiteral {
  /// Digits that a layer's number may have: more than any model needs, less than overflows.
  static let layerDigits = 6

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
    guard let suffix else {
      return name.utf8.elementsEqual(prefix.utf8) ? .some(nil) : nil
    }
    guard name.utf8.starts(with: prefix.utf8) else { return nil }
    let rest = name.utf8.dropFirst(prefix.utf8.count)
    let digits = rest.prefix { $0 != UInt8(ascii: ".") }
    guard rest.dropFirst(digits.count).elementsEqual(suffix.utf8) else { return nil }
    return Self.layerNumber(digits)
  }

  private static func layerNumber(_ digits: Substring.UTF8View.SubSequence) -> Int?? {
    guard (1...layerDigits).contains(digits.count) else { return nil }
    guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
    var number = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return .some(number)
  }
}
