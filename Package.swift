// swift-tools-version: 6.2

import PackageDescription

/// One strict set of settings for every target.
let language: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// What ships says `unsafe` wherever it leaves the safe part of the language.
let settings = language + [.strictMemorySafety()]

let package = Package(
  name: "bonsai-fmt",
  // Span and its relatives come with the standard library of these releases.
  platforms: [.macOS("26.0"), .iOS("26.0")],
  products: [
    .library(name: "Formats", targets: ["Formats"]),
    .executable(name: "bonsai-fmt", targets: ["bonsai-fmt"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .target(name: "CShims"),
    .systemLibrary(
      name: "CZstd",
      pkgConfig: "libzstd",
      providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]
    ),
    .target(
      name: "Formats",
      dependencies: [
        "CShims", "CZstd",
        // On Apple's systems the same hash comes with the system, as CryptoKit.
        .product(
          name: "Crypto", package: "swift-crypto",
          condition: .when(platforms: [.linux, .android, .windows])),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "bonsai-fmt",
      dependencies: [
        "Formats",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings
    ),
    .testTarget(
      name: "FormatsTests",
      dependencies: ["Formats", "CZstd"],
      swiftSettings: language
    ),
    .testTarget(
      name: "BonsaiFmtTests",
      dependencies: ["bonsai-fmt"],
      exclude: ["Snapshots"],
      swiftSettings: language
    ),
  ]
)
