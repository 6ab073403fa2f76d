/// A tensor whose weights have no exact form in the layout that is wanted.
public struct ConversionRefusal: Sendable {
  /// What a conversion does about it.
  public enum Consequence: Sendable, Hashable {
    /// Nothing is converted.
    case refused
    /// The tensor stays as it is.
    case kept
    /// The tensor is rounded.
    case rounded(Rounding)
    /// Its groups are taken with a scale that misses by a subnormal's last bit, as was allowed.
    case tolerated
  }

  /// The tensor's name in the source.
  public let tensor: String
  /// Groups, or values of a vector, that have none; those that are tolerated.
  public let count: Int
  /// What a conversion does about them.
  public let consequence: Consequence
  /// The first of them; where nothing is converted although rounding is allowed, the first that
  /// cannot be rounded.
  public let first: FormatError
  /// The same for the plan; `nil` where it changes nothing there.
  let finding: TargetPlan.Finding?
}

extension Conversion {
  /// Reads all weights, and finds what the conversion would refuse, keep as it is or round.
  public func scan() async throws(FormatError) -> [ConversionRefusal] {
    guard !model.isPassing else {
      throw model.needsFile("a scan reads all weights").located(file: model.path)
    }
    let moves = tensors.moves.filter { $0.source.layout != $0.target.layout }.map(\.exact)
    do throws(FormatError) {
      let scan = Scanning(run: makeRun())
      let found = zip(moves, try await scan(moves))
      let tolerated = found.compactMap { tolerance(of: $0.source, $1) }
      let missing = found.filter { $1.refusedCount > 0 }
      let isRounding = options.allowsRounding && !options.isStrict
      let rounded = try missing.map { (move, _) throws(FormatError) in try move.rounded() }
      let tallies = isRounding ? try await scan(rounded) : missing.map(\.1)
      let refusals = zip(missing, tallies).compactMap { missing, tally in
        refusal(of: missing.0.source, exactly: missing.1, tally)
      }
      try model.checkRead()
      return refusals + tolerated
    } catch {
      throw error.unlessChanged(model.checkUnchanged).located(file: model.path)
    }
  }

  /// The conversion that a run ends up with, after what a scan has found: its outline has the files and
  /// sizes that are written then.
  ///
  /// - Throws: `unsupported`, and `notExact` for what cannot be written as it is.
  public func knowing(_ refusals: [ConversionRefusal]) throws(FormatError) -> Conversion {
    var findings: [ByteString: TargetPlan.Finding] = [:]
    for refusal in refusals { findings[ByteString(refusal.tensor)] = refusal.finding }
    return findings.isEmpty
      ? self : try Conversion(of: model, to: target, options: options, knowing: findings)
  }

  private func tolerance(of tensor: Tensor, _ tally: Tally) -> ConversionRefusal? {
    guard tally.toleratedCount > 0, tally.refusedCount == 0 else { return nil }
    return ConversionRefusal(
      tensor: tensor.name, count: tally.toleratedCount, consequence: .tolerated,
      first: FormatError(
        .notExact, "a group's scale misses -2 x bias by a subnormal's last bit; the bias is taken"
      ).located(tensor: tensor.name), finding: nil)
  }

  /// - Parameter tally: What is found when rounding, where that is allowed.
  private func refusal(
    of tensor: Tensor, exactly: Tally, _ tally: Tally
  ) -> ConversionRefusal? {
    let consequence: ConversionRefusal.Consequence =
      if tally.refusedCount == 0 {
        .rounded(tally.rounding)
      } else if tensor.layout.groupSize == nil && !options.isStrict && !options.allowsRounding {
        .kept
      } else {
        .refused
      }
    let decisive = tally.refusedCount == 0 ? exactly : tally
    return decisive.firstRefusal.map { first in
      let finding: TargetPlan.Finding? =
        switch consequence {
        case .kept: .kept(first, count: decisive.refusedCount)
        case .rounded(let rounding): .rounded(rounding)
        case .refused, .tolerated: nil
        }
      return ConversionRefusal(
        tensor: tensor.name, count: decisive.refusedCount, consequence: consequence,
        first: first.located(tensor: tensor.name), finding: finding)
    }
  }
}

extension Move {
  /// The same without rounding.
  fileprivate var exact: Move {
    var source = source
    source.roundedLayout = nil
    return Move(source: source, target: target)
  }
}
