/// Every layout that can be converted, and every transform between two of them.
///
/// A new layout is one file that holds its ``Layout`` and its ``Transform``s, and one line here; the
/// law tests run over whatever stands here.
public enum Layouts {
  /// Layouts with the transforms that their files define.
  private static let table: [(layout: Layout, transforms: [Transform])] = [
    (.f32, []),
    (.f16, F16.transforms),
    (.bf16, BF16.transforms),
    (.q1_0, Q1_0.transforms + Q1_0.rounding),
    (.awq, AWQ.transforms),
    (.mlx1, MLX1.transforms),
    (.mlx1Group64, MLX1.transforms64),
    (.mlx1Group32, MLX1.transforms32),
    (.q1_0Group32, Q1_0Group32.transforms),
  ]

  /// Every layout.
  public static let all: [Layout] = table.map(\.layout)

  /// Every transform.
  public static let transforms: [Transform] = table.flatMap(\.transforms)

  /// The layout of that name.
  public static func named(_ name: String) -> Layout? { all.first { $0.name == name } }
}
