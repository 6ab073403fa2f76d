import Foundation
import Testing

/// How commands end that are told to, or that nobody listens to.
@Suite("Signals", .timeLimit(.minutes(20))) struct SignalTests {
  private static func fixture(_ name: String) -> String {
    Snapshot.fixtures.appendingPathComponent(name).path
  }

  /// What conversions write is more than a pipe holds, so that its end meets a closed one.
  private static let talkative = [
    "inspect '\(fixture("vocab/ggml-vocab-qwen2.gguf"))' --json",
    "inspect '\(fixture("vocab/ggml-vocab-qwen2.gguf"))' --metadata",
    "convert '\(fixture("micro/awq"))' --to gguf-f16 -o -",
    "convert '\(fixture("micro/awq"))' --to gguf-f16 -o - --compress zstd",
    "convert - --to gguf-f16 -o - < '\(fixture("micro/q1_0.gguf"))'",
  ]

  /// Quietly, with the status of a program that SIGPIPE has ended, and without a trace.
  @Test(arguments: talkative, ["head -c 1", "sleep 0"])
  func brokenPipe(command: String, reader: String) throws {
    let folder = try WorkFolder()
    // A reader that is gone before the first byte is as good as one that has seen enough.
    let wait = reader == "sleep 0" ? "sleep 0.3; " : ""
    let script = "(\(wait)'\(Tool.path)' \(command) 2>errors; echo $? >status) | \(reader)"
    _ = try Tool.run("/bin/sh", ["-c", script], in: folder.url)
    let isShort = command.hasPrefix("inspect") && reader != "sleep 0"
    #expect(try (isShort ? ["0\n", "141\n"] : ["141\n"]).contains(folder.text("status")))
    #expect(try folder.text("errors") == "")
    #expect(try folder.names == ["errors", "status"])
  }

  /// The output is there, and that nobody wants to hear of it is no failure.
  @Test(arguments: [
    "convert '\(fixture("micro/q1_0.gguf"))' --to awq -o out",
    "pack '\(fixture("micro/mlx"))' -o out --json",
  ])
  func nobodyListens(command: String) throws {
    let folder = try WorkFolder()
    let script = "(sleep 0.3; '\(Tool.path)' \(command) 2>errors; echo $? >status) | sleep 0"
    _ = try Tool.run("/bin/sh", ["-c", script], in: folder.url)
    #expect(try folder.text("status") == "0\n")
    #expect(try folder.text("errors") == "")
    #expect(try folder.names == ["errors", "out", "status"])
  }

  /// `timeout` tells a program and then its group, and leaves nothing behind either.
  @Test(arguments: ["12+", "40+", "90+"]) func aSignalThatComesTwiceAtOnce(fault: String) throws {
    let folder = try WorkFolder()
    let result = try Tool.run(
      ["convert", Self.fixture("micro/q1_0.gguf"), "--to", "awq", "-o", "out"], in: folder.url,
      environment: ["BONSAI_FMT_FAULT": "signal:\(SIGTERM)@\(fault)"])
    #expect(result.status == 128 + SIGTERM)
    #expect(try folder.names == [])
  }

  @Test func standardInputIsNotReplaced() throws {
    let folder = try WorkFolder()
    let script = """
      cp '\(Self.fixture("micro/q1_0.gguf"))' in.gguf
      '\(Tool.path)' convert - --to gguf -o in.gguf --force <in.gguf 2>errors; echo $? >status
      cmp '\(Self.fixture("micro/q1_0.gguf"))' in.gguf >>errors
      """
    _ = try Tool.run("/bin/sh", ["-c", script], in: folder.url)
    #expect(try folder.text("status") == "64\n")
    #expect(try folder.text("errors") == "bonsai-fmt: in.gguf: the output is the input\n")
  }

  /// The commands that only read, with one signal before a call, and with one before each from there
  /// on: the second ends a run at once.
  @Test(
    arguments: [
      ["validate", "in"], ["fingerprint", "in"], ["verify", "in", "in"], ["diff", "in", "in"],
      ["convert", "in", "--to", "awq", "-o", "out", "--dry-run", "--scan"],
    ], [SIGINT, SIGTERM, SIGHUP])
  func reading(arguments: [String], number: Int32) throws {
    let folder = try WorkFolder()
    let input = folder.url.appendingPathComponent("in")
    try FileManager.default.copyItem(atPath: Self.fixture("micro/q1_0.gguf"), toPath: input.path)
    let bytes = try Data(contentsOf: input)
    var stopped = 0
    for fault in ["1", "9+", "17", "25+", "40", "55+"] {
      let result = try Tool.run(
        arguments, in: folder.url,
        environment: ["BONSAI_FMT_FAULT": "signal:\(number)@\(fault)"])
      #expect([0, 128 + number].contains(result.status), "\(fault): \(result.status)")
      #expect(result.errors == "", "\(fault)")
      stopped += result.status == 0 ? 0 : 1
    }
    #expect(stopped > 0)
    #expect(try folder.names == ["in"])
    #expect(try Data(contentsOf: input) == bytes)
  }

  /// Packing and unpacking, likewise: one signal leaves nothing, two leave what the next run removes.
  @Test(arguments: ["pack", "unpack"], [SIGINT, SIGTERM, SIGHUP])
  func packing(command: String, number: Int32) throws {
    let packed = try WorkFolder()
    let input = packed.url.appendingPathComponent("in.zst").path
    _ = try Tool.run(["pack", Self.fixture("micro/mlx"), "-o", input], in: packed.url)
    let folder = try RunFolder(
      [command, "in", "-o", "out", "--threads", "1"],
      input: command == "pack" ? "micro/mlx" : input)
    var stopped = 0
    for fault in ["1", "20", "45", "70", "20+", "45+", "70+"] {
      let result = try folder.run(fault: "signal:\(number)@\(fault)")
      let isDead = result.status == 128 + number
      #expect(isDead || result.status == 0, "\(fault): \(result.status)")
      #expect(result.status == 0 || result.errors == "", "\(fault)")
      let isKilled = isDead && fault.hasSuffix("+")
      var faults = try folder.faults(after: result, wasKilled: isKilled)
      if isDead { faults += try folder.faultsOfTheNext(cleaning: number == SIGINT) }
      #expect(faults == [], "\(command), \(fault)")
      stopped += isDead ? 1 : 0
      try folder.reset()
    }
    #expect(stopped > 2)
  }
}
