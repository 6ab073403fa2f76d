import Testing

@testable import Formats

/// The broken files through a real pipe into the program, which may compute for a second or two and,
/// where the system keeps such a limit, take 64 MiB beyond what a sound file takes.
@Suite("Broken files through a pipe", .enabled(if: BuiltProgram.path != nil))
struct HostilePipeTests {
  /// Kilobytes that are enough for a sound file: it takes less than half of them.
  private static let soundData = 16 << 10
  private static let limits = "ulimit -t 2; \(limit(soundData + 64 << 10))"

  /// Sanitizers take what they need, and that is much.
  private static func limit(_ kilobytes: Int) -> String {
    #"grep -qa '__[at]san_init' "$P" || ulimit -d \#(kilobytes) 2>/dev/null"#
  }

  @Test func everyFileEndsAsItShould() async throws {
    let folder = try TemporaryFolder()
    var cases: [HostileCase] = []
    for example in HostileCorpus.files {
      guard let bytes = example.file, bytes.count < 1 << 20 else { continue }
      try folder.write("file-\(cases.count)", bytes)
      cases.append(example)
    }
    #expect(cases.count > 200)
    try await BuiltProgram.run(
      """
      \(Self.limits)
      i=0; while [ $i -lt \(cases.count) ]; do
        cat file-$i | "$P" inspect - >said-$i 2>error-$i; echo $? >status-$i
        if [ $((i % 4)) = 0 ]; then
          cat file-$i | "$P" convert - --to gguf -o out >/dev/null 2>&1; echo $? >converted-$i
        fi
        i=$((i + 1))
      done
      """, in: folder)
    for (number, example) in cases.enumerated() {
      let status = try folder.text("status-\(number)")
      let text = try folder.text("error-\(number)")
      // A fault that only the end of the stream shows is none of a header.
      let expected = ["65\n"] + (Self.isBehindTheHeader(example) ? ["0\n"] : [])
      #expect(expected.contains(status), "\(example.name) '\(example.said)': \(status)\(text)")
      #expect(
        status == "0\n" || text.hasPrefix("bonsai-fmt: ") && text.split(separator: "\n").count == 1,
        "\(example.name): \(text)")
      guard number % 4 == 0 else { continue }
      let converted = try folder.text("converted-\(number)")
      #expect(converted == "65\n", "\(example.name) '\(example.said)', converted: \(converted)")
    }
    #expect(try folder.names.contains { $0 == "out" || $0.hasPrefix(".out") } == false)
  }

  private static func isBehindTheHeader(_ example: HostileCase) -> Bool {
    example.code == .truncated || example.said.hasSuffix("follow the data")
  }

  /// What is sound gets by with so little that the limit above leaves broken files 64 MiB more.
  @Test func soundFilesKeepTo() async throws {
    let folder = try TemporaryFolder()
    for name in ["q1_0.gguf", "f16.gguf"] { try folder.copyFixture("micro/\(name)", as: name) }
    try await BuiltProgram.run(
      """
      \(Self.limit(Self.soundData))
      for f in *.gguf; do cat $f | "$P" inspect - >/dev/null 2>&1; echo $? >>status; done
      """, in: folder)
    #expect(try folder.text("status") == "0\n0\n")
  }
}
