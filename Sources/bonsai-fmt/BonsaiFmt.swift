import ArgumentParser
import Formats

@main
struct BonsaiFmt: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bonsai-fmt",
    abstract: "Changes the format of model weights without changing their values.",
    discussion: """
      Examples:
        bonsai-fmt inspect model.gguf
        bonsai-fmt convert model.gguf --to awq -o model-awq
        bonsai-fmt sample --shape 1.7b --seed 1 -o sample.gguf

      Exit status:
        0  done, and durable
        1  the answer is no
        64 the command line makes no sense
        65 the input is malformed, or not supported
        66 there is no such input
        70 a bug of this program, or a proof that failed
        73 the output exists, is being written by another run, or cannot be made
        74 reading or writing failed
        128 + n  stopped by signal n
      """,
    version: "0.1.0",
    subcommands: [
      Inspect.self, Validate.self, Explain.self, Convert.self, Verify.self, Diff.self,
      Fingerprint.self, Graph.self,
      Pack.self, Unpack.self, Clean.self, Sample.self, Bench.self, RunEdge.self,
    ]
  )

  static func main() async {
    Console.start()
    #if DEBUG
      await FaultInjection.bound(perform)
    #else
      await perform()
    #endif
  }

  private static func perform() async {
    do {
      try checkArguments()
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      try Console.out.flush()
    } catch {
      finish(with: error)
    }
  }

  /// Paths are text here. One that is no UTF-8 arrives repaired, as the path of something else.
  private static func checkArguments() throws(FormatError) {
    // On Linux they come from there, and the program's own name is the first of them.
    guard !CommandLine.arguments.isEmpty else {
      throw FormatError(.io, "the arguments cannot be read").located(file: "/proc/self/cmdline")
    }
    guard let repaired = SystemCalls.firstRepairedArgument else { return }
    throw FormatError(.usage, "the argument '\(repaired)' is not UTF-8")
  }

  /// Says what went wrong and leaves with the status that belongs to it.
  private static func finish(with error: any Error) -> Never {
    if let error = error as? FormatError {
      if Console.isBrokenPipe(error) { Console.leave(Console.brokenPipeStatus) }
      if error.code == .cancelled, let signal = Interruption.signal { Console.leave(128 + signal) }
      Console.error.say("bonsai-fmt: \(error.description)")
      Console.leave(error.exitStatus)
    }
    if let code = error as? ExitCode {
      // The command ran and its answer is "no" (status 1): write out what it said.
      do {
        try Console.out.flush()
      } catch  where error.code == .cancelled {
        finish(with: error)
      } catch {
        // A reader that has seen enough, most likely, and the status says it too.
      }
      Console.leave(code.rawValue)
    }
    // Help and version come this way too, with a status of 0.
    let text = fullMessage(for: error)
    let status = exitCode(for: error).rawValue
    guard status == 0 else {
      Console.error.say(escaped(text))
      Console.leave(status)
    }
    do {
      try Console.out.write(line: text)
      try Console.out.flush()
    } catch {
      finish(with: error)
    }
    Console.leave(status)
  }

  /// A message of the parser's, which holds arguments as they were given, in lines of its own.
  private static func escaped(_ text: String) -> String {
    var text = text
    for argument in CommandLine.arguments.dropFirst() where argument.contains("\n") {
      text = text.replacing(argument, with: argument.escapedForDisplay)
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { String($0).escapedForDisplay }.joined(separator: "\n")
  }
}

extension FormatError {
  /// The status of the table in the help.
  var exitStatus: Int32 {
    switch code {
    case .usage: 64
    case .truncated, .malformed, .limit, .unsupported, .notExact: 65
    case .notFound: 66
    case .proofFailed: 70
    case .exists, .locked: 73
    case .io, .cancelled: 74
    }
  }
}
