/// A JSON document in memory, in the order of its text. For small documents (a `config.json`);
/// headers and tokenizers go through ``JSONReader`` and `JSONWriter` piece by piece.
public enum JSONValue: Sendable, Hashable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number written without fraction and exponent, that fits 64 bits.
  case integer(Int)
  /// Any other number, as its text stands in the document.
  case number(String)
  /// Text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Members in order; the reader refuses two of one name.
  case object([Member])

  /// One member of an object.
  public struct Member: Sendable, Hashable {
    /// The member's name.
    public var name: String
    /// The member's value.
    public var value: JSONValue

    /// Makes a member.
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// The member of that name, by its bytes, or `nil` where there is none or this is no object.
  public subscript(_ name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// The members of an object; none of what is no object.
  var members: [Member] {
    guard case .object(let members) = self else { return [] }
    return members
  }

  /// The members of an object by their names, for many questions; none of what is no object.
  var membersByName: [ByteString: JSONValue] {
    Dictionary(
      members.map { (ByteString($0.name), $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  /// Text.
  public init(stringLiteral value: String) { self = .string(value) }
  /// An integer.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A truth value.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// Values in order.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Members in order.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  /// `null`.
  public init(nilLiteral: ()) { self = .null }
}

extension JSONValue {
  static func optional(_ value: Int?) -> JSONValue { value.map { .integer($0) } ?? .null }

  static func optional(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}
