import ArgumentParser
import Formats

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a model is: architecture, tensors, quantization.")

  @Argument(help: "A GGUF file, a safetensors file or a model directory.")
  var model: String

  func run() throws {
    let model = try Model(opening: model)
    for tensor in model.tensors {
      try Console.out.write(line: "\(tensor.name.escapedForDisplay) \(tensor.layout.name)")
    }
  }
}
