extension Inspection {
  /// One weight, however many arrays store it.
  public struct TensorFacts: Sendable, Hashable {
    /// What a tensor is for, as far as its name tells.
    public enum Role: String, Sendable, Hashable {
      /// The token embeddings.
      case embedding
      /// The output matrix, `lm_head`.
      case output
      /// A matrix within a layer.
      case linear
      /// Everything else: norms, biases.
      case other

      /// Whether it is left out of the number that compares layouts.
      public var isEmbedding: Bool { self == .embedding || self == .output }
    }

    /// Name, shape, layout and parts.
    public let tensor: Tensor
    /// What it is for.
    public let role: Role
    /// The name in Hugging Face repositories, where the architecture is known.
    public let huggingFaceName: String?
    /// The type number in a GGUF file.
    public let typeID: UInt32?
    /// How certain the type of a GGUF file's tensor is.
    public let meaning: GGUFTensor.Meaning

    static func all(_ model: Model, architecture: String?) -> [TensorFacts] {
      all(model, model.tensors.map { Role($0) }, architecture: architecture)
    }

    /// - Parameter roles: What each tensor of the model is for.
    static func all(_ model: Model, _ roles: [Role], architecture: String?) -> [TensorFacts] {
      let names = architecture.flatMap(NameTable.table)
      guard let gguf = model.gguf else {
        return zip(model.tensors, roles).map { tensor, role in
          let isKnown = names?.match(huggingFace: tensor.name) != nil
          return TensorFacts(
            tensor: tensor, role: role, huggingFaceName: isKnown ? tensor.name : nil,
            typeID: nil, meaning: .resolved)
        }
      }
      var facts: [TensorFacts] = []
      facts.reserveCapacity(model.tensors.count)
      // The model lists the tensors of all shards in their order.
      for stored in gguf.shards.lazy.flatMap(\.tensors) {
        let tensor = model.tensors[facts.count]
        facts.append(
          TensorFacts(
            tensor: tensor, role: roles[facts.count],
            huggingFaceName: names?.huggingFaceName(gguf: tensor.name), typeID: stored.typeID,
            meaning: stored.meaning))
      }
      return facts
    }
  }
}

extension Inspection.TensorFacts.Role {
  /// Architectures agree on these names, on either side; multimodal ones put a prefix before them.
  init(_ tensor: Tensor) {
    let name = tensor.name
    if NameTable.embedding.fits(name) || name.ends(in: "embed_tokens.weight") {
      self = .embedding
    } else if NameTable.output.fits(name) || name.ends(in: "lm_head.weight") {
      self = .output
    } else {
      self = tensor.shape.count >= 2 && name.ends(in: ".weight") ? .linear : .other
    }
  }
}
