import Foundation
import Testing

/// What memory held before never reaches an output. Where the C library is told to fill what it hands
/// out, outputs are the same whatever it fills it with.
@Suite("Memory that was not written is not read") struct DirtyMemoryTests {
  @Test(arguments: [
    ["convert", "micro/q1_0.gguf", "--to", "awq"], ["convert", "micro/q1_0.gguf", "--to", "mlx"],
    ["convert", "micro/q1_0.gguf", "--to", "fp16", "--shard-size", "200KB"],
    ["convert", "micro/q1_0.gguf", "--to", "gguf-f16"],
    ["convert", "micro/awq", "--to", "gguf"], ["convert", "micro-tied-edge/mlx", "--to", "gguf"],
    ["convert", "micro/fp16", "--to", "gguf", "--split-max-tensors", "5"],
    ["convert", "micro/fp16", "--to", "awq", "--compress", "zstd"],
    ["convert", "micro-tied-edge/fp16", "--to", "gguf", "--max-memory", "64MiB"],
    ["pack", "micro/mlx"], ["sample", "--shape", "micro", "--seed", "3"],
  ])
  func outputs(arguments: [String]) throws {
    let folder = try WorkFolder()
    for (name, filling) in [("out-1", "0"), ("out-2", "85"), ("out-3", "170")] {
      let output = folder.url.appendingPathComponent(name).appendingPathComponent("out")
      try FileManager.default.createDirectory(
        at: output.deletingLastPathComponent(), withIntermediateDirectories: true)
      let result = try Tool.run(
        arguments + ["-o", output.path], in: Snapshot.fixtures,
        environment: ["MALLOC_PERTURB_": filling])
      #expect(result.status == 0, "\(result.errors)")
    }
    let compared = try Tool.run(
      "/bin/sh", ["-c", "diff -rq out-1 out-2 && diff -rq out-1 out-3"], in: folder.url)
    #expect(compared.status == 0, "\(compared.output)")
  }
}
