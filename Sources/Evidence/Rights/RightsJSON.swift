import Basis
public import JSON

extension HoldRecord {
    /// For programs, as the API and the command line tell it.
    public var json: JSONValue {
        [
            "id": .string(id.description), "person": .init(person?.description), "reason": .string(reason),
            "endsOn": .string(endsOn.description), "setAt": .string(setAt.timestamp),
            "setBy": .init(setBy?.description), "liftedAt": .init(liftedAt?.timestamp),
            "liftedBy": .init(liftedBy?.description), "liftedReason": .init(liftedReason),
        ]
    }
}

extension RetentionRuleRecord {
    /// For programs, as the API and the command line tell it.
    public var json: JSONValue {
        [
            "id": .string(id.description), "purpose": .string(purpose), "verb": .init(verb),
            "activityType": .init(activityType), "days": .init(days), "highRisk": .init(isHighRisk),
            "madeAt": .string(madeAt.timestamp), "madeBy": .init(madeBy?.description),
            "endedAt": .init(endedAt?.timestamp),
        ]
    }
}

extension RetentionForecast {
    /// For programs, as the API and the command line tell it.
    public var json: JSONValue {
        ["erased": .init(erased), "held": .init(held), "stopped": .init(isStopped)]
    }
}

extension RetentionRunRecord {
    /// For programs, as the API and the command line tell it.
    public var json: JSONValue {
        [
            "id": .string(id.description), "rule": .string(rule.description), "before": .string(before.timestamp),
            "startedAt": .string(startedAt.timestamp), "erased": .init(erased), "held": .init(held),
            "finishedAt": .init(finishedAt?.timestamp), "event": .init(event?.description),
        ]
    }
}
