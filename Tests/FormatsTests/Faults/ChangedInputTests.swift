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

/// An input that somebody changes before the k-th call: the error says so, or what comes out is what a
/// quiet run makes of the input, as it was or as it is now. Never of both.
///
/// By itself the suite tries some calls; with `BONSAI_FMT_FAULTS=all` all of them.
@Suite("An input that changes while it is read", .serialized, .timeLimit(.minutes(60)))
struct ChangedInputTests {
  @Test(arguments: ChangedInputScenario.all)
  func anyCall(scenario: ChangedInputScenario) async throws {
    let bench = try await ChangedInputBench(scenario)
    #expect(bench.seen.count > 1 && bench.calls.count > 10)
    var (runs, noticed) = (0, 0)
    let isFull = FaultSweepTests.isFull
    for (number, change) in InputChange.allCases.enumerated() {
      // Some of the changes at some calls: before and behind the last look, and in the middle.
      let step = scenario.isDocument ? 3 : 2
      guard isFull || (number + scenario.description.count) % step == 0 else { continue }
      let changed = try await bench.outcome(of: change)
      let calls = isFull ? Array(bench.calls.indices) : bench.edges(of: change)
      for call in calls {
        noticed += try await bench.check(change, before: call, changed) ? 1 : 0
        runs += 1
      }
    }
    #expect(noticed > runs / 4)
    if isFull {
      print("\(scenario): changed \(runs) times, \(noticed) of them noticed")
    }
  }
}

/// A scenario in a folder, with what quiet runs make of it.
struct ChangedInputBench: Sendable {
  /// How a run ends: with text and an output, or with an error.
  struct Outcome: Equatable {
    var text = ""
    var output: [String: [UInt8]]?
    var error: FormatError?
  }

  let scenario: ChangedInputScenario
  let calls: [(call: SystemCalls.Call, path: String)]
  private let folder: TemporaryFolder
  private let quiet: Outcome

  init(_ scenario: ChangedInputScenario) async throws {
    self.scenario = scenario
    // Nothing here is about disks, and there are many runs.
    let isInMemory = try SystemCalls.status("/dev/shm")?.isDirectory == true
    folder = try TemporaryFolder(in: isInMemory ? "/dev/shm" : nil)
    let record = Mutex<[(SystemCalls.Call, String)]>([])
    try await Self.prepare(scenario, folder)
    quiet = await Self.run(scenario, folder) { call, path in
      record.withLock { $0.append((call, path)) }
    }
    calls = record.withLock { $0.map { (call: $0.0, path: $0.1) } }
    if let error = quiet.error { throw error }
  }

  /// The calls at which the file is opened, and looked at.
  var seen: [Int] {
    calls.indices.filter {
      calls[$0].path == folder(scenario.file) && [.open, .fstat, .stat].contains(calls[$0].call)
    }
  }

  private func last(_ kinds: [SystemCalls.Call]) -> Int {
    seen.last { kinds.contains(calls[$0].call) } ?? -1
  }

  /// Behind this call the file has been opened, for good, and its size is known.
  private var opened: Int {
    let open = last([.open])
    return seen.first { $0 > open && calls[$0].call == .fstat } ?? open
  }

  private func look(_ change: InputChange) -> SystemCalls.Call {
    scenario.isDocument ? .stat : change.look
  }

  func edges(of change: InputChange) -> [Int] {
    let look = last([look(change)])
    return [opened, (opened + look) / 2 + 1, look, look + 1].filter(calls.indices.contains)
  }

  /// What a quiet run makes of the input after a change.
  func outcome(of change: InputChange) async throws -> Outcome {
    try await Self.prepare(scenario, folder)
    change.happen(to: folder(scenario.file), aside: folder("aside"))
    return await Self.run(scenario, folder) { _, _ in }
  }

  /// Runs, and changes the input before a call.
  ///
  /// - Returns: Whether that was noticed.
  func check(
    _ change: InputChange, before number: Int, _ changed: Outcome
  ) async throws -> Bool {
    try await Self.prepare(scenario, folder)
    let count = Mutex(0)
    let (file, aside) = (folder(scenario.file), folder("aside"))
    let found = await Self.run(scenario, folder) { _, _ in
      let isNow = count.withLock { count in
        defer { count += 1 }
        return count == number
      }
      if isNow { change.happen(to: file, aside: aside) }
    }
    let place = "\(scenario), \(change) before call \(number + 1): \(calls[number])"
    let isNoticed =
      found.error?.code == .io && found.error?.message.contains("while it was read") == true
    if number <= opened {
      // What was listed and is gone when it is opened has been missed, where a quiet run does without.
      let isMissed = scenario.isDocument && change == .removed && found.error?.code == .notFound
      let isAlike =
        isMissed
        || (found.error == nil
          ? found == changed : changed.error != nil && found.error?.code != .proofFailed)
      #expect(isNoticed || isAlike, "\(place): \(found.error?.description ?? "another output")")
    } else if number <= last([look(change)]) {
      #expect(isNoticed, "\(place): \(found.error?.description ?? "accepted")")
    } else {
      #expect(found == quiet, "\(place): \(found.error?.description ?? "another output")")
    }
    try checkTraces(found, place)
    return isNoticed
  }

  private func checkTraces(_ found: Outcome, _ place: String) throws {
    guard let error = found.error else { return }
    #expect(found.output == nil, "\(place): an output after an error")
    #expect(!error.description.contains("\n"), "\(place)")
    let mayStay =
      ["in", "aside", "stream", "tokenizer"] + (scenario.leftover == nil ? [] : [hidden])
    let names = try folder.names.filter { !mayStay.contains($0) }
    #expect(names == [], "\(place)")
  }

  private var hidden: String { ".out.bonsai-fmt-partial" }

  private static func run(
    _ scenario: ChangedInputScenario, _ folder: TemporaryFolder,
    _ each: @escaping @Sendable (SystemCalls.Call, String) -> Void
  ) async -> Outcome {
    let interception = CallInterception { call, path in
      each(call, path)
      return .made
    }
    let text = Mutex("")
    let error = await CallInterception.$current.withValue(interception) {
      await failure {
        let found = try await scenario.run(folder)
        text.withLock { $0 = found }
      }
    }
    return Outcome(
      text: text.withLock { $0 }, output: (try? folder.tree("out")) ?? nil, error: error)
  }

  /// The folder as it was, with files that are older than the clock's last step.
  private static func prepare(
    _ scenario: ChangedInputScenario, _ folder: TemporaryFolder
  ) async throws {
    for name in try folder.names { try SystemCalls.removeTree(folder(name)) }
    try await scenario.setUp(folder)
    try folder.write("aside", folder.bytes(scenario.file))
    let old = [timespec(tv_sec: 1_000_000_000, tv_nsec: 0)]
    for name in [scenario.file, "aside"] {
      _ = utimensat(AT_FDCWD, folder(name), old + old, 0)
    }
    try await scenario.leftover?(folder)
  }
}
