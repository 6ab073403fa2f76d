import Foundation
import Testing

/// What is written for a header stays in proportion to it: one long name is no width for all rows.
@Suite("One long name among many short ones") struct LongNameOutputTests {
  private static let count = 2000

  @Test(arguments: [[], ["--tensors"], ["--tensors", "--parts"]]) func tensors(options: [String])
    throws
  {
    let long = String(repeating: "x", count: 20_000)
    let entry = #"{"dtype":"U8","shape":[0],"data_offsets":[0,0]}"#
    let names = [long] + (0..<Self.count).map { "n" + String($0, radix: 36) }
    let text = "{" + names.map { "\"\($0)\":\(entry)" }.joined(separator: ",") + "}"
    let output = try inspect(Self.word(text.utf8.count) + Array(text.utf8), options)
    // Nothing is shortened without a terminal.
    #expect(output.contains("  \(long)  "))
    #expect(output.utf8.count < long.utf8.count + Self.count * 300)
  }

  /// What is escaped of a key can be 1,200 columns long.
  @Test func metadata() throws {
    let long = String(repeating: "\u{1b}", count: 200)
    let keys = [long] + (0..<Self.count).map { "k" + String($0, radix: 36) }
    var bytes = Array("GGUF".utf8) + [3, 0, 0, 0] + Self.word(0) + Self.word(keys.count)
    for key in keys { bytes += Self.word(key.utf8.count) + Array(key.utf8) + [0, 0, 0, 0, 1] }
    let output = try inspect(bytes, ["--metadata"])
    #expect(output.contains(String(repeating: "\\u{1b}", count: 200)))
    #expect(output.utf8.count < Self.count * 300)
  }

  private func inspect(_ bytes: [UInt8], _ options: [String]) throws -> String {
    let folder = try WorkFolder()
    try Data(bytes).write(to: folder.url.appendingPathComponent("model"))
    let result = try Tool.run(["inspect", "model"] + options, in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    return result.output
  }

  private static func word(_ number: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(number).littleEndian) { Array($0) }
  }
}
