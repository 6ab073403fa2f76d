extension GGUFMetadata {
  /// The keys that describe one file of a split model; Specs/gguf.md §9.
  enum SplitKey {
    static let index = "split.no"
    static let count = "split.count"
    static let tensorCount = "split.tensors.count"
    static let all = [index, count, tensorCount]
  }

  /// What one of several files says about itself, in the types and the order of llama.cpp's tools.
  static func split(_ index: Int, of count: Int, tensorCount: Int) -> [Entry] {
    [
      Entry(SplitKey.index, .uint16(UInt16(clamping: index))),
      Entry(SplitKey.count, .uint16(UInt16(clamping: count))),
      Entry(SplitKey.tensorCount, .int32(Int32(clamping: tensorCount))),
    ]
  }

  /// The same metadata without these keys: they describe a file and not the model.
  var withoutSplit: GGUFMetadata {
    guard SplitKey.all.contains(where: { self[$0] != nil }) else { return self }
    return GGUFMetadata(
      entries.filter { entry in
        !SplitKey.all.contains { $0.utf8.elementsEqual(entry.key.utf8) }
      })
  }

  /// The one key beside them that every file has to hold for itself, where there is one: its data
  /// would be looked for in the wrong place.
  var alignmentEntries: [Entry] {
    self[Self.alignmentKey].map { [Entry(Self.alignmentKey, $0)] } ?? []
  }
}
