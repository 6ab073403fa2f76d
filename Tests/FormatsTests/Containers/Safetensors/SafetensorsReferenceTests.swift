import Testing

@testable import Formats

/// What the tests and attacks of the reference reader try, composed anew, with its verdicts; where
/// ours is another, Specs/safetensors.md §9 says so.
@Suite struct SafetensorsReferenceTests {
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let isAccepted: Bool
    let bytes: [UInt8]

    init(_ name: String, accepted: Bool = false, _ bytes: [UInt8]) {
      testDescription = name
      isAccepted = accepted
      self.bytes = bytes
    }

    init(_ name: String, accepted: Bool = false, _ header: String, _ dataByteCount: Int = 0) {
      self.init(name, accepted: accepted, safetensors(header, dataByteCount: dataByteCount))
    }
  }

  private static func one(
    _ shape: String, _ offsets: String = "[0,16]", type: String = "I32"
  ) -> String {
    #"{"test":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}}"#
  }

  /// Tensors that all lie on the same bytes.
  private static func overlaid(_ count: Int, _ shape: String, _ byteCount: Int) -> String {
    let entries = (0..<count).map {
      #""weight_\#($0)":{"dtype":"F32","shape":\#(shape),"data_offsets":[0,\#(byteCount)]}"#
    }
    return "{\(entries.joined(separator: ","))}"
  }

  static let accepted = [
    Case("test_empty", accepted: true, "{}"),
    Case("test_deserialization", accepted: true, one("[2,2]"), 16),
    Case("test_empty_shapes_allowed", accepted: true, one("[]", "[0,4]"), 4),
    Case("test_zero_sized_tensor", accepted: true, one("[2,0]", "[0, 0]")),
    Case("test_whitespace_padded_header, spaces", accepted: true, "{}    "),
    Case("test_serialization_fp4", accepted: true, one("[1,2]", "[0,1]", type: "F4"), 1),
    Case(
      "test_serialization_forced_alignment", accepted: true,
      #"{"a":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       "#, 24),
  ]

  static let refused = [
    Case("test_json_attack", overlaid(10, "[2,2]", 16), 16),
    Case("test_metadata_incomplete_buffer, too much", one("[2,2]"), 16 + 35),
    Case("test_metadata_incomplete_buffer, too little", one("[2,2]"), 14),
    Case(
      "test_header_too_large",
      [0x3C, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF] + Array(one("[2,2]").utf8)
        + [UInt8](repeating: 0, count: 16)),
    Case("test_header_too_small", []),
    Case("test_invalid_header_length", [0x3C, 0, 0, 0, 0, 0, 0, 0]),
    Case("test_invalid_header_non_utf8", [1, 0, 0, 0, 0, 0, 0, 0, 0xFF]),
    Case("test_invalid_header_not_json", "{"),
    Case("test_invalid_info", one("[2,2]", "[0, 4]")),
    Case("test_validation_overflow, the shape", one("[2,18446744073709551614]"), 16),
    Case("test_validation_overflow, the bytes", one("[2,9223372036854775807]"), 16),
    Case("test_fp4_misaligned", one("[1,3]", "[0,2]", type: "F4"), 2),
    Case("abuse attempt 1: a longer header than file", [0xE8, 3, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]),
    Case("abuse attempts 2 and 3: many tensors on few bytes", overlaid(2000, "[2,2]", 16), 4096),
  ]

  /// Here the description counts, and the reference takes more.
  static let different = [
    Case("test_whitespace_padded_header, line breaks", "{}\r \t\n"),
    Case("test_whitespace_leading_padded_header", "\t\n{}\r "),
    Case("repeated names", #"{"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"a":{}}"#, 1),
  ]

  @Test(arguments: accepted + refused + different)
  func verdict(_ example: Case) async throws {
    let error = await failure { _ = try open(example.bytes) }
    #expect((error == nil) == example.isAccepted, "\(error?.description ?? "accepted")")
    try await expectVerdict(example.bytes, isAccepted: example.isAccepted)
  }

  /// The third attempt as it is: 100,000 tensors, refused in the time that reading takes.
  @Test func manyTensorsOnTheSameBytes() async throws {
    let bytes = safetensors(Self.overlaid(100_000, "[200,200]", 160_000), dataByteCount: 160_000)
    var error: FormatError?
    let time = computing { error = refusal(of: bytes) }
    #expect(error?.message.contains("before that of") == true)
    #expect(time < .seconds(30), "a debug build takes some seconds; quadratic, it takes minutes")
  }

  private func refusal(of bytes: [UInt8]) -> FormatError? {
    do throws(FormatError) {
      _ = try open(bytes)
      return nil
    } catch {
      return error
    }
  }
}
