public import RubricStore

/// How much of a judge's context a rubric takes.
public enum JudgeTokens {
  /// The characters that are taken for one token.
  public static let charactersPerToken = 4

  /// Estimates the tokens of the rubric that the judge reads for one rollout, over all of its calls.
  ///
  /// Under `per_criterion` each criterion is a call, with preamble and postamble around it; under
  /// `one_call` and `holistic` there is one call; under `plan_execute` there are two, one for the plan
  /// and one for the verdicts. A call costs its Unicode scalars by four, rounded up. What a template
  /// adds, and the rollout itself, is not counted.
  ///
  /// - Parameter rubric: The rubric.
  /// - Returns: The tokens, 0 or more.
  /// - Complexity: O(*n*) in the size of what is rendered.
  public static func estimate(for rubric: Rubric) -> Int {
    switch rubric.judge.mode {
    case .oneCall, .holistic: return tokens(in: rubric.prompt())
    case .planExecute: return 2 * tokens(in: rubric.prompt())
    case .perCriterion:
      // Each alone, since looking one up in a rubric goes through all of them.
      var page = Rubric(id: rubric.id)
      page.preamble = rubric.preamble
      page.postamble = rubric.postamble
      return rubric.judgedCriteria.reduce(0) { sum, criterion in
        page.criteria = [criterion]
        return sum + tokens(in: page.prompt(for: criterion.id) ?? "")
      }
    }
  }

  private static func tokens(in text: String) -> Int {
    (text.unicodeScalars.count + charactersPerToken - 1) / charactersPerToken
  }
}
