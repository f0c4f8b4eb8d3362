import Basis
public import Evidence
import JSON
import Mastery
import Storage

extension PathsSchema {
    /// What learning and guidance keep of people.
    public static let personal = [
        PersonalTable("what the learner model believes", "mastery_state", reading: model),
        PersonalTable("goals", "goal"),
        PersonalTable(
            "answers in sittings", "sitting_answer", by: "sitting",
            through: (table: "sitting", key: "id", column: "person")),
        PersonalTable("sittings", "sitting"),
        PersonalTable("tests of what is known already", "test_out"),
        PersonalTable("suggestions", "suggestion"),
        PersonalTable("what suggestions were made of", "suggestion_set"),
        PersonalTable("what was put aside", "suggestion_exclusion"),
        PersonalTable("saved contents", "saved_content"),
        PersonalTable("settings", "learner_setting"),
        PersonalTable("time asked beyond the leeway", "mandate_overload", order: "1, 2, 3, 5"),
        PersonalTable("time asked beyond what fits, for who joined later", "mandate_joiner", order: "1, 2, 3, 4"),
    ]

    /// The learner model's state, with the skills by name.
    private static let model: PersonalTable.Reading = { row, tenant, connection in
        let state = try LearnerState(encoded: try row.get("state"))
        var names: [Int: String] = [:]
        for row in try connection.rows("SELECT number, name FROM skill WHERE tenant = \(tenant)") {
            names[try row.get("number")] = try row.get("name")
        }
        return JSONObject([
            ("model", .string(try row.get("model"))), ("answers", JSONValue(state.tries)),
            ("right", JSONValue(state.wins)), ("ability", JSONValue(Double(state.ability))),
            ("updated_at", .string(try row.get("updated_at", as: Moment.self).timestamp)),
            (
                "skills",
                .array(
                    state.skills.map { skill in
                        [
                            "skill": .string(names[skill.number] ?? "skill \(skill.number)"),
                            "answers": JSONValue(skill.tries), "right": JSONValue(skill.wins),
                            "ability": JSONValue(Double(skill.ability)),
                            "last": JSONValue(skill.lastAt?.timestamp),
                        ]
                    })
            ),
        ])
    }
}
