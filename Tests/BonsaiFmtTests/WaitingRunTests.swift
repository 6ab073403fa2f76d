import Foundation
import Testing

/// Runs that wait for another program, which neither reads nor writes: who stops them need not wait too.
@Suite("Signals to runs that wait", .timeLimit(.minutes(20))) struct WaitingRunTests {
  private static func fixture(_ name: String) -> String {
    Snapshot.fixtures.appendingPathComponent(name).path
  }

  private static let writing = [
    ["convert", fixture("micro/awq"), "--to", "gguf-f16", "-o", "-"],
    ["convert", fixture("micro/awq"), "--to", "gguf-f16", "-o", "-", "--threads", "3"],
    ["convert", fixture("micro/awq"), "--to", "gguf", "-o", "-", "--compress", "zstd"],
    ["sample", "--shape", "micro", "--seed", "1", "-o", "-"],
    ["inspect", fixture("micro/q1_0.gguf")],
    ["diff", fixture("micro/q1_0.gguf"), fixture("micro-tied-edge/q1_0.gguf")],
    ["verify", fixture("micro/q1_0.gguf"), fixture("micro/awq")],
    ["validate", fixture("micro/q1_0.gguf")], ["fingerprint", fixture("micro/q1_0.gguf")],
    ["convert", fixture("micro/awq"), "--to", "gguf", "-o", "out", "--dry-run"],
  ]

  @Test(arguments: writing, [SIGINT, SIGTERM])
  func nobodyReads(arguments: [String], number: Int32) throws {
    let folder = try WorkFolder()
    let output = try PipeEnds(isFull: true)
    let (status, errors) = try Self.run(
      arguments, in: folder, output: output.writingEnd
    ) { $0.send(number) }
    #expect(status == 128 + number)
    #expect(errors == "")
    #expect(try folder.names == ["errors"])
  }

  private static let reading = [
    ["inspect", "-"], ["convert", "-", "--to", "awq", "-o", "out"],
    ["convert", "-", "--to", "gguf-f16", "-o", "-"],
    ["convert", "-", "--to", "awq", "-o", "out", "--dry-run"],
  ]

  @Test(arguments: reading, [SIGINT, SIGTERM])
  func nobodyWrites(arguments: [String], number: Int32) throws {
    let folder = try WorkFolder()
    let input = try PipeEnds(isFull: false)
    let (status, errors) = try Self.run(
      arguments, in: folder, input: input.readingEnd
    ) { $0.send(number) }
    #expect(status == 128 + number)
    #expect(errors == "")
    #expect(try folder.names == ["errors"])
  }

  /// The output is there: that is what the status says, though the report on it is given up.
  @Test(arguments: [
    ["convert", fixture("micro/q1_0.gguf"), "--to", "awq", "-o", "out"],
    ["pack", fixture("micro/q1_0.gguf"), "-o", "out"],
  ])
  func nobodyReadsTheReport(arguments: [String]) throws {
    let folder = try WorkFolder()
    let output = try PipeEnds(isFull: true)
    let (status, errors) = try Self.run(
      arguments, in: folder, output: output.writingEnd
    ) { program in
      for _ in 0..<1000 where (try? folder.names.contains("out")) != true { usleep(20_000) }
      program.send(SIGINT)
    }
    #expect(status == 0)
    #expect(errors == "")
    #expect(try folder.names == ["errors", "out"])
  }

  /// A pipe whose other end takes its time, and then reads all.
  @Test func aSlowReaderGetsAll() throws {
    let folder = try WorkFolder()
    let input = Self.fixture("micro/awq")
    let script = """
      '\(Tool.path)' convert '\(input)' --to gguf-f16 -o - 2>errors | \
      (sleep 1; head -c 70000; sleep 0.3; cat) >stream
      '\(Tool.path)' convert '\(input)' --to gguf-f16 -o whole --quiet && cmp stream whole
      """
    let result = try Tool.run("/bin/sh", ["-c", script], in: folder.url)
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  private static func run(
    _ arguments: [String], in folder: WorkFolder, input: Int32? = nil, output: Int32? = nil,
    _ stop: (Program) -> Void
  ) throws -> (status: Int32, errors: String) {
    let errors = open(
      folder.url.appendingPathComponent("errors").path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { [errors, null].forEach { close($0) } }
    let program = try Program(
      starting: Tool.path, arguments, in: folder.url, environment: [:],
      streams: [input ?? null, output ?? null, errors])
    // Until it waits; a signal that comes sooner has to stop it as well.
    usleep(1_000_000)
    stop(program)
    return (try program.end(within: 30).status, try folder.text("errors"))
  }
}

/// Both ends of a pipe, which programs inherit only where they are told to.
private final class PipeEnds {
  let readingEnd: Int32
  let writingEnd: Int32

  /// - Parameter isFull: Whether there is no room in it.
  init(isFull: Bool) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw Program.Failure(text: "no pipe") }
    (readingEnd, writingEnd) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    guard isFull else { return }
    _ = fcntl(writingEnd, F_SETFL, O_NONBLOCK)
    while write(writingEnd, [UInt8](repeating: 0, count: 4096), 4096) > 0 {}
    _ = fcntl(writingEnd, F_SETFL, 0)
  }

  deinit { [readingEnd, writingEnd].forEach { close($0) } }
}
