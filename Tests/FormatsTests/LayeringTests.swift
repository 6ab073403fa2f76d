import Testing

@testable import Formats

@Suite("The rules of the source tree")
struct LayeringTests {
  /// The folders of the library; each uses only those before it.
  static let layers = [
    "Errors", "Findings", "Bytes", "Containers", "Layouts", "Model", "Convert", "Samples",
    "Benchmarks",
    "Inspect", "Validate",
  ]
  /// The only places that touch raw memory and the C library.
  static let systemFolders = ["Formats/Bytes/", "bonsai-fmt/Console/"]

  let files: [SourceFile]
  init() throws {
    files = try SourceFile.all(in: Fixture.folder + "/../../Sources")
  }

  @Test func everyFolderIsALayer() {
    let folders = Set(files.compactMap(\.layer))
    #expect(folders.subtracting(Self.layers) == [])
    #expect(files.count > 80)
  }

  @Test func layersUseOnlyThoseBelow() {
    var declared: [String: Set<Int>] = [:]
    for file in files {
      guard let rank = file.layer.flatMap(Self.layers.firstIndex(of:)) else { continue }
      for name in file.declaredTypes { declared[name, default: []].insert(rank) }
    }
    for file in files {
      guard let rank = file.layer.flatMap(Self.layers.firstIndex(of:)) else { continue }
      for name in Set(file.words) {
        // A name that a lower layer has as well, perhaps within another type, says nothing.
        guard let lowest = declared[name]?.min(), lowest > rank else { continue }
        Issue.record("\(file.path) uses \(name) of \(Self.layers[lowest])")
      }
    }
  }

  @Test func forbiddenWords() {
    let traps = ["fatalError", "precondition", "preconditionFailure", "assertionFailure", "print"]
    for file in files {
      let isSystem = Self.systemFolders.contains { file.path.contains($0) }
      for (number, line) in file.lines.enumerated() {
        let words = SourceFile.words(of: line)
        let found =
          words.filter { traps.contains($0) || ($0 == "unsafe" && !isSystem) }
          + ["try!", "as!", "@unchecked", "@preconcurrency"].filter { line.contains($0) }
          + imports(words, isSystem: isSystem)
        #expect(found == [], "\(file.path):\(number + 1)")
      }
    }
  }

  private func imports(_ words: [String], isSystem: Bool) -> [String] {
    guard let index = words.firstIndex(of: "import"), index + 1 < words.count else { return [] }
    let allowed =
      ["ArgumentParser", "Formats", "Synchronization"]
      + (isSystem
        ? ["CShims", "Crypto", "CryptoKit", "CZstd", "Darwin", "Dispatch", "Glibc", "Musl"] : [])
    return allowed.contains(words[index + 1]) ? [] : ["import \(words[index + 1])"]
  }

  @Test func filesStayShort() {
    for file in files { #expect(file.lines.count <= 400, "\(file.path)") }
    let counts = files.map(\.lines.count).sorted()
    #expect(counts[counts.count / 2] < 150)
  }

  @Test("The scanner itself")
  func scanner() {
    let lines = SourceFile.code(
      [
        #"let a = "print(\(b))" // try!"#, ##"x = #"unsafe "q" "# + y"##, #"""""#, "fatalError()",
        #"  """ + z"#, "/// `print`", #"w = "\"" + v"#,
      ])
    #expect(
      lines.flatMap(SourceFile.words(of:)) == ["let", "a", "x", "y", "z", "w", "v"])
    let file = SourceFile(
      path: "Sources/Formats/Model/A.swift",
      lines: ["public struct Outer: Sendable {", "  enum Inner {", "func notAType() {"])
    #expect(file.declaredTypes == ["Outer", "Inner"])
    #expect(file.layer == "Model")
  }
}

/// A source file without its comments and string literals.
struct SourceFile {
  let path: String
  let lines: [String]

  static func all(in folder: String) throws -> [SourceFile] {
    try SystemCalls.list(folder).flatMap { name -> [SourceFile] in
      let path = Paths.join(folder, name)
      if try SystemCalls.status(path)?.isDirectory == true { return try all(in: path) }
      guard name.hasSuffix(".swift") else { return [] }
      let source = try FileSource(path: path)
      let text = String(decoding: try source.bytes(0..<(source.byteCount ?? 0)), as: UTF8.self)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return [SourceFile(path: path, lines: code(lines.map(String.init)))]
    }
  }

  /// The folder within the library.
  var layer: String? {
    let parts = path.split(separator: "/")
    guard let index = parts.lastIndex(of: "Formats"), index + 2 < parts.count else { return nil }
    return String(parts[index + 1])
  }

  var words: [String] { lines.flatMap(Self.words(of:)) }

  /// Types that are declared here, also within others.
  var declaredTypes: [String] {
    let keywords: Set = ["struct", "class", "enum", "protocol", "actor", "typealias"]
    return lines.flatMap { line -> [String] in
      let words = Self.words(of: line)
      guard !words.contains("private"), !words.contains("fileprivate") else { return [] }
      guard let index = words.firstIndex(where: keywords.contains), index + 1 < words.count
      else { return [] }
      return words[index + 1].first?.isUppercase == true ? [words[index + 1]] : []
    }
  }

  static func words(of line: String) -> [String] {
    line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }

  /// Blanks comments and string literals, interpolations with them.
  static func code(_ lines: [String]) -> [String] {
    var isInText = false
    return lines.map { line in
      var rest = Substring(line)
      var result = ""
      while !rest.isEmpty {
        if isInText {
          guard let end = rest.firstRange(of: "\"\"\"") else { return result }
          rest = rest[end.upperBound...]
          isInText = false
        } else if rest.hasPrefix("//") {
          return result
        } else if rest.hasPrefix("\"\"\"") {
          isInText = true
          rest = rest.dropFirst(3)
        } else if rest.hasPrefix("#\"") {
          rest = rest.dropFirst(2)
          guard let end = rest.firstRange(of: "\"#") else { return result }
          rest = rest[end.upperBound...]
        } else if rest.first == "\"" {
          rest = afterString(rest.dropFirst())
        } else {
          result.append(rest.removeFirst())
        }
      }
      return result
    }
  }

  private static func afterString(_ text: Substring) -> Substring {
    var rest = text
    while let character = rest.popFirst() {
      if character == "\\" { rest = rest.dropFirst() }
      if character == "\"" { break }
    }
    return rest
  }
}
