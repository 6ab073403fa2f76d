extension TargetPlan {
  /// Checks that every tensor of a model goes somewhere, once, or is left out on purpose: nothing else
  /// would ever miss one that the plan has lost.
  ///
  /// - Parameter sources: What is converted.
  /// - Throws: `proofFailed`, naming the first tensor that is lost.
  func checkComplete(
    _ sources: some Sequence<Tensor>, of model: Model
  ) throws(FormatError) {
    var isPlanned = [Bool](repeating: false, count: model.tensors.count)
    var count = 0
    func mark(_ name: String) {
      count += 1
      if let number = model.number(ofTensor: name) { isPlanned[number] = true }
    }
    for name in omitted { mark(name) }
    for source in sources { mark(source.name) }
    if let lost = isPlanned.firstIndex(of: false) {
      throw FormatError(.proofFailed, "the tensor is in the source and not in the output")
        .located(tensor: model.tensors[lost].name)
    }
    guard count == model.tensors.count else {
      throw FormatError(
        .proofFailed,
        "the source has \(model.tensors.count) tensors, \(count) are converted or left out")
    }
  }
}
