import Foundation

/// The program as it was built, run as a user runs it: outside a terminal, 80 columns, no colours.
enum Tool {
  struct Result {
    /// As a shell has it: 128 + n after signal n.
    let status: Int32
    let output: String
    let errors: String
  }

  static let path: String = {
    // The test bundle and the program are built into one folder.
    let bundles = Bundle.allBundles.map(\.bundlePath).filter { $0.hasSuffix(".xctest") }
    let places = [CommandLine.arguments[0]] + bundles
    let candidates = places.map {
      URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("bonsai-fmt").path
    }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "bonsai-fmt"
  }()

  static func run(
    _ arguments: [String], in folder: URL, columns: Int? = nil,
    environment: [String: String] = [:], whileRunning: (Process) -> Void = { _ in }
  ) throws -> Result {
    try run(
      path, arguments, in: folder, columns: columns, environment: environment,
      whileRunning: whileRunning)
  }

  /// - Parameter whileRunning: What happens to the program once it has been started.
  static func run(
    _ program: String, _ arguments: [String], in folder: URL, columns: Int? = nil,
    environment: [String: String] = [:], whileRunning: (Process) -> Void = { _ in }
  ) throws -> Result {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    if let columns { process.environment?["COLUMNS"] = String(columns) }
    // Files, not pipes: nobody has to read two of them at once.
    let place = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    let streams = ["output", "errors"].map { place.appendingPathComponent($0) }
    for stream in streams { try Data().write(to: stream) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: streams[0])
    process.standardError = try FileHandle(forWritingTo: streams[1])
    try process.run()
    whileRunning(process)
    process.waitUntilExit()
    let texts = try streams.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    let base: Int32 = process.terminationReason == .uncaughtSignal ? 128 : 0
    return Result(
      status: base + process.terminationStatus, output: texts[0], errors: texts[1])
  }
}
