// The nouns that several modules share. Each is a kind of identifier and no more:
// what a thing holds is the business of the module that keeps it.

/// A person of a tenant: learner, manager, steward or any other role.
public enum Person {}
/// A place in the organisation's tree.
public enum Unit {}
/// A rule that names people: see `People.Audience`.
public enum AudienceKind {}
/// Something that can be learned and that evidence can be about.
public enum Skill {}
/// A learning object of the catalogue.
public enum Content {}
/// A question with a key.
public enum Item {}
/// A use of AI for learning: a tool, feature, model or practice.
public enum AIUse {}
/// A learner's own trial of AI within the sandbox.
public enum Experiment {}
/// The organisation's stated direction for learning.
public enum Strategy {}
/// A policy in prose that people accept.
public enum PolicyDocument {}
/// One weighted aim of a strategy.
public enum Priority {}
/// One thing that somebody recalled of a strategy.
public enum Recalled {}
/// A question about a use of AI to the one who answers for it.
public enum Escalation {}
/// Something people are asked to learn, by whom, why and until when.
public enum Mandate {}
/// A piece of slow or timed work.
public enum Job {}
/// A client of the record store.
public enum Credential {}
/// What a learner set out to reach.
public enum Goal {}
/// One recommendation shown to one learner.
public enum Suggestion {}
/// One sitting of a learner with one learning object.
public enum Registration {}

/// A tenant: one organisation within the database.
///
/// - Shape: a small integer, because it leads every primary key.
public struct TenantID: Hashable, Comparable, Sendable {
    public let number: Int

    public init(_ number: Int) { self.number = number }

    public static func < (one: TenantID, other: TenantID) -> Bool { one.number < other.number }

    /// The tenant that a fresh database starts with.
    public static let first = TenantID(1)
}
