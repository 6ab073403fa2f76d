import ArgumentParser
import Formats

struct Unpack: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Decompress a model that zstd compressed, whoever ran it.",
    discussion: """
      The checksums of all frames are compared, and the length with what the model's own header \
      asks for: no more than that is ever written.
      """)

  @Argument(help: "A GGUF or safetensors file in a .zst, or a directory with such files.")
  var input: String

  @OptionGroup var options: PackingOptions

  func validate() throws { try PathArgument.check(input) }

  func run() async throws {
    try await options.run(
      input, .unpack, proof: "checksums hold, and the length is that of the header")
  }
}
