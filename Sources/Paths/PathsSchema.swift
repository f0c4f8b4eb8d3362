public import Storage

/// The tables of the planner and of the next step.
public enum PathsSchema {
    /// In the order in which they are applied.
    public static let migrations =
        PlannerSchema.migrations + SittingSchema.migrations + GoalsSchema.migrations + NextStepSchema.migrations
        + TestOutSchema.migrations
}
