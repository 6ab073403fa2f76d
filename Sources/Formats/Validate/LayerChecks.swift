/// Whether every layer that a model says it has is there, also where nothing else is known of its
/// architecture: half a model loads nowhere.
struct LayerChecks {
  let model: Model
  /// What stands before the number of a layer, in names of any architecture.
  private static let parents = ["blk", "layers", "layer", "h", "blocks", "block"].map {
    ByteString($0)
  }

  func run(_ findings: inout Findings) {
    // What has been compared tensor by tensor needs no second look; what is lost was missed.
    guard findings.counts[Rule.tensorMissing.id] == nil, findings.areTensorsWhole,
      let count = layerCount
    else { return }
    let found = Set(
      model.tensors.compactMap { LayerNumber(in: $0.name, behind: Self.parents)?.value })
    // Names of another kind tell nothing.
    guard !found.isEmpty else { return }
    for layer in 0..<count where !found.contains(layer) {
      findings.add(
        .tensorMissing,
        FormatError(.malformed, "layer \(layer) of \(count) has no tensors")
          .located(file: model.path))
    }
  }

  /// How many there have to be, or `nil` where that is not said, or some may be empty.
  private var layerCount: Int? {
    if let gguf = model.gguf { return Self.layerCount(gguf.metadata, model.limits) }
    guard let config = model.config, config["block_configs"] == nil else { return nil }
    let stated = config["num_hidden_layers"] ?? config["text_config"]?["num_hidden_layers"]
    guard case .integer(let count)? = stated else { return nil }
    return (1...model.limits[.layers]).contains(count) ? count : nil
  }

  private static func layerCount(_ metadata: GGUFMetadata, _ limits: Limits) -> Int? {
    // An adapter changes some layers only.
    if case .string(let type)? = metadata["general.type"], type != ByteString("model") {
      return nil
    }
    guard let architecture = architecture(metadata) else { return nil }
    let keys = ArchitectureKeys(metadata: metadata, architecture: architecture, limits: limits)
    // With sizes of their own layers can be left empty.
    if case .array? = metadata[keys.full("feed_forward_length")] { return nil }
    guard let count = try? keys.optionalCount("block_count", .layers) else { return nil }
    // Those are for guessing ahead, and are often left out.
    let ahead = (try? keys.optionalCount("nextn_predict_layers", .layers)) ?? 0
    return count > ahead ? count - ahead : nil
  }

  /// What stands before the number of layers: the architecture, or where it was renamed, its old name.
  private static func architecture(_ metadata: GGUFMetadata) -> String? {
    let suffix = ".block_count"
    let names = metadata.entries.map(\.key).filter { $0.hasSuffix(suffix) }.map {
      String($0.dropLast(suffix.count))
    }
    if case .string(let name)? = metadata["general.architecture"], let text = name.text,
      names.contains(text)
    {
      return text
    }
    // `clip.vision` is a part of a model.
    return names.count == 1 && !names[0].contains(".") ? names[0] : nil
  }
}
