/// One thing that can be wrong with a model, and what is to be known about it; Specs/validate.md.
///
/// The rules are data: what validation reports, what `explain` tells and what the specification lists
/// all come from ``all``.
public struct Rule: Sendable, Hashable {
  /// How bad it is.
  public enum Severity: String, Sendable, Hashable, Comparable, CaseIterable {
    /// Worth knowing, and nothing wrong.
    case note
    /// Something will not work as expected, or not everywhere.
    case warning
    /// The model is broken, or the engine refuses it, or computes other values from it.
    case error

    /// From note to error.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .note: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  /// What never changes, for programs: `GGUF012`.
  public let id: String
  /// What is wrong, in one line.
  public let title: String
  /// Why it matters.
  public let reason: String
  /// What to do.
  public let remedy: String
  /// Where the rule comes from.
  public let origin: String
  private let severity: Severity?
  private let engines: [Profile: Severity]

  /// - Parameters:
  ///   - severity: How bad it is by the formats' own rules; `nil` where those have nothing against it.
  ///   - engines: How bad it is for an engine, where that differs.
  init(
    _ id: String, _ severity: Severity?, _ engines: [Profile: Severity], _ title: String,
    reason: String, remedy: String, origin: String
  ) {
    self.id = id
    self.severity = severity
    self.engines = engines
    self.title = title
    self.reason = reason
    self.remedy = remedy
    self.origin = origin
  }

  /// A rule that is as bad for everybody.
  init(
    _ id: String, _ severity: Severity, _ title: String, reason: String, remedy: String,
    origin: String
  ) {
    self.init(id, severity, [:], title, reason: reason, remedy: remedy, origin: origin)
  }

  /// How bad it is for one reader; `nil` where that has nothing against it.
  public func severity(for profile: Profile) -> Severity? { engines[profile] ?? severity }

  /// How bad it is for the most particular of some readers.
  public func severity(for profiles: [Profile]) -> Severity? {
    profiles.compactMap { severity(for: $0) }.max()
  }
}

/// For whom a model is looked at.
public enum Profile: String, Sendable, Hashable, CaseIterable {
  /// The formats' own descriptions.
  case spec
  /// llama.cpp, and what is built on ggml.
  case llamaCpp = "llama.cpp"
  /// Hugging Face's transformers.
  case transformers
  /// vLLM, with AutoAWQ's layout.
  case vllm
  /// MLX and mlx-lm.
  case mlx
}

extension Rule {
  /// Every rule, family by family.
  public static let all: [Rule] =
    file + gguf + safetensors + index + config + tokenizer + awq + mlx + weights

  /// The rule of an id, in capitals or not.
  public static func named(_ id: String) -> Rule? {
    all.first { $0.id == id.uppercased() }
  }

  /// The rule for what a model's configuration says.
  static func ofConfig(_ error: FormatError) -> Rule {
    switch error.code {
    case .limit: beyondLimits
    case .unsupported: configUnsupported
    default: configMember
    }
  }

  /// The rule for an error that a reader has no rule of its own for.
  static func ofHeader(_ error: FormatError) -> Rule {
    switch error.code {
    case .truncated: headerCut
    case .limit: beyondLimits
    default: unreadable
    }
  }
}
