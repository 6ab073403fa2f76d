extension Layout {
  /// Scales and zero points in words, or `nil` where a weight is just a number.
  public var meaning: String? {
    if self == .q1_0 { return "±d: a bit for each sign, one d in F16 for each 128 weights" }
    guard let groupSize else { return nil }
    switch parts.map(\.suffix) {
    case ["qweight", "qzeros", "scales"]:
      return "(code − zero) × scale: codes of 4 bits, a zero of 4 bits and a scale in "
        + "\(parts[2].type.name) for each \(groupSize) weights"
    case ["weight", "scales", "biases"]:
      return "code × scale + bias: scale and bias in \(parts[1].type.name) for each "
        + "\(groupSize) weights"
    default:
      return "blocks of \(groupSize) weights in \(parts.first?.unitByteCount ?? 0) bytes"
    }
  }
}
