extension ConversionReport {
  /// What a conversion did.
  ///
  /// - Parameters:
  ///   - files: What was written, in any order.
  ///   - toleratedCount: Groups that were taken although a subnormal's last bit is lost.
  ///   - leftover: Why what was replaced is still there, if it is.
  init(
    of conversion: Conversion, files: [File], fingerprint: Fingerprint?, toleratedCount: Int,
    leftover: FormatError? = nil
  ) {
    let plan = conversion.plan
    let shortage = conversion.shortage.map { [$0.note] } ?? []
    let rest = leftover.map { ["what was replaced could not be removed: \($0)"] } ?? []
    self.init(
      files: files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) },
      tensorCounts: Self.counts(conversion.tensors.moves), weightCount: conversion.weightCount,
      notes: plan.notes + shortage + rest, roundedTensors: plan.roundedTensors,
      toleratedGroupCount: toleratedCount, isProven: conversion.options.verifies,
      fingerprint: fingerprint)
  }

  /// Tensors by layout, in the order in which layouts come.
  private static func counts(_ moves: [Move]) -> [(layout: Layout, count: Int)] {
    var counts: [(layout: Layout, count: Int)] = []
    for move in moves {
      if let index = counts.firstIndex(where: { $0.layout == move.target.layout }) {
        counts[index].count += 1
      } else {
        counts.append((move.target.layout, 1))
      }
    }
    return counts
  }
}
