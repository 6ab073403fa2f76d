import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A scenario in a folder, with what a run without faults makes of it.
struct FaultBench: Sendable {
  let scenario: FaultScenario
  let folder: TemporaryFolder
  /// The calls of a run without faults.
  let calls: [SystemCalls.Call]
  private let input: [String: [UInt8]]
  private let inputStatus: [SystemCalls.Status]
  private let old: [String: [UInt8]]?
  private let new: [String: [UInt8]]

  init(_ scenario: FaultScenario) async throws {
    self.scenario = scenario
    folder = try TemporaryFolder(in: getenv("BONSAI_FMT_FAULTS_IN").map { String(cString: $0) })
    try scenario.setUp(folder)
    input = try folder.tree("in") ?? [:]
    inputStatus = try Self.statuses(folder)
    try scenario.old?(folder, "out")
    old = try folder.tree("out")
    let plan = scenario.plan()
    if let error = await plan({ [folder] in try await scenario.run(folder, folder("out")) }) {
      throw error
    }
    calls = plan.record.calls
    new = try folder.tree("out") ?? [:]
    try SystemCalls.removeTree(folder("out"))
  }

  private static func statuses(_ folder: TemporaryFolder) throws -> [SystemCalls.Status] {
    let names = try folder.tree("in")?.keys.sorted() ?? []
    return try names.compactMap {
      try SystemCalls.status(folder($0.isEmpty ? "in" : "in/\($0)"))
    }
  }

  /// Runs with faults, and looks at what is there afterwards.
  ///
  /// - Parameter maySpoilCleanup: Whether the faults also meet what removes the traces.
  /// - Returns: What was called, and whether it went well.
  @discardableResult
  func check(
    _ faults: [FaultPlan.Fault], maySpoilCleanup: Bool,
    otherwise outcome: CallInterception.Outcome? = nil, _ comment: @autoclosure () -> String
  ) async throws -> (record: FaultPlan.Record, succeeded: Bool) {
    try scenario.old?(folder, "out")
    let plan =
      outcome.map { outcome in FaultPlan(otherwise: { _ in outcome }) } ?? scenario.plan(faults)
    let start = ContinuousClock.now
    let error = await plan { [folder] in try await scenario.run(folder, folder("out")) }
    let record = plan.record
    var wrong = try traces(
      after: error, mayLeave: maySpoilCleanup || error == nil && record.hasStruckTheOld)
    // Some milliseconds by itself; beside all other tests on a busy machine more than 30 s have been seen.
    if ContinuousClock.now - start > .seconds(100) { wrong.append("I7: took more than 100 s") }
    if error != nil, maySpoilCleanup { wrong += try await rerun() }
    for name in try folder.names where name != "in" { try SystemCalls.removeTree(folder(name)) }
    let said = error?.description ?? "nothing"
    #expect(wrong == [], "\(scenario), \(comment()): \(wrong); it said: \(said)")
    return (record, error == nil)
  }

  /// What is wrong, by the invariants of Specs/reliability.md §3.
  private func traces(
    after error: FormatError?, mayLeave: Bool
  ) throws -> [String] {
    var faults: [String] = []
    if try folder.tree("in") ?? [:] != input || Self.statuses(folder) != inputStatus {
      faults.append("I1: the input was changed")
    }
    let out = try folder.tree("out")
    let isNew = out == new
    let isOld = out == old
    // Where nothing can be exchanged, and bringing back the old fails too, it waits and is said to.
    let waits = error?.message.contains("waits as") == true && out == nil && mayLeave
    let isAside = try waits && folder.tree(".out.bonsai-fmt-partial-old") == old
    if !isNew && !isOld && !isAside {
      faults.append("I2, I3: the output is neither old nor new")
    }
    let saysComplete = error?.message.hasPrefix("the output is complete") == true
    let isUncertain = saysComplete && isNew
    if (error == nil) != isNew, !isUncertain { faults.append("I4: \(isNew ? "new" : "not new")") }
    let leftovers = try folder.names.filter { $0 != "in" && $0 != "out" }
    let mayLeave = mayLeave || scenario.keepsFinished || isUncertain && old != nil
    if !mayLeave, !leftovers.isEmpty { faults.append("I5: left \(leftovers)") }
    if leftovers.contains(where: { OutputPlaces(hiddenName: $0, in: "") == nil }) {
      faults.append("I5: left \(leftovers)")
    }
    if let error { faults += error.complaints }
    return faults
  }

  /// The next run makes the output, and removes what the one before has left.
  private func rerun() async throws -> [String] {
    if try old != nil || folder.tree("out") == nil {
      if let error = try await nextRun() { return ["the next run failed: \(error)"] }
    }
    var faults: [String] = []
    if try folder.tree("out") != new { faults.append("the next run made something else") }
    let names = try folder.names.filter { $0 != "in" }
    if names != ["out"] { faults.append("the next run left \(names)") }
    return faults
  }

  /// A child that another test is just making holds all locks until it becomes its program.
  private func nextRun() async throws -> FormatError? {
    for _ in 0..<100 {
      let plan = scenario.plan()
      let error = await plan({ try await scenario.run(folder, folder("out")) })
      guard error?.code == .locked else { return error }
      try await Task.sleep(for: .milliseconds(20))
    }
    return FormatError(.locked, "the lock is never released")
  }
}

extension FormatError {
  /// What it does not say, by the invariants of Specs/reliability.md §3.
  var complaints: [String] {
    var faults: [String] = []
    if description.contains("\n") { faults.append("I6: several lines") }
    if location.file == nil { faults.append("I6: no path") }
    if let errno, !description.contains(String(cString: strerror(errno))) {
      faults.append("I6: no reason")
    }
    return faults
  }
}
