import ArgumentParser
import Formats

/// Options of every command that moves tensors.
struct RunningOptions: ParsableArguments {
  @Option(help: "Threads that work at once; by default one for each processor.")
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The most memory to take: with less, fewer threads work on smaller pieces. By default 128MiB, "
        + "and what the window of a zstd file without a seek table takes.",
      valueName: "size"))
  var maxMemory: String?

  @Flag(name: .shortAndLong, help: "Print only errors and what was asked for.")
  var quiet = false

  func budget() throws(FormatError) -> RunBudget {
    let memory = try maxMemory.map { (text) throws(FormatError) in
      try ByteSize(parsing: text).byteCount
    }
    return RunBudget(width: try width(), memoryByteCount: memory)
  }

  private func width() throws(FormatError) -> Int {
    guard let threads else { return Console.processorCount }
    guard (1...1024).contains(threads) else {
      throw FormatError(.usage, "--threads must be 1 to 1024, is \(threads)")
    }
    return threads
  }
}
