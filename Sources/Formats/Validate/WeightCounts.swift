/// What the weights of one tensor are, counted.
struct WeightCounts: Sendable {
  /// What is counted.
  enum Kind: Int, Sendable, CaseIterable {
    case nanScale, infiniteScale, zeroScale, negativeScale, subnormalScale, awqCode, awqZeroPoint
    case awqGroup, mlxGroup, mlxSubnormal, notFinite, severalMagnitudes

    /// The rule, and what is said of so many of so many.
    var rule: (rule: Rule, sentence: String) {
      switch self {
      case .nanScale: (.nanScales, "scales are NaN")
      case .infiniteScale: (.infiniteScales, "scales are infinite")
      case .zeroScale: (.zeroScales, "scales are zero")
      case .negativeScale: (.negativeScales, "scales are negative")
      case .subnormalScale: (.subnormalScales, "scales are subnormal")
      case .awqCode: (.awqCodes, "codes are neither 7 nor 9")
      case .awqZeroPoint: (.awqZeroPoints, "zero points are not 8")
      case .awqGroup: (.awqGroups, "groups are not ±d around their zero point")
      case .mlxGroup: (.mlxGroups, "groups have a scale that is not -2 times the bias")
      case .mlxSubnormal: (.mlxSubnormals, "groups miss by the last bit of a subnormal")
      case .notFinite: (.notFinite, "weights are NaN or infinite")
      case .severalMagnitudes: (.severalMagnitudes, "groups have more than one magnitude")
      }
    }

    /// Of what there are so many.
    enum Unit { case group, weight }

    var unit: Unit { self == .awqCode || self == .notFinite ? .weight : .group }
  }

  /// A row, and a group in it where one is known.
  struct Position: Sendable, Comparable {
    let row: Int
    let group: Int?

    static func < (left: Position, right: Position) -> Bool {
      (left.row, left.group ?? 0) < (right.row, right.group ?? 0)
    }
  }

  private var counts = [Int](repeating: 0, count: Kind.allCases.count)
  private var firsts = [Position?](repeating: nil, count: Kind.allCases.count)

  /// Counts at a place.
  mutating func add(_ kind: Kind, _ count: Int = 1, at place: @autoclosure () -> Position?) {
    guard count > 0 else { return }
    counts[kind.rawValue] += count
    meet(kind, place())
  }

  /// Adds what was counted in another tile.
  mutating func add(_ other: WeightCounts) {
    for kind in Kind.allCases where other.counts[kind.rawValue] > 0 {
      counts[kind.rawValue] += other.counts[kind.rawValue]
      meet(kind, other.firsts[kind.rawValue])
    }
  }

  /// How many there are so far.
  func counts(_ kind: Kind) -> Int { counts[kind.rawValue] }

  private mutating func meet(_ kind: Kind, _ place: Position?) {
    guard let place else { return }
    firsts[kind.rawValue] = min(firsts[kind.rawValue] ?? place, place)
  }

  /// Counts the scale of a group.
  @inline(__always)
  mutating func add(scale: UInt16, at place: @autoclosure () -> Position) {
    // What nearly every scale is: normal and positive.
    guard scale &- 0x0400 >= 0x7800 else { return }
    addOdd(scale, at: place())
  }

  private mutating func addOdd(_ scale: UInt16, at place: Position) {
    let magnitude = scale & 0x7FFF
    if magnitude > 0x7C00 { return add(.nanScale, at: place) }
    if scale != magnitude, magnitude != 0 { add(.negativeScale, at: place) }
    switch magnitude {
    case 0: add(.zeroScale, at: place)
    case 0x7C00: add(.infiniteScale, at: place)
    case ..<0x0400: add(.subnormalScale, at: place)
    default: break
    }
  }

  /// Takes down what was counted of a tensor.
  func report(_ tensor: Tensor, _ file: String, _ findings: inout Findings) {
    // Where words mean nothing here, scales and biases are counted one by one.
    let scales = Self.isKnown(tensor.layout) ? 1 : max(tensor.layout.scaleParts.count, 1)
    let groups = tensor.elementCount / (tensor.layout.groupSize ?? Q1_0.blockSize) * scales
    for kind in Kind.allCases where counts[kind.rawValue] > 0 {
      let count = counts[kind.rawValue]
      let (rule, sentence) = kind.rule
      let total = kind.unit == .weight ? tensor.elementCount : groups
      let error = FormatError(.notExact, "\(count) of \(total) \(sentence)")
      let first = firsts[kind.rawValue]
      findings.add(
        rule,
        error.located(file: file, tensor: tensor.name, row: first?.row, group: first?.group),
        count: count)
    }
  }
}
