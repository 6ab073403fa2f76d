/// A made-up byte-level vocabulary of any size: 256 bytes, then pairs and triples of them, then the
/// special tokens of Qwen3 at the ids where Qwen3 has them, then padding.
struct SampleVocabulary {
  private(set) var tokens: [String] = []
  private(set) var merges: [String] = []
  private(set) var types: [Int32] = []
  private(set) var endOfText: UInt32 = 0
  private(set) var endOfTurn: UInt32 = 0

  init(size: Int, mergeCount: Int) {
    let alphabet = Self.alphabet()
    tokens = alphabet.map(String.init)
    for index in 0..<mergeCount {
      let pair = index % 65_536
      let (first, second) = (alphabet[pair / 256], alphabet[pair % 256])
      // The first round makes pairs; each later one adds another byte to each of them.
      let round = index / 65_536
      let left = round == 0 ? String(first) : String(first) + String(second)
      let right = String(round == 0 ? second : alphabet[(pair + 97 * round) % 256])
      merges.append(left + " " + right)
      tokens.append(left + right)
    }
    types = Array(repeating: 1, count: tokens.count)
    endOfText = UInt32(tokens.count)
    endOfTurn = endOfText + 2
    for token in Self.special {
      tokens.append(token)
      types.append(Self.userDefined.contains(token) ? 4 : 3)
    }
    while tokens.count < size {
      tokens.append("[PAD\(tokens.count)]")
      types.append(5)
    }
  }

  /// How GPT-2 shows bytes: printable ones as themselves and first, the others from U+0100 on.
  private static func alphabet() -> [Character] {
    let printable = Array(0x21...0x7E) + Array(0xA1...0xAC) + Array(0xAE...0xFF)
    let others = 256 - printable.count
    return (printable + Array(0x100..<0x100 + others)).compactMap {
      Unicode.Scalar($0).map(Character.init)
    }
  }

  private static let special = [
    "<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|object_ref_start|>", "<|object_ref_end|>",
    "<|box_start|>", "<|box_end|>", "<|quad_start|>", "<|quad_end|>", "<|vision_start|>",
    "<|vision_end|>", "<|vision_pad|>", "<|image_pad|>", "<|video_pad|>", "<tool_call>",
    "</tool_call>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|fim_pad|>",
    "<|repo_name|>", "<|file_sep|>", "<tool_response>", "</tool_response>", "<think>", "</think>",
  ]
  private static let userDefined: Set<String> = [
    "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<think>", "</think>",
  ]
  static let specialCount = special.count
}
