/// What a word of a model's name looks like. By bytes, for a name from a stranger can have half a
/// million words.
struct NameWord {
  private let text: ArraySlice<UInt8>
  /// The same in lower case.
  private let lower: ArraySlice<UInt8>

  init(_ text: some StringProtocol) {
    self.text = Array(text.utf8)[...]
    lower =
      self.text.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }[...]
  }

  /// `v2`, `1.5`, `iter10`: a number, with dots or without.
  var isVersion: Bool {
    lower.without("v").map { Self.isVersionNumber($0) } ?? false
      || lower.without("iter").map { Self.isVersionNumber($0) } ?? false
      || Self.isVersionNumber(lower)
  }

  /// `Q4_K_M`, `IQ2_S`, `BF16`, `FP32`: how weights are stored.
  var isType: Bool {
    if var rest = (lower.without("i") ?? lower).without("q"), rest.popDigit() {
      // Letters follow by pairs: an underscore, and one letter.
      while rest.first == UInt8(ascii: "_"), rest.dropFirst().first?.isWordByte == true {
        rest = rest.dropFirst(2)
      }
      if rest.isEmpty { return true }
    }
    guard let float = (lower.without("b") ?? lower).without("f") else { return false }
    let width = float.without("p") ?? float
    return width.spells("16") || width.spells("32")
  }

  /// `8B`, `A3B`, `8x7B`, `1_5b`, `7b1`, `mini`: how large a model is.
  var isSize: Bool {
    if ["small", "mini", "medium", "large", "xl", "xxl"].contains(where: lower.spells) {
      return true
    }
    if let active = lower.without("a") { return Self.isQuantity(active) }
    var experts = lower
    if experts.popDigits(), let each = experts.without("x") { return Self.isQuantity(each) }
    return Self.isQuantity(lower)
  }

  /// `Instruct`: what a model was trained to do.
  var isFinetune: Bool { ["chat", "instruct", "vision", "lora"].contains(where: lower.spells) }

  /// Whether it begins with a digit, or is a version with a small `v`.
  var isNumbered: Bool {
    text.first?.isDigit == true || text.without("v").map { Self.isVersionNumber($0) } ?? false
  }

  private static func isVersionNumber(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    guard rest.popDigits() else { return false }
    while let next = rest.without(".") {
      rest = next
      guard rest.popDigits() else { return false }
    }
    return rest.isEmpty
  }

  /// `7`, `1.5` or `1_5`, a unit, and perhaps one more digit.
  private static func isQuantity(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    guard rest.popDigits() else { return false }
    if let fraction = rest.without(".") ?? rest.without("_") {
      rest = fraction
      guard rest.popDigits() else { return false }
    }
    guard let unit = rest.popFirst(), "kmbt".utf8.contains(unit) else { return false }
    _ = rest.popDigit()
    return rest.isEmpty
  }
}

extension ArraySlice<UInt8> {
  /// What follows a prefix, or `nil` where it is not there.
  fileprivate func without(_ prefix: String) -> Self? {
    starts(with: prefix.utf8) ? dropFirst(prefix.utf8.count) : nil
  }

  fileprivate func spells(_ word: String) -> Bool { elementsEqual(word.utf8) }

  /// Takes the digits at the front; `false` where there are none.
  fileprivate mutating func popDigits() -> Bool {
    let count = prefix(while: \.isDigit).count
    removeFirst(count)
    return count > 0
  }

  fileprivate mutating func popDigit() -> Bool {
    guard first?.isDigit == true else { return false }
    removeFirst()
    return true
  }
}

extension UInt8 {
  fileprivate var isWordByte: Bool {
    isDigit || self == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self)
  }
}
