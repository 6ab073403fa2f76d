import Foundation

/// The program as it was built, run as a user runs it: outside a terminal, 80 columns, no colours.
enum Tool {
  struct Result {
    /// As a shell has it: 128 + n after signal n.
    let status: Int32
    /// Whether it was a signal that ended it, rather than the program itself.
    var isKilled = false
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
    environment: [String: String] = [:], whileRunning: (Program) -> Void = { _ in }
  ) throws -> Result {
    try run(
      path, arguments, in: folder, columns: columns, environment: environment,
      whileRunning: whileRunning)
  }

  /// - Parameter whileRunning: What happens to the program once it has been started.
  static func run(
    _ program: String, _ arguments: [String], in folder: URL, columns: Int? = nil,
    environment: [String: String] = [:], whileRunning: (Program) -> Void = { _ in }
  ) throws -> Result {
    // Files, not pipes: nobody has to read two of them at once.
    let place = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: place) }
    let files = ["output", "errors"].map { place.appendingPathComponent($0) }
    let streams =
      [open("/dev/null", O_RDONLY | O_CLOEXEC)]
      + files.map { open($0.path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) }
    defer { streams.forEach { close($0) } }
    var settings = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    if let columns { settings["COLUMNS"] = String(columns) }
    let running = try Program(
      starting: program, arguments, in: folder, environment: settings, streams: streams)
    whileRunning(running)
    let (status, isKilled) = try running.end()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Result(status: status, isKilled: isKilled, output: texts[0], errors: texts[1])
  }
}
