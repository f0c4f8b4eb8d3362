public import Basis
import JSON

/// A draft with its JSON written and its columns worked out: what is left for the transaction is its numbers.
///
/// Imports render on one core while the engine writes on another. See `StatementPen.append(_:on:)`.
public struct RenderedDraft: Sendable {
    public let id: ID<Statement>
    let actor: DraftActor
    let verb: String
    let activity: ActivityFacts
    /// Of the activity's definition; 0 for none.
    let definition: UInt64
    /// The other activities that it names, each once, in order.
    let related: [String]
    let registration: String?
    let success: Bool?
    let completion: Bool?
    let scaled: Double?
    /// Microseconds.
    let duration: Int64?
    let choice: String?
    let timestamp: Moment?
    /// The statement exactly as it is stored, which is its canonical form.
    let body: [UInt8]
    let commitment: Commitment
}

extension StatementDraft {
    /// The draft as a statement of the account that its actor has.
    ///
    /// - Parameters:
    ///   - id: The statement's identifier.
    ///   - account: Of the person, or of Leeway itself, whom `actor` names.
    ///   - world: Gives the salt of the statement's leaf in the ledger.
    /// - Returns: What a pen appends.
    public func rendered(id: ID<Statement>, as account: AgentName, world: World) -> RenderedDraft {
        rendered(id: id, agent: account.json.canonical, world: world)
    }

    /// The same with `agent`, the actor's canonical JSON object.
    func rendered(id: ID<Statement>, agent: [UInt8], world: World) -> RenderedDraft {
        let facts = ActivityFacts(iri: activity.iri, definition: activity.definition)
        let body = render(id: id, agent: agent, definition: facts.definition)
        return RenderedDraft(
            id: id, actor: actor, verb: verb.iri, activity: facts, definition: facts.fingerprint,
            related: parents.isEmpty && groupings.isEmpty
                ? OwnProfile.categories
                : Set(parents + groupings + OwnProfile.categories).subtracting([activity.iri]).sorted(),
            registration: registration?.description, success: result?.success, completion: result?.completion,
            scaled: result?.scaled, duration: result?.duration.map { ISODuration($0).microseconds },
            choice: choice?.rawValue, timestamp: timestamp, body: body,
            commitment: Commitment(.statement, body, world: world))
    }
}
