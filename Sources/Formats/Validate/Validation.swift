/// Everything that is wrong with a model, and not just the first thing; Specs/validate.md.
///
/// The headers are read by the readers that open a model, which go on where they can; what they made
/// of them is then looked at, and the weights are read.
public struct Validation: Sendable {
  /// What is looked at.
  public struct Options: Sendable, Hashable {
    /// For whom.
    public var profiles: [Profile] = [.spec]
    /// Whether the weights are read, and not just headers.
    public var readsWeights = true
    /// What is believed of headers.
    public var limits = Limits.standard
    /// What it may take.
    public var budget = RunBudget()

    /// All of it, by the formats' own rules.
    public init() {}
  }

  /// The path that was opened.
  public let path: String
  /// For whom it was looked at.
  public let profiles: [Profile]
  /// What the model is stored as; `nil` where no header could be read.
  public let form: Model.Form?
  /// What is wrong for them, the worst first; of one rule at most 100.
  public let findings: [Finding]
  /// The error that opening the model ends in, where no header at all could be read.
  public let failure: FormatError?
  /// How many findings there are of each rule, by its id, also beyond those that are listed.
  public let counts: [String: Int]

  /// Looks at what is at a path: all that ``Model/init(opening:configDirectory:limits:)`` opens.
  ///
  /// - Throws: `notFound` where there is nothing, `io`, `cancelled`. What is wrong with the model is
  ///   not thrown.
  public init(of path: String, _ options: Options = Options()) async throws(FormatError) {
    var findings = Findings.collecting
    var model: Model?
    var failure: FormatError?
    do throws(FormatError) {
      model = try Model(opening: path, limits: options.limits, findings: &findings)
    } catch {
      // That an index is broken says why nothing was found.
      guard error.code.isAboutInput, error.code != .notFound || !findings.all.isEmpty else {
        throw error
      }
      findings.close(error, rule: .ofHeader(error))
      failure = error
    }
    if let model {
      if model.files.isEmpty { failure = findings.firstError }
      try await Self.check(model, options, &findings)
    }
    self.path = path
    self.failure = failure
    form = failure == nil ? model?.form : nil
    profiles = options.profiles
    counts = findings.counts.filter { id, _ in
      Rule.named(id)?.severity(for: options.profiles) != nil
    }
    self.findings = findings.sorted(for: options.profiles)
  }

  /// Looks at a model that could be opened.
  static func check(
    _ model: Model, _ options: Options, _ findings: inout Findings
  ) async throws(FormatError) {
    try checkHeaders(of: model, options, &findings)
    if options.readsWeights {
      try await WeightScan(model: model, budget: options.budget).run(&findings)
    }
    try model.checkUnchanged()
  }

  /// Looks at everything but the weights.
  static func checkHeaders(
    of model: Model, _ options: Options, _ findings: inout Findings
  ) throws(FormatError) {
    checkContainers(of: model, &findings)
    try checkLeftovers(of: model, &findings)
    try ConfigChecks(model: model).run(&findings)
    LayerChecks(model: model).run(&findings)
    try TokenizerChecks(model: model).run(&findings)
    try DocumentChecks(model: model).run(&findings)
    QuantizationChecks(model: model).run(&findings)
    EngineChecks(model: model, profiles: options.profiles).run(&findings)
  }

  /// How many findings are that bad, also beyond those that are listed.
  public func count(_ severity: Rule.Severity) -> Int {
    counts.reduce(0) { sum, entry in
      Rule.named(entry.key)?.severity(for: profiles) == severity ? sum + entry.value : sum
    }
  }

  /// The worst of all findings; `nil` where there are none.
  public var worst: Rule.Severity? {
    findings.compactMap { $0.rule.severity(for: profiles) }.max()
  }
}

extension Findings {
  /// What made a header unreadable.
  fileprivate var firstError: FormatError? {
    all.first { $0.rule.severity(for: .spec) == .error && $0.rule != .shardMissing }?.error
  }

  /// Those that are any for some readers: the worst first, then rule by rule, then as they came.
  fileprivate func sorted(for profiles: [Profile]) -> [Finding] {
    let ranks = Dictionary(uniqueKeysWithValues: Rule.all.enumerated().map { ($1.id, $0) })
    let keyed = all.enumerated().compactMap { index, finding in
      finding.rule.severity(for: profiles).map {
        (severity: $0, rank: ranks[finding.rule.id] ?? 0, index: index, finding: finding)
      }
    }
    return keyed.sorted {
      $0.severity != $1.severity
        ? $0.severity > $1.severity : ($0.rank, $0.index) < ($1.rank, $1.index)
    }.map(\.finding)
  }
}
