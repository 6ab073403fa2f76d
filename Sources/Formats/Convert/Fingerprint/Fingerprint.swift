/// What identifies the weights of a model, whatever layout and container hold them.
///
/// Equal for every layout of a model, different where one sign or one scale differs;
/// Specs/fingerprint.md defines it so that anybody can compute it.
public struct Fingerprint: Sendable, Hashable {
  /// What a tensor was hashed as.
  public enum Kind: String, Sendable, Hashable {
    /// Magnitudes and signs, of a matrix whose groups of 128 have one magnitude each.
    case oneBit = "1-bit"
    /// The values in F32, of everything else.
    case dense = "f32"
  }

  /// The digest of one tensor.
  public struct Tensor: Sendable, Hashable {
    /// Its Hugging Face name.
    public let name: String
    /// Its sizes, outermost first.
    public let shape: [Int]
    /// What it was hashed as.
    public let kind: Kind
    /// The digest of shape, kind and values; not of the name.
    public let digest: Digest
  }

  /// The tensors in byte order of their names, without an output matrix that repeats the embedding.
  public let tensors: [Tensor]
  /// The digest of them all.
  public let digest: Digest

  init(_ tensors: [Tensor]) {
    let embedding = tensors.first { $0.name == "model.embed_tokens.weight" }?.digest
    self.tensors = tensors.filter { $0.name != "lm_head.weight" || $0.digest != embedding }.sorted {
      $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
    }
    var bytes = Array("bonsai-fmt weights 1\n".utf8)
    bytes.append(number: self.tensors.count)
    for tensor in self.tensors {
      bytes.append(number: tensor.name.utf8.count)
      bytes += tensor.name.utf8
      bytes += tensor.digest.bytes
    }
    digest = Digest(of: bytes)
  }

  /// The number of weights that were hashed.
  public var weightCount: Int {
    tensors.reduce(0) { $0 + MatrixShape($1.shape).rows * MatrixShape($1.shape).columns }
  }
}

extension Fingerprint: CustomStringConvertible {
  /// The version of the definition and the digest: `w1:` and 64 hexadecimal digits.
  public var description: String { "w1:" + digest.hex }
}

extension Fingerprint.Tensor {
  /// The digest of a tensor whose leaves have been hashed.
  init(name: String, shape: [Int], kind: Fingerprint.Kind, leaves: [UInt8]) {
    var bytes = Array("bonsai-fmt tensor 1 \(kind.rawValue)\n".utf8)
    bytes.append(number: shape.count)
    for size in shape { bytes.append(number: size) }
    self.init(name: name, shape: shape, kind: kind, digest: Digest(of: bytes + leaves))
  }
}

extension [UInt8] {
  /// Adds a number in 64 bits, least significant byte first.
  fileprivate mutating func append(number: Int) {
    let bits = UInt64(truncatingIfNeeded: number)
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      append(UInt8(truncatingIfNeeded: bits >> shift))
    }
  }
}
