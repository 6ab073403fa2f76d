import ArgumentParser
import Formats

struct Convert: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Convert a model into another layout, exactly, and prove it.",
    discussion: """
      The output appears under its name when it is complete, durable and proven equal to the \
      source; whatever fails leaves nothing behind.

      Dense weights that have no exact form in the layout stay as they are, unless --strict refuses \
      or --allow-rounding rounds them; then the output is proven equal to the rounded source.
      """)

  @Argument(
    help: "A GGUF file, or a model directory: FP16, AWQ, MLX or split GGUF; - for standard input.")
  var input: String

  @Option(help: "The layout to convert to.")
  var to: ConversionTarget

  @Option(
    name: .shortAndLong,
    help: "The directory to make; for a GGUF that is not split, the file, or - for standard output."
  )
  var output: String

  @Option(
    help: ArgumentHelp(
      "The most bytes of tensor data in a safetensors file: 500MiB, ...; 5GB unless given.",
      valueName: "size"))
  var shardSize: String?

  @OptionGroup var splitting: SplitOptions

  @Option(
    help: ArgumentHelp(
      "Compress the files with tensors as 'pack' does; --output is the name as it will be.",
      valueName: "zstd[:level]"), transform: { try Compression(parsing: $0) })
  var compress: Compression?

  @Option(
    help: ArgumentHelp(
      "Copy the tokenizer from a directory in place of rebuilding it.", valueName: "dir"))
  var tokenizerFrom: String?

  @Option(
    help: ArgumentHelp(
      "For a safetensors file by itself: the directory with its config.json, tokenizer, ...",
      valueName: "dir"))
  var configFrom: String?

  @Flag(inversion: .prefixedNo, help: "Write a model card, README.md.")
  var modelCard = true

  @Flag(inversion: .prefixedNo, help: "Read back what was written and compare it with the source.")
  var verify = true

  @Flag(help: "Refuse dense weights that are not 1-bit, rather than keep them as they are.")
  var strict = false

  @Flag(
    help: "Round dense weights without an exact form, and say what changes; not with --strict.")
  var allowRounding = false

  @Flag(help: "Take MLX scales that miss -2 x bias by the last bit of a subnormal, and count them.")
  var tolerateSubnormal = false

  @Flag(help: "Show what would be done, and do nothing.")
  var dryRun = false

  @Flag(help: "With --dry-run: read the weights too; say what would be refused, kept or rounded.")
  var scan = false

  @Flag(help: "Write one JSON document: the report, or with --dry-run the plan.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "The pre-tokenizer's name in a GGUF, where its pattern is not known.", valueName: "name"))
  var pre: String?

  @Flag(
    help: "Keep finished files when interrupted; check those of an earlier run, and write the rest."
  )
  var resume = false

  @Flag(help: "Replace what is there: a file, or a directory with a model.")
  var force = false

  @OptionGroup var limiting: LimitOptions

  @OptionGroup var running: RunningOptions

  func validate() throws {
    guard dryRun || !scan else {
      throw ValidationError("--scan belongs to --dry-run.")
    }
    guard !(strict && allowRounding) else {
      throw ValidationError("--strict and --allow-rounding exclude each other.")
    }
    guard output != "-" || to.isGGUF && !splitting.isGiven && (!json || dryRun) else {
      throw ValidationError("-o - takes a GGUF in one file, and no --json beside it.")
    }
    guard output != "-" || !resume && !force else {
      throw ValidationError("--resume and --force need an output that stays where it is.")
    }
    try splitting.check(to)
    guard !to.isGGUF || shardSize == nil && tokenizerFrom == nil && modelCard else {
      throw ValidationError(
        "--shard-size, --tokenizer-from and --no-model-card belong to directories of safetensors.")
    }
    guard to.isGGUF || pre == nil else { throw ValidationError("--pre belongs to GGUF.") }
  }

  func run() async throws {
    let options = try conversionOptions()
    let limits = try limiting.limits()
    if dryRun { return try await outline(options, limits) }
    let progress = ProgressLine(isEnabled: !running.quiet && Console.showsProgress)
    defer { progress.clear() }
    let descriptor = try output == "-" ? Console.modelDescriptor() : nil
    let report = try await Interruption.cancelling { [input, output, options, to, configFrom] in
      let conversion = try Conversion(
        of: Model(argument: input, configFrom: configFrom, limits: limits), to: to, options: options
      )
      if let descriptor {
        return try await conversion.run(
          toDescriptor: descriptor, name: Console.out.name, progress: progress.update)
      }
      return try await conversion.run(to: output, progress: progress.update)
    }
    progress.clear()
    guard json || !running.quiet else { return }
    try Console.report { () throws(FormatError) in
      try show(report, on: output == "-" ? Console.error : Console.out)
    }
  }

  private func outline(_ options: ConversionOptions, _ limits: Limits) async throws {
    let (outline, refusals) = try await Interruption.cancelling {
      [input, output, scan, to, configFrom] in
      let conversion = try Conversion(
        of: Model(argument: input, configFrom: configFrom, limits: limits), to: to, options: options
      )
      // What cannot be done at all is said before gigabytes are read.
      let outline = try conversion.outline(to: output, inOneStream: output == "-")
      guard scan else { return (outline, [ConversionRefusal]?.none) }
      let refusals = try await conversion.scan()
      let known = try conversion.knowing(refusals)
      return (try known.outline(to: output, inOneStream: output == "-"), refusals)
    }
    let view = OutlineView(
      outline: outline, refusals: refusals, input: input, output: output, compression: compress)
    if json {
      try Console.out.write(document: view.json)
    } else {
      let lines = view.lines(
        width: max(Console.width ?? 80, 40), Style(isColored: Console.hasColor))
      for line in lines { try Console.out.write(line: line) }
    }
    if view.isRefused { throw ExitCode(1) }
  }

  private func conversionOptions() throws(FormatError) -> ConversionOptions {
    var options = ConversionOptions()
    if let shardSize { options.shardByteCount = try ByteSize(parsing: shardSize).byteCount }
    options.split = try splitting.limits()
    options.compression = compress
    options.verifies = verify
    options.writesModelCard = modelCard
    options.tokenizerDirectory = tokenizerFrom
    options.isStrict = strict
    options.allowsRounding = allowRounding
    options.preTokenizer = pre
    options.replaces = force
    options.resumes = resume
    options.toleratesSubnormals = tolerateSubnormal
    options.budget = try running.budget()
    return options
  }

  private func show(
    _ report: ConversionReport, on stream: OutputStream
  ) throws(FormatError) {
    if json { return try stream.write(document: report.json(output: output)) }
    for note in report.notes + nameNotes {
      try stream.write(line: "note: \(note.escapedForDisplay)")
    }
    if report.toleratedGroupCount > 0 {
      try stream.write(
        line:
          "note: \(Quantity.grouped(report.toleratedGroupCount)) groups have a scale that misses "
          + "-2 x bias by a subnormal's last bit; the bias was taken")
    }
    let tensors = report.tensorCounts.map { "\($0.count) \($0.layout.name)" }.joined(
      separator: ", ")
    try stream.write(
      line: "\(output.escapedForDisplay): \(Quantity.bytes(report.byteCount)) in "
        + "\(Quantity.counted(report.files.count, "file")); tensors: \(tensors)")
    guard report.isProven else { return try stream.write(line: "not verified, as asked") }
    let fingerprint = report.fingerprint.map { "; fingerprint \($0)" } ?? "; no fingerprint"
    try stream.write(line: "proven: \(proven(report))\(fingerprint)")
  }

  /// Nothing depends on a name, but who looks at it expects something else.
  private var nameNotes: [String] {
    guard compress != nil, to.isGGUF, !splitting.isGiven, output != "-",
      !output.hasSuffix(".zst")
    else { return [] }
    return ["\(output) is compressed, and its name does not end in .zst"]
  }

  private func proven(_ report: ConversionReport) -> String {
    let (count, changed) = (report.weightCount, report.changedWeightCount)
    let tolerated = report.toleratedGroupCount
    if changed == 0 && tolerated == 0 {
      return "all \(count) weights read back equal to the source"
    }
    var exceptions: [String] = []
    if changed > 0 { exceptions.append("\(changed) rounded") }
    if tolerated > 0 { exceptions.append("\(tolerated) groups with the bias for their scale") }
    return "all \(count) weights read back as planned: equal to the source but for "
      + exceptions.joined(separator: ", ")
  }
}
