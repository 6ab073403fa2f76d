import Testing

@testable import Formats

@Suite("Model card")
struct ModelCardTests {
  func card(
    _ changes: [(String, GGUFValue?)], source: String = "m.gguf", proof: [String] = []
  ) throws -> String {
    let (metadata, tensors) = try MetadataReader.read("micro/q1_0.gguf")
    return try ModelCard(
      metadata: metadata.with(changes), config: ModelConfig(metadata: metadata, tensors: tensors),
      layout: .awq(modulesToNotConvert: nil), notes: .init(source: source, proof: proof)
    ).text
  }

  @Test("The card says what it is, how to serve it and what was checked")
  func whole() throws {
    let text = try card(
      [
        ("general.license", .text("apache-2.0")),
        ("general.base_model.0.repo_url", .text("https://huggingface.co/prism-ml/Bonsai-8B")),
      ], proof: ["all 14 matrices decode to the same bits"])
    #expect(
      text.hasPrefix(
        """
        ---
        license: "apache-2.0"
        base_model: "prism-ml/Bonsai-8B"
        base_model_relation: quantized
        library_name: transformers
        pipeline_tag: text-generation
        tags:
        - awq
        - 4-bit
        - 1-bit
        - bonsai
        - bonsai-fmt
        ---

        # Micro, AWQ, 4 bits, groups of 128

        Made by bonsai-fmt from m\\.gguf: 2 layers, hidden size 128, context 256.

        ## Weights
        """))
    #expect(text.contains("vllm serve . --dtype float16"))
    #expect(
      text.hasSuffix("## What was checked\n\n* all 14 matrices decode to the same bits\n"))
  }

  @Test("Text from a file does nothing but show itself")
  func hostile() throws {
    let text = try card(
      [
        ("general.name", .text("x\n# y [a](http://b) <script> `z` \u{202E}")),
        ("general.license", .text("mit\"\n---\n\u{2028}\u{1F600}é")),
      ], source: "a_b*c*.gguf")
    #expect(
      text.contains(
        ##"# x\\n\# y \[a\]\(http\:\/\/b\) \<script\> \`z\` \\u\{202e\}, AWQ"##))
    #expect(text.contains(#"license: "mit\"\u000A---\u000A\u2028\U0001F600\u00E9""# + "\n"))
    #expect(text.contains(#"from a\_b\*c\*\.gguf:"#))
  }

  @Test("A name without end is cut")
  func long() throws {
    let text = try card([("general.name", .text(String(repeating: "n", count: 100_000)))])
    #expect(text.utf8.count < 3000)
  }
}
