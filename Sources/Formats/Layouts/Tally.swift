/// What a transform came upon while it rewrote a tile: it goes on to the tile's end and counts.
///
/// Whoever converts stops at the first refusal; whoever scans wants to know how many there are.
struct Tally: Sendable {
  /// Whether MLX scales may miss −2 × bias by the last bit of a subnormal; Specs/layouts.md §6.
  var toleratesSubnormals = false
  /// Groups or values that the target cannot hold exactly.
  private(set) var refusedCount = 0
  /// The first of them.
  private(set) var firstRefusal: FormatError?
  /// Groups that were taken although a subnormal's last bit is lost.
  private(set) var toleratedCount = 0
  /// What was rounded.
  private(set) var rounding = Rounding()

  init(toleratesSubnormals: Bool = false) { self.toleratesSubnormals = toleratesSubnormals }

  /// Counts a refusal; `error` is made for the first alone. Kept out of the kernels' loops, where a
  /// refusal ends the work anyway.
  @inline(never)
  mutating func refuse(_ error: @autoclosure () -> FormatError) {
    refusedCount += 1
    if firstRefusal == nil { firstRefusal = error() }
  }

  /// Counts a group that was taken with a tolerated difference.
  mutating func tolerate() { toleratedCount += 1 }

  /// Counts weights that were changed by a transform that may.
  mutating func round(_ rounding: Rounding) { self.rounding.add(rounding) }

  /// Throws the first refusal, where there is one.
  func check() throws(FormatError) {
    if let firstRefusal { throw firstRefusal }
  }

  /// The one of the lower row and group, whichever task came first.
  private static func earlier(_ one: FormatError?, _ other: FormatError?) -> FormatError? {
    guard let one, let other else { return one ?? other }
    let place = { (error: FormatError) in
      (error.location.row ?? .max, error.location.group ?? .max)
    }
    return place(other) < place(one) ? other : one
  }

  /// Adds what was counted elsewhere.
  mutating func add(_ other: Tally) {
    refusedCount += other.refusedCount
    firstRefusal = Self.earlier(firstRefusal, other.firstRefusal)
    toleratedCount += other.toleratedCount
    rounding.add(other.rounding)
  }
}
