import Foundation
import Testing

/// Small damaged files, each read by a program of its own: the system ends it after a second of the
/// processor's time, and beyond 64 MiB. The other sweeps try every byte, in one process.
@Suite(
  "What a damaged file takes",
  .disabled(if: Sanitizer.isWatching, "a sanitizer takes more memory than the limit allows"))
struct SweepBudgetTests {
  @Test(arguments: [
    "gguf/every-le", "gguf/every-be", "safetensors/dense", "safetensors/awq", "zstd/seekable",
  ])
  func damagedFiles(seed: String) throws {
    let folder = try WorkFolder()
    let fixture = Snapshot.fixtures.appendingPathComponent("../Fuzz/corpus/\(seed)")
    let bytes = try Data(contentsOf: fixture)
    // Some 12 places of the header, each damaged in four ways, and as many cuts.
    let headerByteCount = min(bytes.count, 1400)
    for place in stride(from: 0, to: headerByteCount, by: max(headerByteCount / 12, 1)) {
      for (way, value) in [0, 0xFF, bytes[place] ^ 1, bytes[place] ^ 0x80].enumerated() {
        var damaged = bytes
        damaged[place] = value
        try damaged.write(to: folder.url.appendingPathComponent("\(place)-\(way)"))
      }
      try bytes.prefix(place).write(to: folder.url.appendingPathComponent("\(place)-cut"))
    }
    try read(folder)
  }

  /// Counts as large as they may be, of things that are not there.
  @Test func claims() throws {
    let folder = try WorkFolder()
    let most = [0, 0, 0x10, 0, 0, 0, 0, 0] as [UInt8]
    let none = [UInt8](repeating: 0, count: 8)
    for (number, counts) in [most + most, most + none, none + most].enumerated() {
      let bytes = Data("GGUF".utf8) + [3, 0, 0, 0] + counts
      try bytes.write(to: folder.url.appendingPathComponent("\(number)"))
    }
    try read(folder)
  }

  /// Reads the files of a folder, as files and as streams.
  private func read(_ folder: WorkFolder) throws {
    let script = """
      ulimit -d 65536 && ulimit -t 1
      for file in *; do
        for command in inspect "validate --profile llama.cpp --threads 1"; do
          "$0" $command "$file" >/dev/null 2>&1
          status=$?
          case $status in 0|1|65) ;; *) echo "$command $file: $status" ;; esac
        done
        cat "$file" | "$0" inspect - >/dev/null 2>&1
        status=$?
        case $status in 0|65) ;; *) echo "stream $file: $status" ;; esac
      done
      """
    let result = try Tool.run("/bin/sh", ["-c", script, Tool.path], in: folder.url)
    #expect(result.output == "")
    #expect(result.errors == "")
  }
}
