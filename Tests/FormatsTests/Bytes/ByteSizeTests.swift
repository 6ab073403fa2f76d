import Formats
import Testing

@Suite struct ByteSizeTests {
  @Test(arguments: [
    ("1", 1), ("1000000", 1_000_000), ("7B", 7), ("2KB", 2000), ("3mb", 3_000_000),
    ("5GB", 5_000_000_000), ("1TB", 1_000_000_000_000), ("2KiB", 2048), ("3MIB", 3_145_728),
    ("5GiB", 5_368_709_120), ("1tib", 1_099_511_627_776),
    ("2k", 2000), ("3M", 3_000_000), ("5G", 5_000_000_000), ("1T", 1_000_000_000_000),
    ("9223372036854775807", .max),
  ])
  func reads(_ text: String, _ count: Int) throws {
    #expect(try ByteSize(parsing: text).byteCount == count)
  }

  @Test(arguments: ["", "GB", "-1", "+1", "1.5GB", "1 GB", "5GBs", "5Gi", "٣GB", "0x10"])
  func refuses(_ text: String) {
    #expect(
      message { () throws(FormatError) in _ = try ByteSize(parsing: text) }
        == "needed a size such as 5GB, 512MiB or 1000000, found '\(text)'")
  }

  @Test func refusesZeroAndOverflow() {
    #expect(
      message { () throws(FormatError) in _ = try ByteSize(parsing: "0GB") }
        == "needed a size of at least one byte")
    for text in ["9223372036854775808", "9000000000GiB", "99999999999999999999999B"] {
      #expect(
        message { () throws(FormatError) in _ = try ByteSize(parsing: text) }
          == "the size '\(text)' does not fit 64 bits")
    }
  }
}
