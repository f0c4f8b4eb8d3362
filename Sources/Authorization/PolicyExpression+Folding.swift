extension PolicyExpression {
    /// The same with sets and records of constants made values, so that they are made once.
    var folded: PolicyExpression { PolicyExpression(form.folded, at: position) }

    /// Its value where it is a constant.
    var constant: PolicyValue? {
        if case .value(let value) = form { value } else { nil }
    }
}

extension PolicyExpression.Form {
    fileprivate var folded: PolicyExpression.Form {
        switch self {
        case .value, .variable: return self
        case .and(let parts): return .and(parts.map(\.folded))
        case .or(let parts): return .or(parts.map(\.folded))
        case .product(let parts): return .product(parts.map(\.folded))
        case .not(let part): return .not(part.folded)
        case .negative(let part): return .negative(part.folded)
        case .comparison(let comparison, let left, let right): return .comparison(comparison, left.folded, right.folded)
        case .sum(let first, let terms):
            return .sum(first.folded, terms.map { .init(isSubtracted: $0.isSubtracted, $0.expression.folded) })
        case .membership(let left, let right): return .membership(left.folded, right.folded)
        case .has(let part, let path): return .has(part.folded, path)
        case .like(let part, let pattern): return .like(part.folded, pattern)
        case .type(let part, let type, let group): return .type(part.folded, type, group?.folded)
        case .choice(let test, let yes, let no): return .choice(test.folded, yes.folded, no.folded)
        case .attribute(let part, let name): return .attribute(part.folded, name)
        case .call(let method, let part, let argument): return .call(method, part.folded, argument?.folded)
        case .set(let parts):
            let parts = parts.map(\.folded)
            let values = parts.compactMap(\.constant)
            return values.count == parts.count ? .value(.set(Set(values))) : .set(parts)
        case .record(let members):
            let members = members.map { PolicyExpression.Member($0.name, $0.expression.folded) }
            let values = members.compactMap { member in member.expression.constant.map { (member.name, $0) } }
            return values.count == members.count ? .value(.record(PolicyRecord(values))) : .record(members)
        }
    }
}
