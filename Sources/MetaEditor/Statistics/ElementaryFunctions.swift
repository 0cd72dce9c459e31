#if canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Darwin)
  internal import Darwin
#endif

/// The functions of the C library that statistics take; nothing else here imports it.
enum Elementary {
  static func log(_ x: Double) -> Double { naturalLog(x) }
  static func tanh(_ x: Double) -> Double { hyperbolicTangent(x) }
  static func atanh(_ x: Double) -> Double { inverseHyperbolicTangent(x) }
}

// Outside the enumeration, where the names are the C library's.
private func naturalLog(_ x: Double) -> Double { log(x) }
private func hyperbolicTangent(_ x: Double) -> Double { tanh(x) }
private func inverseHyperbolicTangent(_ x: Double) -> Double { atanh(x) }
