public import Evidence
import Intent
import Notices
import Paths

extension PersonalTable {
    /// Every table of the program that says something about people.
    public static let all: [PersonalTable] =
        own + PathsSchema.personal + IntentSchema.personal + InsightSchema.personal + NoticesSchema.personal
        + [PersonalTable("jobs started", "job", by: "created_by", .cleared)]
}
