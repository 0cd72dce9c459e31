import MetaEditor
import Testing

/// Whether two numbers are the same to `digits` digits behind the point.
private func near(_ left: Double?, _ right: Double, _ digits: Int = 12) -> Bool {
  guard let left else { return false }
  var unit = 1.0
  for _ in 0..<digits { unit /= 10 }
  return (left - right).magnitude <= unit
}

/// Expected values are worked out by hand, from the papers named, or with SciPy 1.17.
@Suite struct StatisticsTests {
  /// The first numbers that other programs get from this seed.
  @Test func splitMix64() {
    var random = SplitMix64(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
    #expect(random.next() == 9_817_491_932_198_370_423)
    for _ in 0..<1_000 {
      #expect((0..<1).contains(random.unit()))
      #expect(random.normal().isFinite)
    }
  }

  @Test func momentsOfNothingAreNothing() {
    #expect(Statistics.mean([]) == nil)
    #expect(Statistics.mean([.nan, .infinity]) == nil)
    #expect(Statistics.variance([]) == nil)
    #expect(Statistics.variance([3]) == nil)
    #expect(Statistics.variance([3, .nan]) == nil)
    #expect(Statistics.median([]) == nil)
    #expect(Statistics.median([.nan]) == nil)
  }

  @Test func moments() {
    #expect(Statistics.mean([7]) == 7)
    #expect(near(Statistics.mean([2, 4, 4, 4, 5, 5, 7, 9]), 5))
    #expect(near(Statistics.variance([2, 4, 4, 4, 5, 5, 7, 9]), 32.0 / 7))
    #expect(Statistics.variance([3, 3, 3]) == 0)
    #expect(Statistics.median([3, 1, 2]) == 2)
    #expect(Statistics.median([4, 1, 2, 3]) == 2.5)
    #expect(Statistics.median([4, .nan, 2]) == 3)
  }

  @Test func largeNumbersDoNotOverflowTheMean() {
    let most = Double.greatestFiniteMagnitude
    #expect(Statistics.mean([most, most]) == most)
    #expect(Statistics.median([most, most]) == most)
    #expect(Statistics.variance([most, -most]) == nil)
  }

  @Test(arguments: [
    (1e-300, -37.0470962993612), (1e-20, -9.262340089798409), (1e-10, -6.361340902404056),
    (0.001, -3.090232306167813), (0.02425, -1.972961051311885), (0.074, -1.4466320671589785),
    (0.1, -1.2815515655446004), (0.3, -0.5244005127080409), (0.5, 0), (0.7, 0.5244005127080407),
    (0.925, 1.4395314709384563), (0.975, 1.959963984540054), (0.9999, 3.719016485455709),
  ])
  func normalQuantiles(_ p: Double, _ expected: Double) {
    let found = Statistics.normalQuantile(p)
    #expect((found - expected).magnitude <= 1e-13 * max(1, expected.magnitude), "\(found)")
  }

  @Test func quantilesAtTheEndsAreInfinite() {
    #expect(Statistics.normalQuantile(0) == -.infinity)
    #expect(Statistics.normalQuantile(-1) == -.infinity)
    #expect(Statistics.normalQuantile(1) == .infinity)
    #expect(Statistics.normalQuantile(2) == .infinity)
    #expect(Statistics.normalQuantile(.nan) == 0)
  }

  @Test func confidences() {
    #expect(near(Confidence(0.95).criticalValue, 1.959963984540054))
    #expect(near(Confidence(0.9).criticalValue, 1.6448536269514722))
    // 0.05 over ten is 0.005, of which half lies at each side.
    #expect(near(Confidence(0.95, comparisons: 10).criticalValue, 2.807033768343811))
    #expect(Confidence(0).criticalValue == 0)
    for level in [-1, 1, 2, Double.nan, .infinity] {
      let value = Confidence(level, comparisons: -3).criticalValue
      #expect(value.isFinite && value >= 0)
    }
  }

  /// The rows with 263 and 148 are of table I in Newcombe, Statistics in Medicine 17 (1998), to more
  /// digits.
  @Test(arguments: [
    (0, 10, 0.95, 0, 0.27753279986288926), (10, 10, 0.95, 0.7224672001371109, 1),
    (1, 1, 0.95, 0.20654931437723745, 1), (3, 10, 0.95, 0.1077912674063, 0.60322185253885),
    (81, 263, 0.95, 0.2552885198782742, 0.3662095769828),
    (15, 148, 0.95, 0.06238639953073629, 0.1604872417233),
    (5, 100, 0.99, 0.016848316042600675, 0.139150302901664),
  ])
  func wilson(_ k: Int, _ n: Int, _ level: Double, _ lower: Double, _ upper: Double) {
    let share = Statistics.share(k, of: n, confidence: Confidence(level))
    #expect(near(share?.value, Double(k) / Double(n)))
    #expect(near(share?.lower, lower))
    #expect(near(share?.upper, upper))
    #expect(share?.count == n)
  }

  @Test func sharesOfNothing() {
    #expect(Statistics.share(0, of: 0) == nil)
    #expect(Statistics.share(1, of: -1) == nil)
    #expect(Statistics.share(9, of: 3)?.value == 1)
    #expect(Statistics.share(-9, of: 3)?.value == 0)
  }

  /// Two correlations of Zou's kind: 0.49 [0.355, 0.605] and 0.363 [0.165, 0.534].
  @Test func differences() {
    let difference = Statistics.difference(
      Estimate(value: 0.49, lower: 0.355, upper: 0.605, count: 145),
      Estimate(value: 0.363, lower: 0.165, upper: 0.534, count: 87))
    #expect(near(difference.value, 0.127))
    // √(0.135² + 0.171²) and √(0.115² + 0.198²)
    #expect(near(difference.lower, 0.127 - 0.217866, 6))
    #expect(near(difference.upper, 0.127 + 0.228974, 6))
    #expect(difference.count == 87)
  }
}

@Suite struct RankCorrelationTests {
  @Test func ranksShareTies() {
    #expect(Statistics.ranks([]) == [])
    #expect(Statistics.ranks([5]) == [1])
    #expect(Statistics.ranks([3, 1, 2]) == [3, 1, 2])
    #expect(Statistics.ranks([1, 2, 2, 3, 4, 4, 4, 5]) == [1, 2.5, 2.5, 4, 6, 6, 6, 8])
    #expect(Statistics.ranks([0, -0.0]) == [1.5, 1.5])
    #expect(Statistics.ranks([2, .nan, 1, .infinity]) == [2, 0, 1, 0])
  }

  @Test func fewAndConstantColumns() {
    #expect(Statistics.spearman([], []) == nil)
    #expect(Statistics.spearman([1], [2]) == nil)
    #expect(Statistics.spearman([1, 1, 1], [1, 2, 3]) == nil)
    #expect(Statistics.spearman([1, .nan], [1, 2]) == nil)
    let two = Statistics.spearman([1, 2], [4, 3])
    #expect(two == Estimate(value: -1, lower: -1, upper: 1, count: 2))
    #expect(Statistics.spearman([1, 2, 3], [1, 3, 2])?.lower == -1)
  }

  /// The pairs without ties are those of many textbooks: 1 - 6·194/990 = -29/165.
  @Test func spearman() {
    let quotient: [Double] = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110]
    let hours: [Double] = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17]
    let plain = Statistics.spearman(quotient, hours)
    #expect(near(plain?.value, -29.0 / 165))
    #expect(near(plain?.lower, -0.7278300282394071))
    #expect(near(plain?.upper, 0.5145466616329561))
    let tied = Statistics.spearman([1, 2, 2, 3, 4, 4, 4, 5], [2, 1, 3, 3, 5, 4, 4, 6])
    #expect(near(tied?.value, 0.9256265453136692))
    #expect(near(tied?.lower, 0.522210783918161))
    #expect(near(tied?.upper, 0.9905397830783911))
  }

  @Test func perfectRanksAreNotSurerThanTheirNumber() throws {
    let four = try #require(Statistics.spearman([1, 2, 3, 4], [1, 2, 3, 4]))
    #expect(four.value == 1 && four.upper == 1 && four.lower < 0)
    let column = (0..<100).map(Double.init)
    let many = try #require(Statistics.spearman(column, column.map { -$0 }))
    #expect(many.value == -1 && many.lower == -1 && many.upper < -0.999)
  }

  @Test func numbersThatAreNotFiniteAreLeftOut() {
    let plain = Statistics.spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    let gaps = Statistics.spearman(
      [1, 2, .nan, 3, 4, 5, 9], [2, 1, 7, 4, 3, 5, .infinity])
    #expect(plain == gaps)
    #expect(Statistics.spearman([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 5]) == plain)
  }

  /// Compared with the correlation of what least squares leaves of the ranks.
  @Test func partial() {
    let x: [Double] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]
    let y: [Double] = [2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5]
    let z: [Double] = [1, 4, 1, 4, 2, 1, 3, 5, 6, 2, 3, 7]
    let w: [Double] = [5, 3, 8, 1, 7, 2, 9, 4, 6, 10, 12, 11]
    let one = Statistics.partialSpearman(x, y, given: [z])
    #expect(near(one?.value, 0.12778372519497502))
    #expect(near(one?.lower, -0.5133653612973254))
    #expect(near(one?.upper, 0.6773824118552276))
    let two = Statistics.partialSpearman(x, y, given: [z, w])
    #expect(near(two?.value, 0.2361069351940214))
    #expect(near(two?.lower, -0.4702590064721083))
    #expect(near(two?.upper, 0.7580850722962077))
    let constant = Statistics.partialSpearman(x, y, given: [x.map { _ in 1 }])
    #expect(constant == Statistics.spearman(x, y))
    #expect(near(constant?.value, 0.1415796863640157))
    #expect(Statistics.partialSpearman(x, y, given: [x]) == nil)
  }

  @Test func lawsOfRankCorrelation() {
    forAll(cases: 300) { random, seed in
      let count = 2 + random.below(40)
      let kinds = 1 + random.below(6)
      let left = (0..<count).map { _ in Double(random.below(kinds)) }
      let right = (0..<count).map { _ in random.normal() }
      guard let found = Statistics.spearman(left, right) else {
        #expect(Set(left).count == 1, "seed \(seed)")
        return
      }
      #expect((-1...1).contains(found.value), "seed \(seed)")
      #expect(-1 <= found.lower && found.lower <= found.value, "seed \(seed)")
      #expect(found.value <= found.upper && found.upper <= 1, "seed \(seed)")
      #expect(found == Statistics.spearman(right, left), "seed \(seed)")
      // Only the order counts, and only its direction decides the sign.
      #expect(found == Statistics.spearman(left.map { $0 * $0 * 8 + 1 }, right), "seed \(seed)")
      let mirrored = Statistics.spearman(left.map { -$0 }, right)
      #expect(mirrored?.value == -found.value, "seed \(seed)")
      let order = (0..<count).shuffled(using: &random)
      let shuffled = Statistics.spearman(order.map { left[$0] }, order.map { right[$0] })
      #expect(shuffled == found, "seed \(seed): the order of rows changes the last digit")
    }
  }

  /// Intervals at 0.95 hold the correlation of the population in about 95 of 100 samples; for normal
  /// variables with correlation r it is 6/π · asin(r/2).
  @Test(arguments: [(0.0, 0.0), (0.5, 0.4825837), (0.8, 0.7859393)])
  func coverage(_ r: Double, _ rho: Double) {
    var random = SplitMix64(seed: 11)
    var held = 0
    for _ in 0..<1_000 {
      let left = (0..<60).map { _ in random.normal() }
      let right = left.map { r * $0 + (1 - r * r).squareRoot() * random.normal() }
      guard let found = Statistics.spearman(left, right) else { continue }
      if found.lower <= rho, rho <= found.upper { held += 1 }
    }
    #expect((920...975).contains(held), "seed 11: held \(held) of 1000 times")
  }
}
