// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "Loader",
  platforms: [.macOS("26.0")],
  // The name is given because the folder of a checkout may have any other.
  dependencies: [.package(name: "bonsai-fmt", path: "../..")],
  targets: [
    .executableTarget(
      name: "Loader",
      dependencies: [.product(name: "Formats", package: "bonsai-fmt")],
      swiftSettings: [.swiftLanguageMode(.v6), .strictMemorySafety()])
  ]
)
