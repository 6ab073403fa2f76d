import Testing

@testable import Formats

/// How a single file can come.
enum Way: CaseIterable {
  case stream, packed, seekable

  func error(_ bytes: [UInt8], _ folder: TemporaryFolder) async throws -> FormatError? {
    do {
      switch self {
      case .stream:
        let stream = StreamSource(PassingBytes(bytes))
        let model = try Model(reading: stream)
        try model.checkEnds()
      case .packed:
        let path = try folder.write("packed-\(bytes.count).zst", Packed.plain(bytes))
        let model = try Model(opening: path)
        #expect(model.isPassing)
        try model.checkEnds()
      case .seekable:
        let path = try await folder.write("seekable-\(bytes.count).zst", Packed.written(bytes))
        _ = try Model(opening: path)
      }
      return nil
    } catch let error as FormatError {
      return error
    }
  }

  /// What lies behind the last tensor is looked at only where a stream must end; and where a type is
  /// not known, nobody knows where that is.
  func mayDiffer(_ odd: OddFile, _ error: FormatError?) -> Bool {
    self != .seekable && error?.message.hasSuffix("bytes, and more follow") == true
  }

  /// Where nobody knows the end, a count beyond it is met by a limit, or by the end itself; and
  /// what lies behind the last tensor is a fault only of a stream.
  func mayDiffer(_ example: HostileCase, _ error: FormatError?) -> Bool {
    // One of several files finds the others by its own name.
    if self == .stream, error?.message.contains("do not come this way") == true { return true }
    return self != .seekable && example.code == .truncated
      && (error?.code == .limit || error?.code == .malformed)
  }
}

/// Holds a file against its verdict, by its path and whichever other way it comes.
func expectVerdict(_ bytes: [UInt8], isAccepted: Bool) async throws {
  let folder = try TemporaryFolder()
  let error = await failure { _ = try Model(opening: folder.write("input", bytes)) }
  #expect((error == nil) == isAccepted, "\(error?.description ?? "accepted")")
  for way in Way.allCases {
    let error = try await way.error(bytes, folder)
    #expect((error == nil) == isAccepted, "\(way): \(error?.description ?? "accepted")")
  }
}
