import ArgumentParser
import Formats

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a model is: architecture, sizes, layouts, metadata, tensors.",
    discussion: """
      Only headers are read. A weight is one row, however many arrays store it, \
      and layers that are alike share a row.
      """)

  @Argument(help: "A GGUF file, a safetensors file or a model directory; - for standard input.")
  var model: String

  @Flag(
    inversion: .prefixedNo,
    help: "List every weight by itself with its offset, or none; otherwise like ones together.")
  var tensors: Bool?

  @Flag(
    inversion: .prefixedNo, help: "Show metadata in full, or none; otherwise long values are cut.")
  var metadata: Bool?

  @Flag(help: "List the stored arrays of every weight.")
  var parts = false

  @Flag(help: "Write one JSON document, complete whatever the other options say.")
  var json = false

  @OptionGroup var limiting: LimitOptions

  func validate() throws {
    guard !parts || tensors != false else {
      throw ValidationError("--parts needs the list of tensors, which --no-tensors leaves out.")
    }
  }

  func run() throws {
    let model = try Model(argument: model, limits: limiting.limits())
    let inspection = try Inspection(model)
    try write(inspection)
    // What long lists hold was read only now.
    try model.checkUnchanged()
  }

  private func write(_ inspection: Inspection) throws(FormatError) {
    if json {
      try inspection.writeJSON { (bytes) throws(FormatError) in try Console.out.write(bytes) }
      return
    }
    let width = Console.width
    let view = InspectionView(
      inspection: inspection, metadata: detail(metadata), tensors: detail(tensors),
      showsParts: parts, width: max(width ?? 80, 20), shortensNames: width != nil,
      style: Style(isColored: Console.hasColor))
    try view.write { (line) throws(FormatError) in
      try Console.out.write(line: width.map { line.clipped(to: $0) } ?? line)
    }
  }

  private func detail(_ flag: Bool?) -> InspectionView.Detail {
    flag.map { $0 ? .full : .none } ?? .summary
  }
}
