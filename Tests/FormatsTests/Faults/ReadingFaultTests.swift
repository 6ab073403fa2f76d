import Synchronization
import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What remains true when a system call fails and nothing is made in a place: commands that only read, and
/// conversions to a stream.
///
/// A run gives the answer that it gives without faults, or one error; what it reads stays as it is.
@Suite("Any system call may fail while something is read", .serialized, .timeLimit(.minutes(60)))
struct ReadingFaultTests {
  @Test(arguments: ChangedInputScenario.reading + [ReadingBench.toPipe])
  func anyCall(scenario: ChangedInputScenario) async throws {
    let bench = try await ReadingBench(scenario)
    let faults = FaultPlan.faults(of: bench.calls)
    #expect(faults.count > 20)
    let isFull = FaultSweepTests.isFull
    let step = isFull ? 1 : max(faults.count / 25, 1) | 1
    var (runs, answered) = (0, 0)
    for number in stride(from: step / 2, to: faults.count, by: step) {
      runs += 1
      if try await bench.check([faults[number]]) { answered += 1 }
    }
    if isFull {
      print(
        "\(scenario): \(bench.calls.count) calls, \(runs) runs with a fault, "
          + "\(answered) of them gave the answer")
    }
  }

  @Test(arguments: ChangedInputScenario.reading + [ReadingBench.toPipe])
  func interruptionsAndShortTransfers(scenario: ChangedInputScenario) async throws {
    let bench = try await ReadingBench(scenario)
    let interruptions = bench.calls.indices.map { FaultPlan.Fault(call: 2 * $0, errno: EINTR) }
    #expect(try await bench.check(interruptions))
    #expect(try await bench.check([], otherwise: .halved))
    #expect(try await bench.check([], otherwise: .made(atMost: 1000)))
  }
}

/// A scenario in a folder, with the answer that a run without faults gives.
struct ReadingBench: Sendable {
  let scenario: ChangedInputScenario
  let calls: [SystemCalls.Call]
  private let folder: TemporaryFolder
  private let answer: String
  private let input: [String: [UInt8]]
  private let status: SystemCalls.Status?

  init(_ scenario: ChangedInputScenario) async throws {
    self.scenario = scenario
    folder = try TemporaryFolder(in: getenv("BONSAI_FMT_FAULTS_IN").map { String(cString: $0) })
    try await scenario.setUp(folder)
    input = try folder.tree("in") ?? [:]
    status = try SystemCalls.status(folder(scenario.file))
    let plan = FaultPlan()
    let (answer, error) = await Self.run(scenario, folder, plan)
    if let error { throw error }
    self.answer = answer
    calls = plan.record.calls
  }

  /// Runs with faults, and looks at what it said.
  ///
  /// - Returns: Whether it gave the answer.
  func check(
    _ faults: [FaultPlan.Fault], otherwise: CallInterception.Outcome = .made
  ) async throws -> Bool {
    try? SystemCalls.removeFile(folder("stream"))
    let plan = FaultPlan(faults) { _ in otherwise }
    let start = ContinuousClock.now
    let (said, error) = await Self.run(scenario, folder, plan)
    var wrong = error?.complaints ?? []
    if try folder.tree("in") != input || SystemCalls.status(folder(scenario.file)) != status {
      wrong.append("I1: the input was changed")
    }
    // A link that leads in a circle is what the input is like, and nothing that failed: `validate` finds it.
    let isCircle = faults.contains { $0.errno == ELOOP } && said.contains("leads back to itself")
    if error == nil, said != answer, !isCircle { wrong.append("another answer: \(said)") }
    if let error, error.code != .io, error.errno != ELOOP { wrong.append("\(error.code)") }
    if let error, try SystemCalls.status(folder("stream"))?.byteCount ?? 0 > 0 {
      if !error.message.contains("is incomplete") { wrong.append("it is incomplete") }
    }
    if try folder.names.contains(where: { !["in", "stream"].contains($0) }) {
      wrong.append("I5: left \(try folder.names)")
    }
    if ContinuousClock.now - start > .seconds(100) { wrong.append("I7: took more than 100 s") }
    let fault = faults.count == 1 ? "\(faults[0]): \(calls[faults[0].call])" : "\(otherwise)"
    #expect(wrong == [], "\(scenario), \(fault): \(wrong); it said: \(error?.description ?? said)")
    return error == nil
  }

  private static func run(
    _ scenario: ChangedInputScenario, _ folder: TemporaryFolder, _ plan: FaultPlan
  ) async -> (String, FormatError?) {
    let text = Mutex("")
    let error = await plan {
      let found = try await scenario.run(folder)
      text.withLock { $0 = found }
    }
    return (text.withLock { $0 }, error)
  }

  /// Where a stream can keep its writer waiting.
  static let toPipe = ChangedInputScenario(
    description: "a GGUF to a pipe", setUp: ChangedInputScenario.standardOutput.setUp,
    file: ChangedInputScenario.standardOutput.file
  ) { folder in
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw FormatError(.io, "no pipe") }
    let (readingEnd, writingEnd) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    async let received = resultOffPool { Digest(of: all(of: readingEnd)).hex }
    let error = await failure {
      var options = ConversionOptions()
      options.budget.width = 1
      let conversion = try Conversion(
        of: Model(opening: folder("in")), to: .gguf, options: options)
      _ = try await conversion.run(toDescriptor: writingEnd, name: "pipe")
    }
    _ = close(writingEnd)
    let digest = try await received.get()
    if let error { throw error }
    return digest
  }

  private static func all(of descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &piece, piece.count)
      guard count > 0 else { break }
      bytes += piece[..<count]
    }
    _ = close(descriptor)
    return bytes
  }
}
