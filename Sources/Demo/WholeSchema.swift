import Assess
import Catalog
import Evidence
import Exchange
import Imports
import Insight
import Intent
import Mastery
import Notices
import Paths
import People
import Skills
public import Storage

/// The schema of the whole program: every module's steps, in the order of the layers.
public enum WholeSchema {
    /// The steps; `Database.migrate` applies those that a database lacks.
    public static let migrations: [Migration] =
        JobQueue.migrations + PeopleSchema.migrations + EvidenceSchema.migrations + SkillsSchema.migrations
        + CatalogSchema.migrations + AssessSchema.migrations + MasterySchema.migrations + IntentSchema.migrations
        + PathsSchema.migrations + NoticesSchema.migrations
        + InsightSchema.migrations + ImportsSchema.migrations + ExchangeSchema.migrations
}
