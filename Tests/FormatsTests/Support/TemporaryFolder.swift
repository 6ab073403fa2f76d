@testable import Formats

/// A folder that a test has for itself, and that goes away with it.
final class TemporaryFolder: Sendable {
  let path: String

  init(in parent: String? = nil) throws {
    let number = String(UInt64.random(in: .min ... .max), radix: 36)
    path = (parent ?? "/tmp") + "/bonsai-fmt-tests-\(number)"
    try SystemCalls.makeDirectory(path)
  }

  deinit { try? Self.remove(path) }

  func callAsFunction(_ name: String) -> String { Paths.join(path, name) }

  /// The names in it, hidden ones as well.
  var names: [String] { get throws { try SystemCalls.list(path) } }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = try OutputFile(creating: self(name), byteCount: bytes.count)
    try file.write(bytes, at: 0)
    try file.seal()
    return self(name)
  }

  @discardableResult
  func makeFolder(_ name: String) throws -> String {
    try SystemCalls.makeDirectory(self(name))
    return self(name)
  }

  func bytes(_ name: String) throws -> [UInt8] {
    let source = try FileSource(path: self(name))
    return try source.bytes(0..<(source.byteCount ?? 0))
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  private static func remove(_ path: String) throws {
    guard let status = try SystemCalls.linkStatus(path) else { return }
    guard status.isDirectory else { return try SystemCalls.removeFile(path) }
    for name in try SystemCalls.list(path) { try remove(Paths.join(path, name)) }
    try SystemCalls.removeDirectory(path)
  }
}
