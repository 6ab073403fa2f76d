/// The members of a JSON document beside the weights, with errors that name file and member.
struct ConfigMembers {
  let json: JSONValue
  /// What errors call the file.
  let file: String
  let limits: Limits
  /// What stands before a member's name in errors: `rope_scaling.`.
  private var prefix = ""

  init(_ json: JSONValue, file: String, limits: Limits = .standard) {
    self.json = json
    self.file = file
    self.limits = limits
  }

  /// A member's value, or `nil` where there is none or it is null.
  subscript(_ name: String) -> JSONValue? {
    guard let value = json[name], value != .null else { return nil }
    return value
  }

  /// An error about a member.
  func error(_ code: FormatError.Code, _ name: String, _ message: String) -> FormatError {
    FormatError(code, "'\(prefix.quoted())\(name.quoted())' \(message)").located(file: file)
  }

  /// The error for a member that is needed and not there.
  func missing(_ name: String) -> FormatError { error(.malformed, name, "is needed and missing") }

  /// The error for a value of a kind that is not needed.
  func mismatch(_ name: String, _ needed: String) -> FormatError {
    error(.malformed, name, "must be \(needed), is \((self[name] ?? .null).shown)")
  }

  /// The members of a member, or `nil` where there is none.
  func object(_ name: String) throws(FormatError) -> ConfigMembers? {
    guard let value = self[name] else { return nil }
    guard case .object = value else { throw mismatch(name, "an object") }
    return inner(JSONValue.Member(name, value))
  }

  /// The members of a member that is at hand: to look for each of thousands by its name takes long.
  func inner(_ member: JSONValue.Member) -> ConfigMembers {
    var members = ConfigMembers(member.value, file: file, limits: limits)
    members.prefix = prefix + member.name + "."
    return members
  }

  /// A text.
  func string(_ name: String) throws(FormatError) -> String? {
    guard let value = self[name] else { return nil }
    guard case .string(let text) = value else { throw mismatch(name, "a string") }
    return text
  }

  /// A truth value.
  func bool(_ name: String) throws(FormatError) -> Bool? {
    guard let value = self[name] else { return nil }
    guard case .bool(let isTrue) = value else { throw mismatch(name, "true or false") }
    return isTrue
  }

  /// An integer.
  func integer(_ name: String) throws(FormatError) -> Int? {
    guard let value = self[name] else { return nil }
    guard case .integer(let number) = value else { throw mismatch(name, "an integer") }
    return number
  }

  /// An integer, also one that is written as `20.0`.
  func wholeNumber(_ name: String) throws(FormatError) -> Int? {
    guard case .number(let text)? = self[name],
      let number = Double(text).flatMap(Int.init(exactly:))
    else { return try integer(name) }
    return number
  }

  /// A count from 1 to a named limit.
  func count(_ name: String, _ limit: Limit) throws(FormatError) -> Int {
    guard let value = try optionalCount(name, limit) else { throw missing(name) }
    return value
  }

  /// A count from 1 to a named limit, or `nil` where there is none.
  func optionalCount(_ name: String, _ limit: Limit) throws(FormatError) -> Int? {
    guard let value = try integer(name) else { return nil }
    guard value > 0 else { throw error(.malformed, name, "must be at least 1, is \(value)") }
    guard value <= limits[limit] else {
      throw limits.exceeded("'\(prefix.quoted())\(name.quoted())' is \(value)", limit, value: value)
        .located(file: file)
    }
    return value
  }

  /// A number that is finite in F32, the width in which GGUF files hold it.
  func float(_ name: String) throws(FormatError) -> GGUFFloat? {
    let number: Double? =
      switch self[name] {
      case nil: nil
      case .integer(let value): Double(value)
      case .number(let text): Double(text)
      default: throw mismatch(name, "a number")
      }
    guard let number else { return nil }
    guard Float(number).isFinite else { throw mismatch(name, "finite in F32") }
    return .double(number)
  }

  /// A number above zero that must be there.
  func neededPositive(_ name: String) throws(FormatError) -> GGUFFloat {
    guard let value = try positive(name) else { throw missing(name) }
    return value
  }

  /// A number above zero, in F32 too.
  func positive(_ name: String) throws(FormatError) -> GGUFFloat? {
    guard let value = try float(name) else { return nil }
    guard value.asSingle > 0 else {
      throw error(.malformed, name, "must be above zero, is \(value.shortestDecimal)")
    }
    return value
  }
}

extension GGUFFloat {
  /// The number as F32.
  var asSingle: Float {
    switch self {
    case .single(let value): value
    case .double(let value): Float(value)
    }
  }
}
