@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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

  /// Writes a file of three bytes whose name is not UTF-8.
  func writeNamelessFile(in name: String) throws {
    let path = Array("\(self(name))/x".utf8CString.dropLast()) + [CChar(bitPattern: 0xFF), 0]
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    _ = pwrite(descriptor, "abc", 3, 0)
    close(descriptor)
  }

  private static func remove(_ path: String) throws {
    try SystemCalls.removeTree(path)
  }
}
