import Foundation
import Testing

/// Whoever shares a folder says with the umask who may read and write what is made in it.
@Suite("Modes follow the umask") struct ModeTests {
  /// Each makes `out`; those of files first.
  private static let commands = [
    "convert '\(fixture("micro/fp16"))' --to gguf -o out --force",
    "pack '\(fixture("micro/q1_0.gguf"))' -o out --force",
    "sample --shape micro --seed 1 -o out --force",
    "convert '\(fixture("micro/q1_0.gguf"))' --to awq -o out --force",
    "convert '\(fixture("micro/q1_0.gguf"))' --to awq -o out --force --compress zstd",
    "convert '\(fixture("micro/q1_0.gguf"))' --to gguf -o out --force --split-max-tensors 9",
    "convert '\(fixture("micro/q1_0.gguf"))' --to awq -o out --force --resume",
    "pack '\(fixture("micro/mlx"))' -o out --force",
  ]

  private static func fixture(_ name: String) -> String {
    Snapshot.fixtures.appendingPathComponent(name).path
  }

  @Test(arguments: [0o022, 0o077, 0o002], commands)
  func outputs(mask: Int, command: String) throws {
    let folder = try WorkFolder()
    // The second takes the place of the first, which everybody may read and run.
    let script = """
      umask 000; '\(Tool.path)' \(command) --quiet || exit 9; chmod 777 out
      umask \(String(mask, radix: 8)); '\(Tool.path)' \(command) --quiet
      """
    let result = try Tool.run("/bin/sh", ["-c", script], in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    let out = folder.url.appendingPathComponent("out")
    var isDirectory: ObjCBool = false
    #expect(FileManager.default.fileExists(atPath: out.path, isDirectory: &isDirectory))
    #expect(try Self.mode(out) == (isDirectory.boolValue ? 0o777 : 0o666) & ~mask)
    guard isDirectory.boolValue else { return }
    let names = try FileManager.default.contentsOfDirectory(atPath: out.path)
    #expect(names.count > 1)
    for name in names {
      #expect(try Self.mode(out.appendingPathComponent(name)) == 0o666 & ~mask, "\(name)")
    }
  }

  private static func mode(_ url: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
  }
}
