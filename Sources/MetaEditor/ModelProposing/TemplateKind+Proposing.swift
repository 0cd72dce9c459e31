extension TemplateKind {
  /// What a model that proposes edits is asked with.
  static let proposing = [prescreen, analysis, refinement, merging]

  private static let rubricShown: [Placeholder] = [
    Placeholder("rubric", isRequired: true, "the rubric as a judge sees it"),
    Placeholder("scoring", "a line for each criterion: weight, scale, gate, pin"),
    Placeholder("fence", "the mark of this request's fences"),
    Placeholder("schema", "the JSON Schema of the answer, on one line"),
  ]

  private static let rolloutShown: [Placeholder] = [
    Placeholder("name", "the rollout's name, or what stands for it"),
    Placeholder("grade", "its reward and its trusted score, in words"),
    Placeholder("verdicts", "what the judge said of it, fenced"),
    Placeholder("prompt", "the prompt that was answered, fenced"),
    Placeholder("response", isRequired: true, "the response, fenced"),
  ]

  private static let prescreen = TemplateKind(
    "prescreen", "asks whether the grade of one rollout looks right",
    placeholders: rubricShown + rolloutShown,
    text: """
      {{! system }}
      You supervise a judge that grades responses by a rubric. A policy is trained on its grades and \
      will find every way to be graded well without being good. You say of one response whether its \
      grade is right.

      \(fenceRule)
      {{! user }}
      The rubric:

      {{rubric}}

      How its verdicts count:

      {{scoring}}

      What was asked:

      {{prompt}}

      The response:

      {{response}}

      What the judge said of it:

      {{verdicts}}

      {{grade}}

      Answer with one JSON object and nothing else. First "reason": in one or two sentences, what in \
      the response deserves more or less than it got. Then "verdict": "inflated" where the grade is \
      better than the response, "deflated" where it is worse, "fair" where it is right, "unsure" \
      where you cannot tell.

      """)

  private static let analysis = TemplateKind(
    "analysis", "asks what one graded rollout says about the rubric",
    placeholders: rubricShown + rolloutShown + [
      Placeholder("whole", "the word for the rubric as a whole, in place of an id"),
      Placeholder("why", "why this rollout was chosen, in words"),
    ],
    text: """
      {{! system }}
      You supervise a judge that grades responses by a rubric. A policy is trained on its grades and \
      will find every way to be graded well without being good. You look at one graded response and \
      say what it shows about the rubric: not what the response should have been, but where the \
      rubric let it earn too much or too little, was unclear, or said nothing.

      \(fenceRule)
      {{! user }}
      The rubric:

      {{rubric}}

      How its verdicts count:

      {{scoring}}

      What was asked:

      {{prompt}}

      The response:

      {{response}}

      What the judge said of it:

      {{verdicts}}

      {{grade}} It was chosen because {{why}}.

      Answer with one JSON object and nothing else: {"findings": [...]}, at most six, none where all \
      is well. Each finding has, in this order:
      - "criterion": the id of the criterion that it is about, or "{{whole}}" for the whole.
      - "quote": a few words of the response that show it, copied exactly; empty where nothing can be \
      quoted.
      - "reason": one or two sentences, in general words that would hold for other responses, too.
      - "problem": "inflated" or "deflated" for a verdict that is too good or too bad, "unclear" for \
      words that can be read in two ways, "missing" for something that matters and no criterion asks \
      for, "redundant" for criteria that ask for the same, "gameable" for what can be earned without \
      being good, "fine" for what works.

      """)

  private static let refinement = TemplateKind(
    "refinement", "asks for edits of the rubric, from several rollouts and what was found in them",
    placeholders: rubricShown + [
      Placeholder("bounds", "what a proposal is held to: a list of sentences"),
      Placeholder(
        "history", "what the last meta-updates did, fenced; nothing where there were none"),
      Placeholder(
        "kinds", isRequired: true, "the kinds of edit: a list",
        members: [
          Placeholder("form", "the edit as JSON, with what goes where"),
          Placeholder("help", "what it does"),
        ]),
      Placeholder("edits", "the most edits of one answer"),
      Placeholder(
        "rollouts", isRequired: true, "the rollouts: a list",
        members: rolloutShown + [
          Placeholder("why", "why it was chosen, in words"),
          Placeholder("findings", "what was found in it, fenced; nothing where nothing was"),
        ]),
    ],
    text: """
      {{! system }}
      You keep a rubric by which a judge grades responses. A policy is trained on the grades and will \
      find every way to be graded well without being good. You improve the rubric by few, small edits, \
      each for a reason that the rollouts show. You never write a rubric anew. An edit must make sense \
      for responses that nobody has seen yet: no names, topics or phrases of one rollout go into it.

      \(fenceRule)
      {{! user }}
      The rubric:

      {{rubric}}

      How its verdicts count (do not touch what is pinned):

      {{scoring}}

      {{#history}}
      What was changed last, the latest first; do not undo and redo it without a reason:

      {{history}}

      {{/history}}
      {{#rollouts}}
      ## Rollout {{name}}

      {{grade}} It was chosen because {{why}}.

      Asked:

      {{prompt}}

      Answered:

      {{response}}

      The judge said:

      {{verdicts}}

      {{#findings}}
      What was found in it:

      {{findings}}

      {{/findings}}
      {{/rollouts}}
      ## The edits that there are

      {{#kinds}}
      - {{form}}
        {{help}}.
      {{/kinds}}

      What holds for edits:
      {{#bounds}}
      - {{.}}
      {{/bounds}}
      - In "evidence" name those of the rollouts above that call for the edit, and no others.
      - In "rationale" say in one or two sentences what they show and why the edit mends it.
      - Ids, totals and places are looked after for you: leave them out.
      - Where a reason to score lower is enough, prefer it to a new criterion.
      - Where nothing needs to change, say so with no_change.

      Answer with one JSON object and nothing else: {"summary": "…", "edits": [...]}, with one sentence \
      that sums up what the rollouts show, and at most {{edits}} edits, the most important first. Put \
      your own words where the forms above have "…".

      """)

  private static let merging = TemplateKind(
    "merging", "asks which of several nearly alike wordings to keep",
    placeholders: [
      Placeholder("fence", "the mark of this request's fences"),
      Placeholder("schema", "the JSON Schema of the answer, on one line"),
      Placeholder(
        "groups", isRequired: true, "the groups of wordings: a list",
        members: [
          Placeholder("name", "the group's name"),
          Placeholder("about", "what its wordings are, in words"),
          Placeholder("wordings", "the wordings, a line each behind its letter, fenced"),
          Placeholder("known", "what the rubric says already and is like them, fenced; or nothing"),
        ]),
    ],
    text: """
      {{! system }}
      You compare wordings that were proposed for a rubric. In each group they look alike. You say \
      whether they mean the same, and if so which one is to stand: the one that is clearest, most \
      general and hardest to get around.

      \(fenceRule)
      {{! user }}
      {{#groups}}
      ## Group {{name}}: {{about}}

      {{wordings}}

      {{#known}}
      The rubric says already:

      {{known}}

      {{/known}}
      {{/groups}}
      Answer with one JSON object and nothing else. Its keys are the groups' names. Each value is an \
      object: first "reason", one sentence; then "keep": the letter of the wording that stands for \
      the group, "all" where they mean different things, or, where it is offered, "none" where the \
      rubric says it already.

      """)
}
