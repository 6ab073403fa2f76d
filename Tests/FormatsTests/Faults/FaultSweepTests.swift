import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What remains true when a system call fails; Specs/reliability.md §3.
///
/// By itself the suite tries some faults; with `BONSAI_FMT_FAULTS=all` in the environment all of them,
/// and then it prints the figures.
@Suite("Any system call may fail", .serialized, .timeLimit(.minutes(120)))
struct FaultSweepTests {
  static let isFull = getenv("BONSAI_FMT_FAULTS").map { String(cString: $0) == "all" } ?? false
  static let runsOfACommand = 10

  @Test("Any fault of an output", arguments: FaultScenario.transactions)
  func anyFault(scenario: FaultScenario) async throws {
    let bench = try await FaultBench(scenario)
    let faults = FaultPlan.faults(of: bench.calls)
    let step = Self.isFull ? 1 : 3
    try await sweep(bench, stride(from: 0, to: faults.count, by: step).map { faults[$0] })
  }

  @Test("A fault of a command", arguments: FaultScenario.commands)
  func anyCall(scenario: FaultScenario) async throws {
    let bench = try await FaultBench(scenario)
    let faults = FaultPlan.faults(of: bench.calls)
    // An odd step meets calls of all kinds, and all ways to fail.
    let step = Self.isFull ? 1 : max(faults.count / Self.runsOfACommand, 1) | 1
    try await sweep(bench, stride(from: step / 2, to: faults.count, by: step).map { faults[$0] })
  }

  private func sweep(_ bench: FaultBench, _ faults: [FaultPlan.Fault]) async throws {
    var survived = 0
    for fault in faults {
      let (record, succeeded) = try await bench.check(
        [fault], maySpoilCleanup: fault.isLasting, "\(fault)")
      #expect(!record.struck.isEmpty, "\(bench.scenario), \(fault): the call was not made")
      if succeeded { survived += 1 }
    }
    guard Self.isFull else { return }
    print(
      "\(bench.scenario): \(bench.calls.count) calls, \(faults.count) runs with a fault, "
        + "\(survived) of them made the output")
  }

  @Test("Two faults of an output", arguments: FaultScenario.transactions)
  func anyTwoFaults(scenario: FaultScenario) async throws {
    let bench = try await FaultBench(scenario)
    var count = 0
    for call in stride(from: 0, to: bench.calls.count, by: Self.isFull ? 1 : 9) {
      count += try await duringCleanup(bench, after: FaultPlan.Fault(call: call, errno: EIO))
    }
    if Self.isFull { print("\(scenario): \(count) runs with two faults") }
  }

  @Test("A fault, and another one while its traces are removed", arguments: FaultScenario.commands)
  func duringCleanup(scenario: FaultScenario) async throws {
    guard Self.isFull else { return }
    let bench = try await FaultBench(scenario)
    var count = 0
    for call in bench.calls.indices where bench.calls[call] == .fsync {
      count += try await duringCleanup(bench, after: FaultPlan.Fault(call: call, errno: EIO))
    }
    print("\(scenario): \(count) runs with a fault during cleanup")
  }

  private func duringCleanup(
    _ bench: FaultBench, after first: FaultPlan.Fault
  ) async throws -> Int {
    let length = try await bench.check(
      [first], maySpoilCleanup: false, "\(first)"
    ).record.calls.count
    guard first.call + 1 < length else { return 1 }
    for second in first.call + 1..<length {
      let fault = FaultPlan.Fault(call: second, errno: EACCES)
      try await bench.check([first, fault], maySpoilCleanup: true, "\(first), then \(fault)")
    }
    return length - first.call
  }

  /// Network file systems do what they are asked, and say that they have not.
  @Test("A rename that is made and fails", arguments: FaultScenario.transactions)
  func lostAnswers(scenario: FaultScenario) async throws {
    let bench = try await FaultBench(scenario)
    let kinds: Set<SystemCalls.Call> =
      scenario.isPlain ? [.rename] : [.renameExclusive, .renameExchange]
    let renames = bench.calls.indices.filter { kinds.contains(bench.calls[$0]) }
    let last = try #require(renames.last)
    for errno in [EIO, EEXIST, ENOENT] {
      let fault = FaultPlan.Fault(call: last, errno: errno, isMade: true)
      let (_, succeeded) = try await bench.check([fault], maySpoilCleanup: false, "\(fault)")
      #expect(succeeded)
    }
  }

  @Test("Every call is interrupted before it is made", arguments: FaultScenario.commands)
  func interruptions(scenario: FaultScenario) async throws {
    let bench = try await FaultBench(scenario)
    let faults = bench.calls.indices.map { FaultPlan.Fault(call: 2 * $0, errno: EINTR) }
    let (record, succeeded) = try await bench.check(
      faults, maySpoilCleanup: false, "interruptions")
    #expect(succeeded && record.struck.count > bench.calls.count / 2)
  }
}

@Suite("Calls that move less than they were asked to", .serialized)
struct ShortTransferTests {
  private static let outcomes: [CallInterception.Outcome] = [
    .made(atMost: 1), .made(atMost: 1000), .halved,
  ]

  @Test(arguments: FaultScenario.commands) func commands(scenario: FaultScenario) async throws {
    // A byte at a time, large outputs take their time.
    let isSmall = ["a sample", "packing a file"].contains(scenario.description)
    let outcomes = FaultSweepTests.isFull || isSmall ? Self.outcomes : [.halved]
    let bench = try await FaultBench(scenario)
    for outcome in outcomes {
      let (_, succeeded) = try await bench.check(
        [], maySpoilCleanup: false, otherwise: outcome, "\(outcome)")
      #expect(succeeded)
    }
  }
}
