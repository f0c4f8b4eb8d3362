import Assess
import Basis
import Evidence
import JSON
import Mastery
import Skills
import Storage

/// Puts answers in evidence and into the learner model, wherever they were given.
struct AnswerEvidence {
    let log: StatementLog
    let mastery: MasteryBook
    let skills: SkillRegister

    /// Who answered, within what, and whose choice that was.
    struct Setting {
        let person: ID<Person>
        let registration: ID<Registration>
        /// The IRI of the object or mandate that asked.
        let parent: String
        let choice: Choice
    }

    /// Tells of one answer, in the transaction of the answer itself.
    func tell(
        _ grade: Grade, _ item: ItemRecord, in setting: Setting, _ tenant: TenantID, at now: Moment,
        on connection: any Connection
    ) throws {
        let about = item.skills.map { JSONValue.string(Vocabulary.skillIRI($0)) }
        let activity = ActivityRef(
            Vocabulary.itemIRI(item.id), name: String(item.stem.prefix(200)), type: Vocabulary.question,
            language: item.language.isEmpty ? "en" : item.language)
        try log.append(
            [
                StatementDraft(
                    .person(setting.person), .answered, activity,
                    result: Outcome(
                        success: grade.isCorrect, scaled: grade.score,
                        response: grade.chosen.map(String.init).joined(separator: "[,]")),
                    registration: setting.registration, parents: [setting.parent], choice: setting.choice,
                    extensions: about.isEmpty ? [] : [(Vocabulary.skills, .array(about))], timestamp: now)
            ], to: tenant, on: connection)
        let numbers = try item.skills.compactMap { try skills.find($0, of: tenant, on: connection)?.number }
        try mastery.record(
            [
                Answer(
                    person: setting.person, item: item.number, skills: numbers,
                    level: item.level.flatMap { ItemLevel(rawValue: $0.rawValue) }, isRight: grade.isCorrect, at: now)
            ], in: tenant, on: connection)
    }
}
