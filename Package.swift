// swift-tools-version: 6.3

import PackageDescription

let checked: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// A library says which of its imports its clients see.
let strict = checked + [.enableUpcomingFeature("InternalImportsByDefault")]

let package = Package(
  name: "rubric-store",
  products: [
    .library(name: "RubricStore", targets: ["RubricStore"]),
    .executable(name: "rubricctl", targets: ["rubricctl"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    .systemLibrary(
      name: "CLibGit2",
      pkgConfig: "libgit2",
      providers: [.apt(["libgit2-dev", "pkg-config"]), .brew(["libgit2"])]
    ),
    .systemLibrary(
      name: "CLibYAML",
      pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev", "pkg-config"]), .brew(["libyaml"])]
    ),
    .target(
      name: "RubricStore",
      dependencies: ["CLibGit2", "CLibYAML"],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "rubricctl",
      dependencies: [
        "RubricStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: checked
    ),
    .testTarget(
      name: "RubricStoreTests",
      dependencies: ["RubricStore"],
      exclude: ["Fixtures"],
      swiftSettings: strict
    ),
    // Runs the program that was built; the dependency is there so that it is.
    .testTarget(
      name: "rubricctlTests",
      dependencies: ["rubricctl"],
      exclude: ["Fixtures", "Snapshots"],
      swiftSettings: checked
    ),
  ]
)
