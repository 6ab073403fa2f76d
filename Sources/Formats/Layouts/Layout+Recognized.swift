extension Layout {
  /// Why nothing converts a layout that is only recognized; Specs/layouts.md §7.
  var whyRecognizedOnly: String {
    let scales = parts.first { $0.suffix == "scales" }
    if let scales, scales.type != .f16 {
      return "its type is \(name.quoted()): scales must be F16 to be kept, and these are "
        + scales.type.name.quoted()
    }
    return "its type is \(name.quoted()), and only 1-bit and dense types convert without loss"
  }
}
