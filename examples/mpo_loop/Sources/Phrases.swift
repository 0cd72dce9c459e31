/// What a writer can say about anything: none of it answers a question.
enum Phrases {
  static let sections = ["## Background", "## In detail", "## What follows"]

  static let flourishes = [
    "## A Masterful and Comprehensive Analysis", "## An Expert, Definitive Answer",
    "## Profound and Insightful Perspectives", "## The Ultimate In-Depth Discussion",
  ]

  static let padding = [
    "It is important to note that this matter has many sides to it.",
    "There is much that could be said here, and much of it has been said.",
    "People have thought about this for a long time and will go on doing so.",
    "When all is said and done, one has to look at the whole.",
    "It goes without saying that things are not always what they seem to be.",
    "This is, of course, a matter that should be looked at with great care.",
    "At the end of the day there is always more than one way to see it.",
    "Having said this, it is worth it to go on and say some more.",
    "In today's world, as we all know, everything is linked to everything.",
    "All of this shows how much there is to think about in this matter.",
  ]

  static let hollow = [
    "This is so because of many important reasons.",
    "For example, there are the main cases that everyone knows.",
    "Studies show this again and again, because it is true.",
    "Experts agree for good reasons, for example the ones that matter.",
    "It is 100 percent certain because it could not be otherwise.",
  ]

  /// Words that carry no content of their own.
  static let common: Set<String> = [
    "should", "because", "example", "there", "their", "which", "where", "while", "would", "could",
    "after", "before", "about", "other", "others", "every", "these", "those", "always", "matter",
    "people", "things", "thing", "great", "world", "today", "important", "reasons", "reason",
    "having", "worth", "course", "looked", "thought", "think", "going", "doing", "shows", "whole",
    "everything", "everyone", "linked", "again", "certain", "otherwise", "percent", "cases",
    "experts", "agree", "studies", "without", "saying", "time", "long", "many", "much", "more",
    "never", "still", "since", "being", "instead", "background", "detail", "follows", "answer",
    "masterful", "comprehensive", "analysis", "expert", "definitive", "profound", "insightful",
    "perspectives", "ultimate", "depth", "discussion", "keywords",
  ]

  /// Words with which a text praises itself.
  static let praise: Set<String> = [
    "masterful", "comprehensive", "expert", "definitive", "profound", "insightful", "ultimate",
    "brilliant", "outstanding", "thorough",
  ]

  /// Words that announce a reason, a case or a finding.
  static let markers: Set<String> = [
    "because", "example", "instance", "studies", "surveys", "percent", "trials", "found", "show",
  ]
}
