import Foundation

/// A folder with an input, `in`, in which runs that come to harm make `out`.
final class RunFolder {
  let url: URL
  let arguments: [String]
  /// What a run without harm makes.
  let new: [String: Data]
  private let old: URL?
  private let input: [String: Data]

  /// - Parameters:
  ///   - input: A path, or a fixture.
  ///   - old: What `out` is before, from the fixtures, if anything.
  init(_ arguments: [String], input: String, over old: String? = nil) throws {
    self.arguments = arguments + (old == nil ? [] : ["--force"])
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("bonsai-fmt-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let place =
      input.hasPrefix("/")
      ? URL(fileURLWithPath: input) : Snapshot.fixtures.appendingPathComponent(input)
    try FileManager.default.copyItem(at: place, to: url.appendingPathComponent("in"))
    self.old = old.map { Snapshot.fixtures.appendingPathComponent($0) }
    let result = try Tool.run(self.arguments, in: url)
    guard result.status == 0 else { throw Failure(text: result.errors) }
    new = try Self.tree(url.appendingPathComponent("out"))
    self.input = try Self.tree(url.appendingPathComponent("in"))
    try reset()
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  struct Failure: Error { let text: String }

  /// Makes it as it was before the run.
  func reset() throws {
    for name in try names where name != "in" {
      try FileManager.default.removeItem(at: url.appendingPathComponent(name))
    }
    if let old { try FileManager.default.copyItem(at: old, to: url.appendingPathComponent("out")) }
  }

  func run(
    fault: String? = nil, whileRunning: (Program) -> Void = { _ in }
  ) throws -> Tool.Result {
    try Tool.run(
      arguments, in: url, environment: fault.map { ["BONSAI_FMT_FAULT": $0] } ?? [:],
      whileRunning: whileRunning)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }

  var isNew: Bool { get throws { try Self.tree(url.appendingPathComponent("out")) == new } }

  private var isOld: Bool {
    get throws {
      let out = try Self.tree(url.appendingPathComponent("out"))
      return try old.map { try Self.tree($0) == out } ?? out.isEmpty
    }
  }

  /// What is wrong after a run, by the invariants of Specs/reliability.md §3.
  ///
  /// - Parameter wasKilled: Whether the run had no chance to remove its traces.
  func faults(after result: Tool.Result, wasKilled: Bool) throws -> [String] {
    var faults: [String] = []
    if try Self.tree(url.appendingPathComponent("in")) != input { faults.append("I1: input") }
    let (isNew, isOld) = try (isNew, isOld)
    let isAside = try wasKilled && !isNew && names.contains(".out.bonsai-fmt-partial-old")
    if !isNew && !isOld && !isAside { faults.append("I2, I3: neither old nor new") }
    if !wasKilled, isNew != (result.status == 0) { faults.append("I4: status \(result.status)") }
    let leftovers = try names.filter { $0 != "in" && $0 != "out" }
    if leftovers.contains(where: { !wasKilled || !$0.hasPrefix(".out.bonsai-fmt-partial") }) {
      faults.append("I5: left \(leftovers)")
    }
    return faults
  }

  /// What is wrong when the next thing to happen is `clean`, or the same run once more.
  func faultsOfTheNext(cleaning: Bool) throws -> [String] {
    if cleaning {
      let result = try Tool.run(["clean", "."], in: url)
      let isClean = try names.allSatisfy { !$0.hasPrefix(".") } && (isNew || isOld)
      return isClean && result.status == 0 ? [] : ["clean: \(result.errors)\(try names)"]
    }
    // What exists already, and is whole, is not written again.
    if old == nil, try isNew { return [] }
    let result = try run()
    let isGood = try result.status == 0 && isNew && names == ["in", "out"]
    return isGood ? [] : ["the next run: \(result.errors)\(try names)"]
  }

  /// The bytes of all files below a place, by path.
  private static func tree(_ url: URL) throws -> [String: Data] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) else {
      return [:]
    }
    guard isDirectory.boolValue else { return ["": try Data(contentsOf: url)] }
    var files: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: url.path) {
      files[name] = try Data(contentsOf: url.appendingPathComponent(name))
    }
    return files
  }
}
