import Testing

@testable import Formats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What remains true when a system call of `clean` fails: outputs are whole, what was put aside is not
/// lost, what is said is what was done, and the next `clean` does the rest.
@Suite("Any system call of clean may fail", .serialized, .timeLimit(.minutes(20)))
struct CleaningFaultTests {
  private static let hidden = ".bonsai-fmt-partial"
  private static let aside = ".bonsai-fmt-partial-old"
  /// As it is without anything to clean, and afterwards.
  private static let clean = ["lost", "other", "replaced"]

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder(in: getenv("BONSAI_FMT_FAULTS_IN").map { String(cString: $0) })
  }

  /// A directory and a file that dead runs have left; one output that has lost its name, and one that was
  /// replaced; and one that is whole.
  private func setUp() throws {
    for name in try folder.names { try SystemCalls.removeTree(folder(name)) }
    for name in [".a" + Self.hidden, ".lost" + Self.aside, "other", "replaced"] {
      try folder.makeFolder(name)
      for file in ["config.json", "weights"] { try folder.write("\(name)/\(file)", [1, 2]) }
    }
    try folder.makeFolder(".a\(Self.hidden)/inner")
    try folder.write(".a\(Self.hidden)/inner/file", [3])
    try folder.write(".b" + Self.hidden, [4])
    try folder.makeFolder(".replaced" + Self.aside)
    try folder.write(".replaced\(Self.aside)/config.json", [5])
  }

  private static let whole: [String: [UInt8]] = ["config.json": [1, 2], "weights": [1, 2]]

  @Test(arguments: [false, true]) func anyCall(isPlain: Bool) async throws {
    let otherwise: @Sendable (SystemCalls.Call) -> CallInterception.Outcome = {
      isPlain && $0 == .renameExclusive ? .failed(EINVAL) : .made
    }
    try setUp()
    let quiet = FaultPlan(otherwise: otherwise)
    #expect(await quiet { _ = try Cleaning(folder.path)() } == nil)
    #expect(try folder.names == Self.clean)
    let faults = FaultPlan.faults(of: quiet.record.calls)
    let step = FaultSweepTests.isFull ? 1 : 7
    var (runs, undone) = (0, 0)
    for number in stride(from: 0, to: faults.count, by: step) {
      try setUp()
      let plan = FaultPlan([faults[number]], otherwise: otherwise)
      var leftovers: [Cleaning.Leftover] = []
      let error = await plan { leftovers = try Cleaning(folder.path)() }
      var wrong = try traces(leftovers, error)
      runs += 1
      undone += try folder.names == Self.clean ? 0 : 1
      try cleanAgain()
      if try folder.names != Self.clean { wrong.append("the next left \(try folder.names)") }
      if try folder.tree("lost") != Self.whole { wrong.append("lost") }
      let call = quiet.record.calls[faults[number].call]
      #expect(wrong == [], "\(faults[number]): \(call): \(wrong)")
    }
    if FaultSweepTests.isFull {
      print("clean: \(quiet.record.calls.count) calls, \(runs) runs, \(undone) left something")
    }
  }

  /// Programs that other tests start have, until they begin, what this process has open and locked.
  private func cleanAgain() throws {
    for _ in 0..<100 {
      let leftovers = try Cleaning(folder.path)()
      guard leftovers.contains(where: { $0.fate == .inUse }) else { return }
      usleep(10_000)
    }
  }

  private func traces(
    _ leftovers: [Cleaning.Leftover], _ error: FormatError?
  ) throws -> [String] {
    var wrong = (leftovers.compactMap(\.error) + [error].compactMap(\.self)).flatMap(\.complaints)
    for name in ["other", "replaced"] where try folder.tree(name) != Self.whole {
      wrong.append("I2: \(name)")
    }
    let places = try [folder.tree("lost"), folder.tree(".lost" + Self.aside)]
    if places.filter({ $0 == Self.whole }).count != 1 { wrong.append("I3: the old is lost") }
    for leftover in leftovers {
      let isThere = try folder.names.contains(leftover.name)
      let isDone = [.removed, .broughtBack].contains(leftover.fate)
      if isDone, isThere { wrong.append("I4: \(leftover.name) is there") }
      if !isDone, leftover.error == nil, leftover.fate != .inUse {
        wrong.append("I6: \(leftover.name), no error")
      }
    }
    let isSilent = error == nil && leftovers.allSatisfy { $0.error == nil }
    if isSilent, try folder.names != Self.clean { wrong.append("I4: left \(try folder.names)") }
    let isKnown = try folder.names.allSatisfy {
      Self.clean.contains($0) || OutputPlaces(hiddenName: $0, in: "") != nil
    }
    if !isKnown { wrong.append("I5: \(try folder.names)") }
    return wrong
  }

  @Test func dryRunsChangeNothing() async throws {
    try setUp()
    let before = try folder.names
    let quiet = FaultPlan()
    _ = await quiet { _ = try Cleaning(folder.path)(isDryRun: true) }
    let faults = FaultPlan.faults(of: quiet.record.calls)
    for number in stride(from: 0, to: faults.count, by: FaultSweepTests.isFull ? 1 : 7) {
      let plan = FaultPlan([faults[number]])
      _ = await plan { _ = try Cleaning(folder.path)(isDryRun: true) }
      #expect(try folder.names == before, "\(faults[number])")
    }
  }
}
