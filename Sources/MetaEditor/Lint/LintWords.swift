/// Lists of English words that lints know.
enum LintWords {
  /// Words that say nothing of what a sentence is about.
  static let stop: Set<String> = words(
    """
    a about above after all also am among an and any are as at be because been before being below
    between both but by can could did do does doing down during each either every few for from further
    had has have having he her here hers him his how i if in into is it its itself just least less like
    may me might more most much must my no nor not of off on once one only or other our out over own per
    same she should so some such than that the their them then there these they this those through to
    too under until up upon very was we well were what when where whether which while who whom why will
    with within without would you your
    """)

  /// Words that stand in most rubrics, whatever they ask for.
  static let rubric: Set<String> = words(
    """
    answer answers assess assign criteria criterion evaluate essay essays give grade integer judge level
    levels lower paper point points quality rate rating response responses sample score scores scoring
    student submission text texts total writing
    """)

  /// Nouns for what is bad, so that having none of it is good.
  static let faults: Set<String> = words(
    """
    bias biases blunder blunders cliche cliches confusion contradiction contradictions copying deviation
    deviations digression digressions distraction distractions error errors fabrication fabrications
    fallacies fallacy falsehood falsehoods fault faults filler flaw flaws fluff fragment fragments gap
    gaps grammatical hallucination hallucinations harm harmful hate inaccuracies inaccuracy inappropriate
    inconsistencies inconsistency incorrect irrelevance irrelevant issue issues jargon jump jumps lapse
    lapses leap leaps misconception misconceptions misspelling misspellings mistake mistakes misuse
    needless nonsense offensive omission omissions padding plagiarism problem problems profanity
    redundancies redundancy redundant repetition repetitions repetitive spam stereotype stereotypes
    tangent tangents toxic typo typos unclear unfounded unnecessary unneeded unrelated unsafe unsupported
    vague violation violations weakness weaknesses wrong
    """)

  /// Verbs for what a good answer does.
  static let deeds: [String: String] = {
    let forms: [String: String] = [
      "accomplish": "accomplishes accomplished accomplishing",
      "acknowledge": "acknowledges acknowledged acknowledging",
      "address": "addresses addressed addressing", "answer": "answers answered answering",
      "cite": "cites cited citing", "complete": "completes completed completing",
      "convey": "conveys conveyed conveying", "cover": "covers covered covering",
      "demonstrate": "demonstrates demonstrated demonstrating",
      "describe": "describes described describing", "develop": "develops developed developing",
      "discuss": "discusses discussed discussing", "engage": "engages engaged engaging",
      "explain": "explains explained explaining", "follow": "follows followed following",
      "identify": "identifies identified identifying", "include": "includes included including",
      "justify": "justifies justified justifying", "maintain": "maintains maintained maintaining",
      "meet": "meets met meeting", "mention": "mentions mentioned mentioning",
      "present": "presents presented presenting", "provide": "provides provided providing",
      "refute": "refutes refuted refuting", "satisfy": "satisfies satisfied satisfying",
      "state": "states stated stating", "support": "supports supported supporting",
      "use": "uses used using",
    ]
    var deeds: [String: String] = [:]
    for (stem, others) in forms {
      deeds[stem] = stem
      for other in words(others) { deeds[other] = stem }
    }
    return deeds
  }()

  /// Words that make a denial partial: "does not address all".
  static let whole: Set<String> = words(
    """
    all always completely consistently each enough entire entirely every everything exactly explicitly
    full fully highest just maximum merely most much necessarily only particularly perfectly quite really
    simply sufficiently too totally very well whole
    """)

  /// What levels are called, worst first; words of one rank are alike.
  static let ladder: [String: Int] = {
    let ranks = [
      "absent failing fail fails unacceptable missing none nonexistent",
      "poor bad weak inadequate minimal",
      "fair limited developing partial basic marginal insufficient",
      "satisfactory adequate acceptable average competent moderate sufficient",
      "good strong proficient solid",
      "excellent outstanding exceptional exemplary superior perfect",
    ]
    var ladder: [String: Int] = [:]
    for (rank, list) in ranks.enumerated() { for word in words(list) { ladder[word] = rank } }
    return ladder
  }()

  /// What judges answer in classification tasks.
  static let labels: Set<String> = words(
    """
    accept accepted agree bad correct disagree entailed fail false good harmful harmless incorrect
    invalid negative no pass positive refuted reject rejected right safe supported true unsafe valid
    wrong yes
    """)

  /// Names that general rubrics use.
  static let commonNames: Set<String> = words(
    """
    american april arabic asian august british chinese december dutch earth english european february
    french friday german god greek hindi i internet italian january japanese july june korean latex
    latin likert march markdown may monday november october portuguese russian saturday september
    spanish standard sunday thursday tuesday unicode web wednesday
    """)

  private static func words(_ list: String) -> Set<String> {
    Set(list.split(whereSeparator: \.isWhitespace).map(String.init))
  }

  /// The word without its ending, so that forms of one word are alike; rough, and only for comparing.
  static func stem(_ word: String) -> String {
    for (ending, put) in [
      ("ically", ""), ("fully", ""), ("ency", ""), ("ence", ""), ("ance", ""), ("ments", ""),
      ("ment", ""), ("ness", ""), ("ities", ""), ("ity", ""), ("ions", ""), ("ion", ""),
      ("ing", ""),
      ("ies", "y"), ("ent", ""), ("ant", ""), ("ed", ""), ("ly", ""), ("es", ""), ("s", ""),
      ("e", ""),
    ] where word.hasSuffix(ending) && word.utf8.count - ending.utf8.count >= 4 {
      return stem(String(word.dropLast(ending.count)) + put)
    }
    return word
  }

  /// Whether a word says what a sentence is about.
  static func isContent(_ word: String) -> Bool {
    word.utf8.count >= 3 && !stop.contains(word) && !rubric.contains(word)
  }
}
