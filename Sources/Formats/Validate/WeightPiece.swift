/// What is read of a tensor's weights at a time: all its parts side by side, or, where they lie in a
/// file that goes by once, one part by itself.
struct WeightPiece: Sendable {
  /// The tensor's place in the list of those that are looked at.
  let number: Int
  /// Which part, or `nil` for all of them together.
  let part: Int?
  /// What is read.
  let stored: Tensor

  /// A tensor as a whole.
  init(_ number: Int, _ tensor: Tensor) {
    self.number = number
    part = nil
    stored = tensor
  }

  /// One part of a tensor, as a tensor of its own.
  init(_ number: Int, _ tensor: Tensor, part: Int) {
    self.number = number
    self.part = part
    let own = tensor.layout.parts[part]
    stored = Tensor(
      name: tensor.name, shape: tensor.shape,
      layout: Layout("\(tensor.layout.name) \(own.suffix)", parts: [own]),
      parts: [tensor.parts[part]])
  }

  /// The pieces of tensors: their parts by themselves where one of them lies in one of `passing`, and of
  /// those whose words mean nothing here the scales.
  static func all(of tensors: [Tensor], passing: Set<Int>) -> [WeightPiece] {
    tensors.enumerated().flatMap { number, tensor -> [WeightPiece] in
      guard WeightCounts.isKnown(tensor.layout) else {
        return tensor.layout.scaleParts.map { WeightPiece(number, tensor, part: $0) }
      }
      guard tensor.parts.count > 1, tensor.parts.contains(where: { passing.contains($0.file) })
      else { return [WeightPiece(number, tensor)] }
      return tensor.parts.indices.map { WeightPiece(number, tensor, part: $0) }
    }
  }

  /// The file that holds it; of several parts the first one's.
  var file: Int { stored.parts.first?.file ?? 0 }

  /// Where a piece that is one run of bytes lies in its file.
  var range: Range<Int> { stored.parts.first?.info.range ?? 0..<0 }

  /// Brings bytes of a big-endian file into the machine's order.
  ///
  /// - Throws: `unsupported` where nobody knows how, whatever the bytes.
  func swapBytesIfBigEndian(_ bytes: inout [UInt8]) throws(FormatError) {
    guard let part = stored.parts.first, part.isBigEndian else { return }
    try locating(tensor: stored.name) { () throws(FormatError) in
      try GGUFByteOrder.swap(&bytes, of: part.info.type)
    }
  }

  /// It is read as it is stored.
  var move: Move { Move(source: stored, target: stored) }
}
