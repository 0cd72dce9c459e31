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
    .library(name: "MetaEditor", targets: ["MetaEditor"]),
    .library(name: "MetaEditorConformance", targets: ["MetaEditorConformance"]),
    .library(name: "ModelEndpoint", targets: ["ModelEndpoint"]),
    // The C ABI: librubricstore.so, which the Python package carries.
    .library(name: "rubricstore", type: .dynamic, targets: ["RubricStoreABI"]),
    .executable(name: "rubricctl", targets: ["rubricctl"]),
    .executable(name: "rubricctl-model", targets: ["rubricctl-model"]),
  ],
  traits: [
    .trait(
      name: "Networking",
      description: "Asks language models over HTTP: what ModelEndpoint and rubricctl-model do."),
    .default(enabledTraits: ["Networking"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
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
    // Scores batches in the vectors of the processor at hand.
    .target(name: "CBatchKernel"),
    .target(
      name: "RubricStore",
      dependencies: ["CBatchKernel", "CLibGit2", "CLibYAML"],
      swiftSettings: strict
    ),
    .target(
      name: "MetaEditor",
      dependencies: ["RubricStore"],
      swiftSettings: strict
    ),
    .target(
      name: "MetaEditorConformance",
      dependencies: ["MetaEditor", "RubricStore"],
      swiftSettings: strict
    ),
    // The C ABI's header, which is its contract.
    .systemLibrary(name: "CRubricStore"),
    // What stands behind the header.
    .target(
      name: "RubricStoreABI",
      dependencies: ["CRubricStore", "MetaEditor", "RubricStore"],
      swiftSettings: strict
    ),
    // Declares what is used of libcurl, which is loaded when it is first needed.
    .systemLibrary(name: "CLibCurl"),
    // The only target that knows of the network.
    .target(
      name: "ModelEndpoint",
      dependencies: [
        "CLibCurl", "MetaEditor", "RubricStore",
        .product(
          name: "Mustache", package: "swift-mustache", condition: .when(traits: ["Networking"])),
      ],
      swiftSettings: strict
    ),
    .target(
      name: "RubricCommands",
      dependencies: [
        "MetaEditor", "RubricStore",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: checked
    ),
    .executableTarget(
      name: "rubricctl",
      dependencies: ["RubricCommands"],
      swiftSettings: checked
    ),
    // The same commands with what asks a model, so that the others need not load it.
    .executableTarget(
      name: "rubricctl-model",
      dependencies: ["MetaEditor", "ModelEndpoint", "RubricCommands"],
      swiftSettings: checked
    ),
    // An example that is run and not installed.
    .executableTarget(
      name: "mpo-loop",
      dependencies: ["MetaEditor", "RubricStore"],
      path: "examples/mpo_loop/Sources",
      swiftSettings: checked
    ),
    .testTarget(
      name: "RubricStoreTests",
      dependencies: ["RubricStore"],
      exclude: ["Fixtures"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "MetaEditorTests",
      dependencies: ["MetaEditor", "MetaEditorConformance", "ModelEndpoint", "RubricStore"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "RubricStoreABITests",
      dependencies: ["CRubricStore", "RubricStore", "RubricStoreABI"],
      swiftSettings: strict
    ),
    // Runs the programs that were built; the dependencies are there so that they are.
    .testTarget(
      name: "rubricctlTests",
      dependencies: ["rubricctl", "rubricctl-model"],
      exclude: ["Fixtures", "Snapshots"],
      swiftSettings: checked
    ),
  ]
)
