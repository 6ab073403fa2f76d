extension SafetensorsHeader {
  /// What the fields of a tensor's entry say. Nothing in something: the field is there, and its value
  /// cannot be.
  struct EntryFields {
    private let name: String
    private var type: StorageType??
    private var shape: [Int]??
    private var offsets: (begin: Int, end: Int)??

    init(
      _ name: String, _ reader: inout JSONReader, _ findings: inout Findings
    ) throws(FormatError) {
      self.name = name
      try reader.beginObject("an object as a tensor's entry")
      while let field = try reader.nextName() {
        let start = reader.tokenStart
        guard try read(field, &reader, &findings) else { continue }
        let error = reader.error("'\(field)' appears twice", at: start)
        try findings.report(.safetensorsEntry, error.located(tensor: name))
      }
    }

    /// Reads the value of a field.
    ///
    /// - Returns: Whether the field has been there before.
    private mutating func read(
      _ field: String, _ reader: inout JSONReader, _ findings: inout Findings
    ) throws(FormatError) -> Bool {
      let name = name
      let isRepeated: Bool
      switch field {
      case "dtype":
        isRepeated = type != nil
        type = .some(
          try SafetensorsHeader.value(.safetensorsType, of: name, &reader, &findings) {
            (reader, findings) throws(FormatError) in
            try SafetensorsHeader.type(of: name, &reader, &findings)
          })
      case "shape":
        isRepeated = shape != nil
        shape = .some(
          try SafetensorsHeader.value(.safetensorsEntry, of: name, &reader, &findings) {
            (reader, _) throws(FormatError) in try SafetensorsHeader.shape(&reader)
          })
      case "data_offsets":
        isRepeated = offsets != nil
        offsets = .some(
          try SafetensorsHeader.value(.safetensorsOffsets, of: name, &reader, &findings) {
            (reader, findings) throws(FormatError) in
            try SafetensorsHeader.offsets(of: name, &reader, &findings)
          } ?? nil)
      default:
        isRepeated = false
        let error = reader.error(
          "needed dtype, shape or data_offsets, found '\(field.quoted())'", at: reader.tokenStart)
        try findings.report(.safetensorsEntry, error.located(tensor: name))
        try reader.skipValue()
      }
      return isRepeated
    }

    /// The entry.
    ///
    /// - Parameter start: Where its name stands.
    /// - Returns: `nil` where it says too little, which has been reported.
    func entry(
      _ start: Int, _ reader: borrowing JSONReader, _ findings: inout Findings
    ) throws(FormatError) -> Entry? {
      if let type = type ?? nil, let shape = shape ?? nil, let offsets = offsets ?? nil {
        return Entry(name: name, type: type, shape: shape, begin: offsets.begin, end: offsets.end)
      }
      let missing = [
        ("dtype", type == nil), ("shape", shape == nil), ("data_offsets", offsets == nil),
      ]
      for (field, isMissing) in missing where isMissing {
        let error = reader.error("the entry has no \(field)", at: start)
        try findings.report(.safetensorsEntry, error.located(tensor: name))
      }
      return nil
    }
  }
}
