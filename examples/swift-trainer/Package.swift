// swift-tools-version: 6.3

import PackageDescription

// A trainer of its own that depends on the library, here by path. From elsewhere:
// .package(url: "https://…/rubric-store", from: "0.1.0", traits: [])
let package = Package(
  name: "swift-trainer",
  dependencies: [
    // Without the trait Networking nothing is built that asks models over HTTP.
    .package(name: "rubric-store", path: "../..", traits: [])
  ],
  targets: [
    .executableTarget(
      name: "swift-trainer",
      dependencies: [
        .product(name: "MetaEditor", package: "rubric-store"),
        .product(name: "RubricStore", package: "rubric-store"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
    )
  ]
)
