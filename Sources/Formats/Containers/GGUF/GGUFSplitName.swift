/// The name of one file of a split model: `prefix-00001-of-00003.gguf`; Specs/gguf.md §9.
public struct GGUFSplitName: Sendable, Hashable {
  /// What stands before the numbers, folders included.
  public let prefix: String
  /// Which file it is, from 0; the name itself counts from 1.
  public let index: Int
  /// How many files there are.
  public let count: Int

  /// Makes the name of a file of a split model.
  public init(prefix: String, index: Int, count: Int) {
    self.prefix = prefix
    self.index = index
    self.count = count
  }

  /// Reads a path; `nil` when it has not the form of such a name.
  public init?(_ path: String) {
    var rest = Array(path.utf8)[...]
    guard rest.removeSuffix(".gguf"), let count = rest.removeNumber(),
      rest.removeSuffix("-of-"), let number = rest.removeNumber(), rest.removeSuffix("-"),
      number >= 1, number <= count, let prefix = String(validating: rest, as: UTF8.self)
    else { return nil }
    self.init(prefix: prefix, index: number - 1, count: count)
    // 99999 is followed by 100000, so a leading zero in six digits is another scheme.
    guard self.path.utf8.elementsEqual(path.utf8) else { return nil }
  }

  /// The path.
  public var path: String { "\(prefix)-\(Self.digits(index + 1))-of-\(Self.digits(count)).gguf" }

  /// The name of the model's first file, which stands for the model.
  public var first: GGUFSplitName { GGUFSplitName(prefix: prefix, index: 0, count: count) }

  /// The paths of all files of the model, this one included, in order.
  public var siblings: [String] {
    (0..<count).map { GGUFSplitName(prefix: prefix, index: $0, count: count).path }
  }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 5 - text.utf8.count)) + text
  }
}

extension ArraySlice<UInt8> {
  fileprivate mutating func removeSuffix(_ suffix: String) -> Bool {
    guard reversed().starts(with: suffix.utf8.reversed()) else { return false }
    removeLast(suffix.utf8.count)
    return true
  }

  /// The number in at least five digits at the end.
  fileprivate mutating func removeNumber() -> Int? {
    let digits = suffix(while: { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    guard digits.count >= 5, digits.count <= 9 else { return nil }
    removeLast(digits.count)
    return Int(String(decoding: digits, as: UTF8.self))
  }
}

extension ArraySlice {
  fileprivate func suffix(while predicate: (Element) -> Bool) -> ArraySlice {
    var start = endIndex
    while start > startIndex, predicate(self[start - 1]) { start -= 1 }
    return self[start...]
  }
}
