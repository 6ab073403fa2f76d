@testable import Formats

/// The places in the sources where a refusal is made, and what each of them says: the literal parts
/// of the message, in their order.
struct RefusalSite: Hashable, CustomStringConvertible {
  let file: String
  /// The text between interpolations.
  let parts: [String]

  var description: String { "\(file): \(parts.joined(separator: "…"))" }

  /// Whether a message can have come from here.
  func fits(_ message: String) -> Bool {
    var rest = Substring(message)
    for part in parts {
      guard let range = rest.firstRange(of: part) else { return false }
      rest = rest[range.upperBound...]
    }
    return true
  }

  /// Calls that make an error of what is wrong with an input. Codes of other errors are left out.
  private static let calls = [
    "FormatError", "error", "needed", "exceeded", "exceededInWriting", "mismatch", "missing",
    "refusal", "unknown", "needsFile",
  ]
  private static let otherCodes = [
    ".usage", ".io", ".exists", ".locked", ".proofFailed", ".cancelled",
  ]

  static func all() throws -> [RefusalSite] {
    var sites: Set<RefusalSite> = []
    let folder = Fixture.folder + "/../../Sources/Formats"
    // Checks of a validation refuse nothing; its own tests hold them.
    for (path, text) in try swiftFiles(in: folder) where !path.contains("/Validate/") {
      var scanner = SourceScanner(text)
      while let call = scanner.nextCall(of: calls) {
        guard !otherCodes.contains(where: call.arguments.hasPrefix) else { continue }
        for literal in SourceScanner.literals(in: call.arguments) {
          let parts = literal.filter { !$0.isEmpty }
          // Too little to tell one message from another.
          guard parts.joined().filter(\.isLetter).count > 7 else { continue }
          sites.insert(RefusalSite(file: Paths.name(of: path), parts: parts))
        }
      }
    }
    return sites.sorted { $0.description < $1.description }
  }

  /// Files with errors whose text is made elsewhere than in the call, so that nobody looks after it.
  static func filesWithOtherTexts() throws -> [String] {
    let folder = Fixture.folder + "/../../Sources/Formats"
    return try swiftFiles(in: folder).compactMap { path, text in
      guard !path.contains("/Validate/") else { return nil }
      var scanner = SourceScanner(text)
      while let call = scanner.nextCall(of: ["FormatError"]) {
        guard call.arguments.hasPrefix("."), !otherCodes.contains(where: call.arguments.hasPrefix),
          !call.arguments.contains("\"")
        else { continue }
        return Paths.name(of: path)
      }
      return nil
    }.sorted()
  }

  private static func swiftFiles(in folder: String) throws -> [(String, String)] {
    try SystemCalls.list(folder).flatMap { name -> [(String, String)] in
      let path = Paths.join(folder, name)
      if try SystemCalls.status(path)?.isDirectory == true { return try swiftFiles(in: path) }
      guard name.hasSuffix(".swift") else { return [] }
      let source = try FileSource(path: path)
      let bytes = try source.bytes(0..<(source.byteCount ?? 0))
      return [(path, String(decoding: bytes, as: UTF8.self))]
    }
  }
}

/// Finds calls and string literals in Swift, as far as these sources need it.
struct SourceScanner {
  private let text: [Character]
  private var position = 0

  init(_ text: String) {
    // Comments hold no calls; no literal here has two slashes.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    self.text = Array(
      lines.map { line in line.firstRange(of: "//").map { line[..<$0.lowerBound] } ?? line }
        .joined(separator: "\n"))
  }

  /// The next call of one of these functions, or initializers.
  mutating func nextCall(of names: [String]) -> (name: String, arguments: String)? {
    while position < text.count {
      guard text[position] == "(" else {
        position += 1
        continue
      }
      var start = position
      while start > 0, text[start - 1].isLetter { start -= 1 }
      let name = String(text[start..<position])
      position += 1
      let before = String(text[max(0, start - 7)..<start])
      guard names.contains(name), !before.hasSuffix("throws("), !before.hasSuffix("func ") else {
        continue
      }
      let end = Self.end(of: text, from: position)
      let arguments = String(text[position..<end])
      return (name, String(arguments.drop(while: \.isWhitespace)))
    }
    return nil
  }

  /// Where the parenthesis that was opened before `start` is closed.
  private static func end(of text: [Character], from start: Int) -> Int {
    var (position, depth) = (start, 1)
    while position < text.count {
      switch text[position] {
      case "(": depth += 1
      case ")":
        depth -= 1
        if depth == 0 { return position }
      case "\"": position = literal(in: text, from: position + 1).end - 1
      default: break
      }
      position += 1
    }
    return position
  }

  /// The string literals, those joined by `+` as one, each as its parts between interpolations.
  static func literals(in arguments: String) -> [[String]] {
    let text = Array(arguments)
    var result: [[String]] = []
    var position = 0
    var isJoined = false
    while position < text.count {
      guard text[position] == "\"" else {
        if !text[position].isWhitespace { isJoined = text[position] == "+" }
        position += 1
        continue
      }
      let (parts, end) = literal(in: text, from: position + 1)
      if isJoined, let last = result.indices.last {
        result[last][result[last].count - 1] += parts[0]
        result[last] += parts.dropFirst()
      } else {
        result.append(parts)
      }
      isJoined = false
      position = end
    }
    return result
  }

  /// - Returns: The parts, and the position behind the closing quote.
  private static func literal(
    in text: [Character], from start: Int
  ) -> (parts: [String], end: Int) {
    var (parts, position) = ([""], start)
    while position < text.count, text[position] != "\"" {
      if text[position] != "\\" {
        parts[parts.count - 1].append(text[position])
        position += 1
      } else if text[position + 1] == "(" {
        position = end(of: text, from: position + 2) + 1
        parts.append("")
      } else {
        parts[parts.count - 1].append(text[position + 1])
        position += 2
      }
    }
    return (parts, position + 1)
  }
}
