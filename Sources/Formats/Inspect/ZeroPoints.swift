/// The zero points of AWQ weights, from the first groups alone: whether they are all 8, as in 1-bit
/// models, shows there, and reading all of them would be reading a part of the data. Where nothing can
/// be read but front to back, even that would be too much.
enum ZeroPoints {
  private static let tensorCount = 1024
  private static let byteCount = 4096

  static func sample(_ model: Model) throws(FormatError) -> [Int] {
    // Of a stream only the header is read.
    guard !model.isPassing else { return [] }
    var found: Set<Int> = []
    for tensor in model.tensors.lazy.filter({ $0.layout.isAWQ }).prefix(tensorCount) {
      let zeros = tensor.parts[1]
      guard model.files[zeros.file].source.access != .forward else { continue }
      let rowByteCount = (zeros.info.shape.last ?? 0) * 4
      let count = min(rowByteCount, byteCount, zeros.info.range.count)
      let start = zeros.info.range.lowerBound
      for byte in try model.files[zeros.file].source.bytes(start..<start + count) {
        found.insert(Int(byte & 0xF))
        found.insert(Int(byte >> 4))
      }
    }
    return found.sorted()
  }
}

extension Layout {
  /// Whether it is AWQ's triple, in groups of any size.
  var isAWQ: Bool {
    parts.count == 3 && parts.map(\.suffix) == ["qweight", "qzeros", "scales"]
  }
}
