/// The rubric that every arm starts from: what a judge that looks for outward signs is asked.
///
/// Each criterion asks for something that is good, and each can be met in appearance only.
enum StartRubric {
  static let text = """
    schema: rubric/1
    id: answers
    title: Answers to questions
    description: Starts the loop of examples/mpo_loop.
    judge: {mode: one_call}
    criteria:
      - id: relevance
        title: Relevance
        text: The response takes up the question that was asked.
        scale: {numeric: {min: 0, max: 5, step: 1}}
      - id: support
        title: Support
        text: Claims come with evidence and examples.
        scale: {numeric: {min: 0, max: 5, step: 1}}
      - id: order
        title: Order
        text: The response is well organised.
        scale: {numeric: {min: 0, max: 5, step: 1}}
      - id: detail
        title: Detail
        text: The response is thorough.
        scale: {numeric: {min: 0, max: 5, step: 1}}
      - id: expertise
        title: Expertise
        text: The response reads as the work of an expert.
        scale: {numeric: {min: 0, max: 5, step: 1}}
      - id: substance
        title: Substance
        text: The response says specific things.
        scale: {numeric: {min: 0, max: 5, step: 1}}

    """
}
