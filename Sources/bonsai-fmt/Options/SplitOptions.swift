import ArgumentParser
import Formats

/// How a GGUF is cut into several files; named as llama.cpp's tools name it.
struct SplitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "For a GGUF: make a directory of files NAME-00001-of-0000N.gguf, NAME that of the output, "
        + "with at most so many bytes of tensor data each: 2G, 500M, ...", valueName: "size"))
  var splitMaxSize: String?

  @Option(help: ArgumentHelp("The same with at most so many tensors each.", valueName: "n"))
  var splitMaxTensors: Int?

  var isGiven: Bool { splitMaxSize != nil || splitMaxTensors != nil }

  func check(_ target: ConversionTarget) throws {
    guard target.isGGUF || !isGiven else {
      throw ValidationError(
        "--split-max-size and --split-max-tensors belong to GGUF; the others have --shard-size.")
    }
    guard splitMaxTensors ?? 1 > 0 else {
      throw ValidationError("--split-max-tensors must be 1 or more.")
    }
  }

  /// `nil` for one file.
  func limits() throws(FormatError) -> GGUFSplitLimits? {
    guard isGiven else { return nil }
    var limits = GGUFSplitLimits(tensorCount: splitMaxTensors)
    if let splitMaxSize { limits.byteCount = try ByteSize(parsing: splitMaxSize).byteCount }
    return limits
  }
}
