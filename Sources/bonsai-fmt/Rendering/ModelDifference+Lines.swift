import Formats

extension ModelDifference {
  /// What differs, line by line, the weights last.
  var lines: [String] {
    let metadata =
      comparesMetadata
      ? changes(self.metadata) : ["metadata: not of one kind, not compared"]
    return changes(structure) + metadata
      + layouts.map {
        "\($0.name.quoted(upTo: 200)): layout \($0.first.quoted()) -> \($0.second.quoted())"
      } + weightLines
  }

  private var weightLines: [String] {
    switch weights {
    case .success(let comparison): comparison.lines
    case .failure: ["weights: not compared"]
    }
  }

  private func changes(_ changes: [Change]) -> [String] {
    changes.map { change in
      let name = change.name.quoted(upTo: 200)
      switch (change.first, change.second) {
      case (nil, let value?): return "+ \(name): \(Self.text(value))"
      case (let value?, nil): return "- \(name): \(Self.text(value))"
      case (let first, let second):
        return "~ \(name): \(Self.text(first ?? .null)) -> \(Self.text(second ?? .null))"
      }
    }
  }

  private static func text(_ value: JSONValue) -> String {
    var writer = JSONWriter(escapesControls: true)
    writer.write(value)
    return String(decoding: writer.bytes, as: UTF8.self).shortenedAtTheEnd(to: 60)
  }
}
