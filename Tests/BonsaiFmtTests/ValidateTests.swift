import Foundation
import Testing

@Suite struct ValidateTests {
  private let fixture = Snapshot.fixtures.appendingPathComponent("micro/q1_0.gguf")

  /// Runs `body` in a folder that holds this as `model.gguf`.
  private func with(_ data: Data, _ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try data.write(to: folder.appendingPathComponent("model.gguf"))
    try body(folder)
  }

  @Test(arguments: [
    ([], 0), (["--fail-on", "error"], 0), (["--fail-on", "warning"], 1),
    (["--fail-on", "warning", "--json"], 1), (["--fail-on", "warning", "--quiet"], 1),
    (["--fail-on", "note"], 64),
  ])
  func aWarningFailsWhereItIsAskedFor(options: [String], status: Int) throws {
    try with(Data(contentsOf: fixture) + Data(count: 64)) { folder in
      let result = try Tool.run(["validate", "model.gguf"] + options, in: folder)
      #expect(result.status == Int32(status))
      #expect(result.output.contains("GGUF024") == (status != 64 && !options.contains("--quiet")))
      #expect(result.errors.isEmpty == (status != 64))
    }
  }

  @Test func textOfAFileCannotSteerATerminal() throws {
    var data = try Data(contentsOf: fixture)
    let hostile = Data("\u{1b}[2J\u{7}\u{1b}]0;x".utf8)
    while let range = data.range(of: Data("attn_q.weight".utf8)) {
      data.replaceSubrange(range, with: hostile + Data(repeating: 0x21, count: 13 - hostile.count))
    }
    try with(data) { folder in
      for options in [[], ["--json"]] {
        let result = try Tool.run(["validate", "model.gguf"] + options, in: folder)
        #expect(result.status == 1)
        #expect(result.output.contains("CFG012"))
        let isTame = result.output.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }
        #expect(isTame, "\(options)")
      }
    }
  }
}
