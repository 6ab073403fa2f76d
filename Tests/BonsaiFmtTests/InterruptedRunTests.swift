import Foundation
import Testing

/// What a run leaves that is stopped from outside; Specs/reliability.md §3.
///
/// With `BONSAI_FMT_FAULTS=all` in the environment it is stopped at every call and at 200 random
/// moments, and the figures are printed.
@Suite("Runs that are stopped", .serialized, .timeLimit(.minutes(60)))
struct InterruptedRunTests {
  static let isFull = ProcessInfo.processInfo.environment["BONSAI_FMT_FAULTS"] == "all"
  private static let convert = ["convert", "in", "-o", "out", "--threads", "1"]

  enum Scenario: String, CaseIterable {
    case directory, file, resumed, packed
    case directoryOverAnother, fileOverAnother

    func folder() throws -> RunFolder {
      let (gguf, convert) = ("micro/q1_0.gguf", InterruptedRunTests.convert)
      return switch self {
      case .directory: try RunFolder(convert + ["--to", "awq"], input: gguf)
      case .file: try RunFolder(convert + ["--to", "gguf"], input: "micro/fp16")
      case .resumed: try RunFolder(convert + ["--to", "awq", "--resume"], input: gguf)
      case .packed:
        try RunFolder(["pack", "in", "-o", "out", "--threads", "1"], input: "micro/mlx")
      case .directoryOverAnother:
        try RunFolder(convert + ["--to", "mlx"], input: gguf, over: "micro-tied-edge/mlx")
      case .fileOverAnother:
        try RunFolder(
          convert + ["--to", "gguf"], input: "micro/awq", over: "micro-tied-edge/q1_0.gguf")
      }
    }
  }

  /// Bisects for the last call, so that most runs die near the end, where outputs get their names.
  @Test("Killed before a call", arguments: Scenario.allCases)
  func killed(scenario: Scenario) throws {
    let folder = try scenario.folder()
    var (dead, alive) = (0, Self.isFull ? Int.max : 1 << 12)
    var count = 0
    while alive - dead > 1 {
      let call = Self.isFull ? dead + 1 : (dead + alive) / 2
      let result = try folder.run(fault: "signal:9@\(call)")
      let wasKilled = result.status == 128 + 9
      #expect(wasKilled || result.status == 0, "call \(call): \(result.errors)")
      var faults = try folder.faults(after: result, wasKilled: wasKilled)
      faults += try folder.faultsOfTheNext(cleaning: call % 2 == 0)
      #expect(faults == [], "\(scenario), killed before call \(call)")
      try folder.reset()
      count += 1
      if wasKilled { dead = call } else { alive = call }
    }
    #expect(dead > 20)
    if Self.isFull { print("\(scenario): killed before each of \(dead) calls, \(count) runs") }
  }

  @Test("Killed at any moment", .enabled(if: isFull))
  func killedAtRandom() throws {
    let folder = try Scenario.directoryOverAnother.folder()
    let start = ContinuousClock.now
    _ = try folder.run()
    let time = (ContinuousClock.now - start) / .seconds(1)
    var killed = 0
    for number in 0..<200 {
      try folder.reset()
      let moment = Double.random(in: 0..<1.1 * time)
      let result = try folder.run { program in
        Thread.sleep(forTimeInterval: moment)
        program.send(SIGKILL)
      }
      let wasKilled = result.status != 0
      killed += wasKilled ? 1 : 0
      var faults = try folder.faults(after: result, wasKilled: wasKilled)
      faults += try folder.faultsOfTheNext(cleaning: number % 2 == 0)
      #expect(faults == [], "killed after \(moment) s of \(time) s")
    }
    print("killed at random moments: \(killed) of 200 runs of \(time) s")
  }

  @Test("A signal before a call", arguments: [SIGINT, SIGTERM, SIGHUP])
  func signalled(number: Int32) throws {
    let folder = try Scenario.directoryOverAnother.folder()
    var (call, stopped, survived) = (Int(number), 0, 0)
    while survived < 3 {
      let result = try folder.run(fault: "signal:\(number)@\(call)")
      #expect([0, 128 + number].contains(result.status), "call \(call): \(result.errors)")
      #expect(result.status == 0 || result.errors == "")
      let faults = try folder.faults(after: result, wasKilled: false)
      #expect(
        faults == [] && !result.isKilled, "signal \(number) before call \(call): \(result)")
      if result.status == 0 { survived += 1 } else { stopped += 1 }
      try folder.reset()
      call += Self.isFull ? 1 : 37
    }
    #expect(stopped > 0)
    if Self.isFull { print("signal \(number): \(stopped) runs stopped") }
  }

  @Test("Signals before every call", arguments: [SIGINT, SIGTERM, SIGHUP])
  func signalledAgainAndAgain(number: Int32) throws {
    let folder = try Scenario.directoryOverAnother.folder()
    for call in stride(from: 1, through: 200, by: Self.isFull ? 1 : 60) {
      let result = try folder.run(fault: "signal:\(number)@\(call)+")
      let wasKilled = result.status == 128 + number
      #expect(wasKilled || result.status == 0, "call \(call): \(result.errors)")
      var faults = try folder.faults(after: result, wasKilled: wasKilled)
      faults += try folder.faultsOfTheNext(cleaning: true)
      #expect(faults == [], "signals \(number) from call \(call) on")
      try folder.reset()
    }
  }

  @Test("Two runs at once make one output") func twoAtOnce() throws {
    let folder = try Scenario.directory.folder()
    for _ in 0..<(Self.isFull ? 100 : 3) {
      let command = "'\(Tool.path)' \(folder.arguments.joined(separator: " ")) --quiet"
      let script = "\(command) & first=$!; \(command); a=$?; wait $first; echo $? $a"
      let result = try Tool.run("/bin/sh", ["-c", script], in: folder.url)
      #expect(["0 73\n", "73 0\n"].contains(result.output), "\(result.errors)")
      #expect(result.errors.contains("another run") || result.errors.contains("exists already"))
      #expect(try folder.isNew && folder.names == ["in", "out"])
      try folder.reset()
    }
  }

  /// The shell counts blocks of 512 bytes.
  @Test(
    "A limit of the size of files",
    .disabled(if: Sanitizer.isWatchingThreads, "Thread Sanitizer itself needs larger files"))
  func limitedSize() throws {
    for scenario in [Scenario.directory, .fileOverAnother, .packed] {
      let folder = try scenario.folder()
      for blocks in [0, 1, 8, 100] {
        let command = "'\(Tool.path)' \(folder.arguments.joined(separator: " "))"
        // The output of the test is a file as well.
        let script = "(ulimit -f \(blocks); \(command)) 2>&1 | cat"
        let result = try Tool.run("/bin/sh", ["-c", script], in: folder.url)
        #expect(result.output.contains("File too large"), "\(scenario), \(blocks) blocks")
        let failed = Tool.Result(status: 74, output: "", errors: "")
        #expect(try folder.faults(after: failed, wasKilled: false) == [])
      }
    }
  }

  /// The text for a closed stream must not end in a file of the output.
  @Test("Closed standard streams", arguments: [">&-", "2>&-", "<&-", "<&- >&- 2>&-"])
  func closedStreams(closing: String) throws {
    let folder = try Scenario.directory.folder()
    let command = "'\(Tool.path)' \(folder.arguments.joined(separator: " ")) \(closing)"
    let result = try Tool.run("/bin/sh", ["-c", command], in: folder.url)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try folder.faults(after: result, wasKilled: false) == [])
  }
}
