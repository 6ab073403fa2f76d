import Formats

/// All that another loader needs: `Loader PATH...` prints a checksum of every tensor, read row by row
/// in layouts of our choice, whatever the layout of the file.
@main
struct Loader {
  static func main() throws(FormatError) {
    for path in CommandLine.arguments.dropFirst() { try list(Model(opening: path)) }
  }

  static func list(_ model: Model) throws(FormatError) {
    let named = model.tensors.map { tensor in
      (name: NameTable.qwen3.huggingFaceName(gguf: tensor.name) ?? tensor.name, tensor: tensor)
    }
    for (name, tensor) in named.sorted(by: { $0.name < $1.name }) {
      let layouts: [Layout] = tensor.shape.count == 2 ? [.f16, .q1_0] : [.f16]
      for layout in layouts {
        let sum = try checksum(of: tensor, in: model, as: layout)
        print(name, tensor.shape, layout.name, String(sum, radix: 16))
      }
    }
  }

  /// FNV-1a over the rows, 64 of them in memory at a time.
  static func checksum(
    of tensor: Tensor, in model: Model, as layout: Layout
  ) throws(FormatError) -> UInt64 {
    let matrix = tensor.matrix
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    for start in stride(from: 0, to: matrix.rows, by: 64) {
      let rows = start..<min(start + 64, matrix.rows)
      let tile = MatrixShape(rows: rows.count, columns: matrix.columns)
      var buffer = [UInt8](repeating: 0, count: layout.byteCount(of: tile))
      var bytes = buffer.mutableSpan
      try model.read(tensor, rows: rows, as: layout, into: &bytes)
      for byte in buffer { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    return sum
  }
}
