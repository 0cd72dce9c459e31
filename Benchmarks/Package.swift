// swift-tools-version: 6.3

import PackageDescription

let checked: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

// A package of its own, so that nobody builds it who only uses the library.
let package = Package(
  name: "rubric-store-benchmarks",
  // Without its traits: nothing here asks a model.
  dependencies: [.package(name: "rubric-store", path: "..", traits: [])],
  targets: [
    // Not `CLibYAML`: a target's name stands once in a package and all that it depends on.
    .systemLibrary(
      name: "CFloorYAML",
      path: "floor/libyaml",
      pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev", "pkg-config"]), .brew(["libyaml"])]
    ),
    .systemLibrary(
      name: "CFloorGit2",
      path: "floor/libgit2",
      pkgConfig: "libgit2",
      providers: [.apt(["libgit2-dev", "pkg-config"]), .brew(["libgit2"])]
    ),
    .target(
      name: "CFloor",
      dependencies: ["CFloorGit2", "CFloorYAML"],
      path: "floor",
      exclude: ["libgit2", "libyaml"],
      cSettings: [.unsafeFlags(["-Wall", "-Wextra", "-Werror"])]
    ),
    .executableTarget(
      name: "bench",
      dependencies: [
        .product(name: "RubricStore", package: "rubric-store"),
        .product(name: "MetaEditor", package: "rubric-store"), "CFloor",
      ],
      swiftSettings: checked
    ),
  ]
)
