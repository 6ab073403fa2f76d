extension Inspection {
  /// Over how many devices an AWQ directory can be spread, as vLLM and sglang split it.
  public struct ServingFacts: Sendable, Hashable {
    /// A number of devices that does not work.
    public struct Obstacle: Sendable, Hashable {
      /// The number of devices.
      public let size: Int
      /// Why not.
      public let reason: String
    }

    /// Tensor-parallel sizes that the plain AWQ kernels take.
    public let plainSizes: [Int]
    /// The first size that they do not take.
    public let plainObstacle: Obstacle?
    /// Tensor-parallel sizes at which every layer suits the faster Marlin kernels.
    public let marlinSizes: [Int]
    /// The first size at which a layer does not.
    public let marlinObstacle: Obstacle?

    /// `nil` for other forms, and where architecture or heads are not known.
    init?(_ model: Model, _ architecture: ArchitectureFacts) {
      guard model.form == .awq, let split = TensorSplit(model, architecture) else { return nil }
      (plainSizes, plainObstacle) = Self.sizes { split.obstacle($0, kernel: .plain) }
      (marlinSizes, marlinObstacle) = Self.sizes { split.obstacle($0, kernel: .marlin) }
    }

    /// More devices than any machine has.
    private static let largest = 64

    private static func sizes(
      _ obstacle: (Int) -> String?
    ) -> (fitting: [Int], obstacle: Obstacle?) {
      var fitting: [Int] = []
      var size = 1
      while size <= largest {
        if let reason = obstacle(size) { return (fitting, Obstacle(size: size, reason: reason)) }
        fitting.append(size)
        size *= 2
      }
      return (fitting, nil)
    }
  }
}
