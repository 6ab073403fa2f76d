/// `general.*`: who made the model and how it is called, from the model card, `config.json` and the
/// folder's name, in the order of llama.cpp's converter; Specs/names.md §7.
struct GeneralKeys {
  private let card: FrontMatter
  private let parameterCount: Int
  private var names: [ModelName]

  init(_ card: FrontMatter, config: JSONValue, folder: String, parameterCount: Int) {
    self.card = card
    self.parameterCount = parameterCount
    var ids: [String] = []
    // Some files have the path of somebody's computer there.
    if case .string(let id)? = config["_name_or_path"], id.utf8.count(where: isSlash) <= 1 {
      ids.append(id)
    }
    names = (ids + [folder]).filter { !$0.isEmpty }.map {
      ModelName($0, parameterCount: parameterCount)
    }
  }

  var entries: [GGUFMetadata.Entry] {
    identity + license + sources + related("base_model", baseModels) + related("dataset", datasets)
      + [list("tags", card.texts("tags", "pipeline_tag"))].compactMap(\.self)
      + [list("languages", card.texts("languages", "language"))].compactMap(\.self)
  }

  private var identity: [GGUFMetadata.Entry] {
    let size = card.text("size_label", "model_size_label") ?? first(\.sizeLabel)
    let counted = parameterCount > 0 ? SizeLabel.text(parameterCount: parameterCount) : nil
    return texts([
      ("name", card.text("name", "model_name") ?? first { $0.full.asTitle }),
      ("author", card.text("author", "model_author", "model_creator")),
      ("version", card.text("version", "model_version") ?? first(\.version)),
      (
        "organization",
        card.text("organization", "model_organization") ?? first { $0.organization?.asTitle }
      ),
      ("finetune", card.text("finetune", "model_finetune") ?? first(\.finetune)),
      ("basename", card.text("basename", "model_basename", "model_type") ?? first(\.basename)),
      ("description", card.text("description", "model_description")),
      ("size_label", size ?? counted),
    ])
  }

  private var license: [GGUFMetadata.Entry] {
    texts([
      ("license", card.texts("license").joined(separator: ",")),
      ("license.name", card.text("license_name")), ("license.link", card.text("license_link")),
    ])
  }

  private var sources: [GGUFMetadata.Entry] {
    texts([
      ("source.url", card.text("url", "model_url")), ("source.doi", card.text("doi", "model_doi")),
      ("source.uuid", card.text("uuid", "model_uuid")),
      ("source.repo_url", card.text("repo_url", "model_repo_url")),
    ])
  }

  /// The first of the names that says something.
  private func first(_ part: (ModelName) -> String?) -> String? {
    names.lazy.compactMap(part).first
  }

  private func texts(_ texts: [(key: String, text: String?)]) -> [GGUFMetadata.Entry] {
    texts.compactMap { key, text in
      guard let text, !text.isEmpty else { return nil }
      return .init("general." + key, .string(ByteString(text)))
    }
  }

  private func list(_ key: String, _ texts: [String]) -> GGUFMetadata.Entry? {
    if texts.isEmpty { return nil }
    return .init("general." + key, .array(GGUFArray(texts.map(ByteString.init))))
  }
}

/// Other repositories that the card names.
extension GeneralKeys {
  private var baseModels: [String]? {
    related(anyOf: "base_model", "base_models", "base_model_sources")
  }

  private var datasets: [String]? { related(anyOf: "datasets", "dataset", "dataset_sources") }

  private func related(anyOf members: String...) -> [String]? {
    members.first { card[$0] != nil }.map { card.texts($0) }
  }

  private func related(_ kind: String, _ ids: [String]?) -> [GGUFMetadata.Entry] {
    guard let ids else { return [] }
    let count = UInt32(clamping: ids.count)
    return [.init("general.\(kind).count", .uint32(count))]
      + ids.enumerated().flatMap { index, id in
        let prefix = "\(kind).\(index)."
        return texts(related(id).map { (prefix + $0.key, $0.text) })
      }
  }

  /// A repository on Hugging Face, by its name or its address, or an address elsewhere.
  private func related(_ id: String) -> [(key: String, text: String?)] {
    let isAddress = ["http://", "https://", "ssh://"].contains { id.utf8.starts(with: $0.utf8) }
    var name = id
    if isAddress {
      guard let match = id.wholeMatch(of: /https?:\/\/huggingface\.co\/([^\/]+\/[^\/]+)/) else {
        return [("repo_url", id)]
      }
      name = String(match.1)
    }
    let parts = ModelName(name, parameterCount: parameterCount)
    let address = parts.organization.map { "https://huggingface.co/\($0)/\(parts.full)" }
    return [
      ("name", parts.full.asTitle), ("version", parts.version),
      ("organization", parts.organization?.asTitle), ("repo_url", isAddress ? id : address),
    ]
  }
}

private func isSlash(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "/") }
