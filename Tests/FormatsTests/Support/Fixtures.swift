@testable import Formats

/// The files under Tests/Fixtures; their README says who made them.
enum Fixture {
  static let folder: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/") + "/Fixtures"
  }()

  static func path(_ relative: String) -> String { folder + "/" + relative }

  static func bytes(_ relative: String) throws -> [UInt8] {
    let source = try FileSource(path: path(relative))
    return try source.bytes(0..<(source.byteCount ?? 0))
  }

  static func text(_ relative: String) throws -> String {
    String(decoding: try bytes(relative), as: UTF8.self)
  }
}
