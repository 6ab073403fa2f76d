@testable import Formats

/// The command line as it was built beside these tests.
enum BuiltProgram {
  static let path: String? = {
    // The test bundle and the program are built into one folder.
    for argument in CommandLine.arguments {
      guard let bundle = argument.firstRange(of: ".xctest") else { continue }
      let folder = Paths.parent(of: String(argument[..<bundle.lowerBound]))
      let path = Paths.join(folder, "bonsai-fmt")
      if (try? SystemCalls.status(path)) != nil { return path }
    }
    return nil
  }()

  /// Runs a shell's script in a folder, in which `$P` is the program.
  static func run(_ script: String, in folder: TemporaryFolder) async throws {
    let program = path ?? "bonsai-fmt"
    _ = try await ChildProcess.run([
      "/bin/sh", "-c", "P='\(program)'; cd '\(folder.path)' || exit 9\n\(script)\nexit 0",
    ])
  }
}
