/// A question, and the key to it that nobody but who marks the answers has.
struct Topic: Sendable {
  /// What kind of question it is; the policy writes by kind.
  enum Kind: Int, CaseIterable, Sendable {
    case explain, argue, advise
  }

  let kind: Kind
  /// What the policy is asked.
  let question: String
  /// What answers it, a sentence each.
  let points: [String]
  /// What supports the points, a sentence each, with a reason, a number or a case.
  let evidence: [String]

  static let all: [Topic] = explaining + arguing + advising
}

extension Topic {
  static let explaining: [Topic] = [
    Topic(
      kind: .explain,
      question:
        "Explain why the level of the sea rises when the climate of the earth becomes warmer, and "
        + "which parts of the earth give the most water.",
      points: [
        "Warm water takes up more room than cold water, so the oceans swell.",
        "Glaciers in mountains melt faster than snowfall renews them.",
        "The ice sheet of Greenland loses mass at its surface and its margins.",
        "Antarctica sheds ice where currents thin the shelves that hold glaciers back.",
        "Floating ice adds almost nothing, since it already displaces its own weight.",
      ],
      evidence: [
        "Tide gauges and satellites agree on about 20 centimetres since 1900, because both drivers "
          + "work together.",
        "For example, a block of ice in a full glass melts and not a drop spills.",
        "Expansion made up roughly 40 percent of the recent rise, as floats that measure heat show.",
      ]),
    Topic(
      kind: .explain,
      question:
        "Explain how a vaccine teaches the immune system of the body to stop an illness that it "
        + "never met before.",
      points: [
        "A harmless piece of the germ is shown to white blood cells.",
        "Cells whose receptors happen to fit the piece multiply within days.",
        "Some of them release antibodies that mark the germ for destruction.",
        "Others stay for years as memory cells in lymph nodes and marrow.",
        "On real contact those memory cells respond in hours instead of a week.",
      ],
      evidence: [
        "Antibody counts climb about tenfold after a second dose, because memory cells are reused.",
        "For example, milkmaids who had caught cowpox did not fall ill with smallpox.",
        "Smallpox, which killed 300 million people in a century, was gone by 1980.",
      ]),
    Topic(
      kind: .explain,
      question:
        "Explain what makes bread rise in the oven and why the dough has to rest for some hours "
        + "before it is baked.",
      points: [
        "Yeast ferments sugars and gives off carbon dioxide.",
        "Kneading links gluten proteins into an elastic network.",
        "That network traps gas in thousands of tiny bubbles.",
        "Resting lets enzymes turn starch into sugar and develops flavour.",
        "Heat expands the bubbles, then sets the crumb once proteins stiffen.",
      ],
      evidence: [
        "Rye loaves stay dense because their flour forms hardly any gluten.",
        "For example, a cold night in the fridge gives sourdough its acid aroma.",
        "Yeast dies near 55 degrees, so the last growth in the oven takes about 10 minutes.",
      ]),
  ]

  static let arguing: [Topic] = [
    Topic(
      kind: .argue,
      question:
        "Should a city make its buses free of charge for everyone, or should it spend the same money "
        + "on more buses? Take a side and argue for it.",
      points: [
        "Frequent service wins more drivers over than zero fares do.",
        "Fares are a small share of what commuting by car costs anyway.",
        "Poor households gain more from targeted passes than from blanket subsidy.",
        "Free rides mostly replace walking and cycling on short hops.",
        "Money spent on drivers and lanes shortens waits for all passengers.",
      ],
      evidence: [
        "In Tallinn free travel raised ridership by 14 percent, because pedestrians switched.",
        "For example, Zurich charges high fares and is among the busiest networks per resident.",
        "Surveys rank waiting twice as unpleasant as riding, so a 10 minute headway matters.",
      ]),
    Topic(
      kind: .argue,
      question:
        "Should pupils be allowed to use their phones at school during the breaks? Take a side and "
        + "argue for it with reasons.",
      points: [
        "Breaks are when friendships form, and screens crowd conversation out.",
        "Attention lingers on messages after lessons resume.",
        "Bullying moves to group chats where no teacher notices.",
        "A common rule spares each family the quarrel over exceptions.",
        "Emergencies are handled by the office telephone, as before.",
      ],
      evidence: [
        "A British comparison found weak readers gained 6 percent of a deviation after bans.",
        "For example, Danish playgrounds grew louder and livelier once lockers were introduced.",
        "Interruptions cost about 20 minutes of focus, because tasks must be reloaded.",
      ]),
    Topic(
      kind: .argue,
      question:
        "Should scientists publish the data behind their papers even when others could use the data "
        + "before them? Take a side and argue for it.",
      points: [
        "Findings that nobody can recompute are claims on trust.",
        "Errors surface sooner when strangers rerun the analysis.",
        "Public funds paid for the measurements in most fields.",
        "An embargo of one year protects careers without burying files.",
        "Archives keep records that retired laboratories would lose.",
      ],
      evidence: [
        "Genome repositories grew a thousandfold because journals required deposition in 1996.",
        "For example, students found the spreadsheet slip that undid a famous austerity result.",
        "Requests to authors succeed in about 27 percent of cases after 10 years.",
      ]),
  ]

  static let advising: [Topic] = [
    Topic(
      kind: .advise,
      question:
        "I want to start running but my knees hurt after every run. What should I change so that I can "
        + "run without pain?",
      points: [
        "Halve the distance and alternate jogging with walking.",
        "Shorten the stride so that feet land below the hips.",
        "Strengthen thighs and hips twice weekly with squats and bridges.",
        "Replace worn shoes and prefer soft paths over asphalt.",
        "See a physiotherapist if swelling or locking appears.",
      ],
      evidence: [
        "Raising cadence by 10 percent unloads the kneecap, because braking forces fall.",
        "For example, beginners who added hip exercises recovered in six weeks.",
        "Injury risk jumps once weekly mileage grows above 30 percent.",
      ]),
    Topic(
      kind: .advise,
      question:
        "My tomato plants have yellow leaves at the bottom and few fruits. What should I do to get a "
        + "better harvest from my plants?",
      points: [
        "Water deeply at the roots in the morning and keep foliage dry.",
        "Feed with potassium once flowers open and spare nitrogen.",
        "Remove spotted lower leaves and throw them away, not on compost.",
        "Pinch side shoots so that light reaches the trusses.",
        "Shake blossoms gently at noon when greenhouse air is still.",
      ],
      evidence: [
        "Blight spores need about 10 hours of wetness, so dry foliage stays healthy.",
        "For example, trials with mulch halved splashing of soil onto leaves.",
        "Blossoms drop above 32 degrees because pollen becomes sterile.",
      ]),
    Topic(
      kind: .advise,
      question:
        "I forget most of what I read for my exams after a few days. How should I study so that I "
        + "remember it for longer?",
      points: [
        "Close the book and recall the chapter aloud.",
        "Spread sessions over days instead of cramming an evening.",
        "Mix problem types so that choosing a method is practised.",
        "Explain each idea to someone in plain language.",
        "Sleep properly, since memories settle overnight.",
      ],
      evidence: [
        "Self testing kept 56 percent after a week against 42 for rereading.",
        "For example, medical residents with spaced drills sutured better a month later.",
        "Highlighting barely helps because it never asks for retrieval.",
      ]),
  ]
}
