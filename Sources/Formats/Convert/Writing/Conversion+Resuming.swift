/// Files that are finished one after the other, so that a later run need not write them again.
extension Conversion {
  /// The names of the files that are kept when a run is interrupted.
  func fileNames(in output: OutputTransaction) -> [String] {
    tensors.files.map { name(of: $0, in: output.path) }
  }

  /// Ends an attempt that failed: what an interruption or the system stopped can be resumed, and what
  /// the weights have refuted is taken up by another plan.
  func stop(_ output: OutputTransaction, after error: FormatError, isLast: Bool = true) {
    let isResumable = [.cancelled, .io].contains(error.code) || error.code == .notExact && !isLast
    if options.resumes, isResumable {
      output.interrupt(keeping: fileNames(in: output))
    } else {
      output.rollBack()
    }
  }

  /// Writes file after file, but for those that an earlier run has finished and that are found to be
  /// what would be written.
  func writeResuming(
    _ output: OutputTransaction, _ progress: @escaping @Sendable (ConversionProgress) -> Void
  ) async throws(FormatError) -> Written {
    let names = fileNames(in: output)
    try output.removeAll(but: names)
    let counter = ByteCounter(.converting, total: byteCount, report: progress)
    var toleratedCount = 0
    for (number, name) in names.enumerated() {
      // What is tolerated in a file that turns out to be another one does not count.
      var writing = Writing(run: makeRun(), progress: counter.add)
      let (path, start) = (output.path(of: name), counter.count)
      if try await isFinished(number, path, writing) {
        // A run that was killed may have left it in memory alone.
        try await resultOffPool { () throws(FormatError) in
          try OutputTransaction.synchronize(path)
        }.get()
      } else {
        counter.add(start - counter.count)
        writing = Writing(run: makeRun(), progress: counter.add)
        try SystemCalls.removeTree(path)
        let length = options.compression == nil ? tensors.files[number].byteCount : 0
        let file = try output.createUnfinished(name, byteCount: length)
        try await write(number..<number + 1, to: [file], writing)
        try await resultOffPool { () throws(FormatError) in try output.finish(file, name) }.get()
      }
      toleratedCount += writing.toleratedCount
    }
    return Written(files: [], digests: nil, toleratedCount: toleratedCount)
  }

  /// Whether a file is there that is, byte for byte, what would be written: what has been left is not
  /// trusted.
  private func isFinished(
    _ number: Int, _ path: String, _ writing: Writing
  ) async throws(FormatError) -> Bool {
    guard try SystemCalls.linkStatus(path) != nil else { return false }
    let file: ComparedFile
    do throws(FormatError) {
      file = ComparedFile(try FileSource(path: path))
    } catch  where error.code == .unsupported {
      // Something else than a file.
      return false
    } catch {
      throw error
    }
    do throws(FormatError) {
      let plainByteCount = tensors.files[number].byteCount
      if options.compression == nil { try file.expectEnd(at: plainByteCount) }
      let counts = try await write(number..<number + 1, to: [file], writing)
      for count in counts { try file.expectEnd(at: count) }
      guard options.compression == nil else { return true }
      // Nobody writes what lies between tensors.
      for gap in ranges(ofFile: number).gaps(upTo: plainByteCount) { try file.expectZeros(gap) }
      return true
    } catch {
      if file.hasDifference { return false }
      throw error
    }
  }
}
