import ArgumentParser
import Formats

struct Pack: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compress a model with zstd, so that it still can be read anywhere.",
    discussion: """
      The output is in zstd's seekable format: 'zstd -d' reads it, and so does every command here,
      without unpacking it. Of a directory the files that hold tensors are compressed, the others
      are copied. What was written is decompressed and compared before it gets its name.
      """)

  @Argument(help: "A GGUF file, a safetensors file or a model directory.")
  var input: String

  @Option(help: "1, the fastest, to 22, the smallest.")
  var level = 3

  @OptionGroup var options: PackingOptions

  func validate() throws { try PathArgument.check(input) }

  func run() async throws {
    try await options.run(
      input, .pack(level: level),
      proof: "proven: decompressed again and equal to the source, byte for byte")
  }
}
