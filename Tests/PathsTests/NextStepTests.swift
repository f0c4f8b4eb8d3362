import Assess
import Basis
import Catalog
import Intent
import Mastery
import Paths
import People
import Skills
import Storage
import StorageTesting
import Testing

@Suite struct NextStepTests {
    @Test(arguments: Engine.present) func `somebody of whom nothing is known gets three with reasons`(
        engine: Engine
    ) async throws {
        let house = try await NextStepHouse(on: engine)
        let steps = try await house.next.steps(for: house.learner, in: house.tenant)
        #expect(steps.suggestions.count == 3)
        #expect(steps.isPersonal && steps.model == LearnerModel.standard.version)
        #expect(Set(steps.suggestions.compactMap(\.skill)).count == 3)
        for suggestion in steps.suggestions {
            #expect((1...3).contains(suggestion.reasons.count))
            #expect(suggestion.reasons.map(\.value) == suggestion.reasons.map(\.value).sorted(by: >))
            #expect(suggestion.propensity > 0 && suggestion.minutes != nil && suggestion.chance != nil)
            #expect(try await house.next.isReproducible(suggestion.id, of: house.learner, in: house.tenant))
        }
        #expect(try await house.next.steps(for: house.learner, in: house.tenant) == steps)
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `goal, strategy and answers are told as reasons and change what is shown`(
        engine: Engine
    ) async throws {
        let house = try await NextStepHouse(on: engine)
        let (privacy, bias) = (try await house.skill("Privacy"), try await house.skill("Bias"))
        let first = try await house.next.steps(for: house.learner, in: house.tenant)
        let goal = try await house.goals.set(privacy.id, target: 0.85, by: house.learner, of: house.tenant)
        let strategy = try await house.publish([(bias.id, 80), (privacy.id, 20)])
        let second = try await house.next.steps(for: house.learner, in: house.tenant)
        #expect(second.madeAt > first.madeAt)
        let forGoal = try #require(second.suggestions.first { $0.skill == privacy.id })
        #expect(forGoal.serves == .goal(goal.id, name: "Privacy"))
        #expect(forGoal.reasons.contains { $0.signal == .goal && $0.text.contains("Privacy") })
        let forStrategy = try #require(second.suggestions.first { $0.skill == bias.id })
        #expect(forStrategy.serves == .strategy(strategy.id, name: "Safe hands"))
        #expect(forStrategy.reasons.contains { $0.signal == .strategy && $0.text.contains("80%") })
        try await house.practise(try await house.skill("Tutors"), [false, false, true, false, false])
        let third = try await house.next.steps(for: house.learner, in: house.tenant)
        #expect(third.madeAt > second.madeAt)
        let weak = third.suggestions.flatMap(\.reasons).filter { $0.signal == .weakness }
        #expect(weak.allSatisfy { $0.text.contains("Tutors") && $0.text.contains("5 answers") })
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `not for me, swap and I know this put another in its place`(
        engine: Engine
    ) async throws {
        let house = try await NextStepHouse(on: engine)
        let (next, learner, tenant) = (house.next, house.learner, house.tenant)
        let first = try await next.steps(for: learner, in: tenant)
        let gone = first.suggestions[1]
        let second = try await next.dismiss(gone.id, by: learner, of: tenant)
        #expect(second.suggestions.count == 3)
        #expect(!second.suggestions.contains { $0.kind == gone.kind })
        #expect(second.suggestions[0] == first.suggestions[0] && second.suggestions[2] == first.suggestions[2])
        #expect(try await next.exclusions(of: learner, in: tenant).map(\.kind) == [gone.kind])
        for suggestion in second.suggestions {
            #expect(try await next.isReproducible(suggestion.id, of: learner, in: tenant))
        }
        let swapped = second.suggestions[0]
        let third = try await next.swap(swapped.id, by: learner, of: tenant)
        #expect(third.suggestions.count == 3 && !third.suggestions.contains { $0.kind == swapped.kind })
        #expect(try await next.isReproducible(third.suggestions[0].id, of: learner, in: tenant))
        #expect(try await next.exclusions(of: learner, in: tenant).count == 1)
        try await next.restore(gone.kind, by: learner, of: tenant)
        #expect(try await next.exclusions(of: learner, in: tenant).isEmpty)
        let checking = try #require(try await house.library.content(key: "c1", of: tenant))
        for suggestion in third.suggestions {
            let outcome = try await next.known(suggestion.id, by: learner, of: tenant)
            let isChecking = suggestion.kind == .content(checking.id)
            #expect(outcome == (isChecking ? .testOut(checking.id) : .noted))
        }
        await #expect(throws: Problem.self) { try await next.choose(gone.id, by: house.steward, of: tenant) }
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `without personalisation everybody sees the same, and it says why`(
        engine: Engine
    ) async throws {
        let house = try await NextStepHouse(on: engine)
        let privacy = try await house.skill("Privacy")
        _ = try await house.goals.set(privacy.id, target: 0.9, by: house.learner, of: house.tenant)
        try await house.next.set(
            LearnerSettings(isPersonal: false, dial: 0.6), for: house.learner, in: house.tenant)
        let steps = try await house.next.steps(for: house.learner, in: house.tenant)
        #expect(!steps.isPersonal && steps.suggestions.count == 3)
        for suggestion in steps.suggestions {
            #expect(suggestion.chance == nil && suggestion.serves == nil)
            #expect(suggestion.reasons.allSatisfy { [.freshness, .use].contains($0.signal) })
        }
        #expect(try await house.goals.progress(of: house.learner, in: house.tenant).count == 1)
        try await house.next.set(.initial, for: house.learner, in: house.tenant)
        #expect(try await house.next.steps(for: house.learner, in: house.tenant).isPersonal)
        await #expect(throws: Problem.self) {
            try await house.next.set(
                LearnerSettings(isPersonal: true, dial: 0.9), for: house.learner, in: house.tenant)
        }
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `who is known from answers alone gets practice with reasons`(
        engine: Engine
    ) async throws {
        let house = try await NextStepHouse(on: engine, catalogue: "")
        for (index, name) in ["Fractions", "Ratios", "Area", "Angles"].enumerated() {
            let skill = try await house.skill(name)
            try await house.practise(skill, (0..<8).map { $0 % (index + 2) == 0 }, item: 100 * index)
        }
        let steps = try await house.next.steps(for: house.learner, in: house.tenant)
        #expect(steps.suggestions.count == 3)
        for suggestion in steps.suggestions {
            guard case .practice(let skill) = suggestion.kind else {
                Issue.record("\(suggestion.kind) is no practice")
                continue
            }
            #expect(suggestion.skill == skill && suggestion.reasons.count == 3)
            #expect(suggestion.reasons.contains { $0.text.contains("8 answers") })
        }
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `what is completed or asked is not suggested`(engine: Engine) async throws {
        let house = try await NextStepHouse(on: engine)
        let sittings = SittingBook(
            database: house.database, world: house.world, log: house.log, mastery: house.mastery)
        let privacy = try await house.skill("Privacy")
        let done = try #require(try await house.library.content(key: "p1", of: house.tenant))
        let sitting = try await sittings.begin(done.id, by: house.learner, of: house.tenant)
        _ = try await sittings.read(sitting.id, seconds: nil, by: house.learner, of: house.tenant)
        let asked = try #require(try await house.library.content(key: "d1", of: house.tenant))
        let draft = MandateDraft(
            asker: house.steward, content: asked.id, title: "Protect data", rule: "Policy 3", why: "It matters.",
            minutes: 12, audience: .everyone, deadline: house.world.now().day + 40)
        let planner = LeewayPlanner(database: house.database, world: house.world)
        let kept = try await MandateBook(database: house.database, world: house.world).draft(
            draft, by: house.steward, of: house.tenant)
        _ = try await planner.publish(kept.id, by: house.steward, of: house.tenant)
        let all = try await house.next.steps(for: house.learner, in: house.tenant)
        #expect(!all.suggestions.contains { [.content(done.id), .content(asked.id)].contains($0.kind) })
        let prepares = all.suggestions.first { $0.skill == privacy.id }
        #expect(prepares?.reasons.contains { $0.signal == .mandate && $0.text.contains("Protect data") } ?? true)
        let first = all.suggestions[0]
        if case .content(let id) = first.kind {
            let opened = try await sittings.begin(id, at: .text, by: house.learner, of: house.tenant)
            let read = try await sittings.read(opened.id, seconds: nil, by: house.learner, of: house.tenant)
            if !read.isOpen {
                let later = try await house.next.steps(for: house.learner, in: house.tenant)
                #expect(!later.suggestions.contains { $0.kind == first.kind })
            }
        }
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `what is saved stays until it is not`(engine: Engine) async throws {
        let house = try await NextStepHouse(on: engine)
        let content = try #require(try await house.library.content(key: "b1", of: house.tenant))
        try await house.next.save(content.id, by: house.learner, of: house.tenant)
        try await house.next.save(content.id, by: house.learner, of: house.tenant)
        #expect(try await house.next.saved(by: house.learner, of: house.tenant) == [content.id])
        let bias = try await house.skill("Bias")
        _ = try await house.publish([(bias.id, 1)])
        let steps = try await house.next.steps(for: house.learner, in: house.tenant)
        #expect(steps.suggestions.first { $0.kind == .content(content.id) }?.isSaved ?? true)
        try await house.next.unsave(content.id, by: house.learner, of: house.tenant)
        #expect(try await house.next.saved(by: house.learner, of: house.tenant).isEmpty)
        try await house.database.close()
    }

    @Test(arguments: Engine.present) func `a goal is set, changed, reached and removed`(engine: Engine) async throws {
        let house = try await NextStepHouse(on: engine)
        let (goals, learner, tenant) = (house.goals, house.learner, house.tenant)
        let bias = try await house.skill("Bias")
        let goal = try await goals.set(bias.id, target: 0.75, note: "For the audit", by: learner, of: tenant)
        let changed = try await goals.set(bias.id, target: 0.6, by: learner, of: tenant)
        #expect(changed.id == goal.id && changed.target == 0.6)
        var progress = try #require(try await goals.progress(of: learner, in: tenant).first)
        #expect(progress.goal.reachedAt == nil && progress.share < 1 && progress.skillName == "Bias")
        try await house.practise(bias, Array(repeating: true, count: 12))
        progress = try #require(try await goals.progress(of: learner, in: tenant).first)
        #expect(progress.goal.reachedAt != nil && progress.share == 1)
        let other = try await goals.set(try await house.skill("Checking").id, target: 0.9, by: learner, of: tenant)
        try await goals.reach(other.id, by: learner, of: tenant)
        #expect(try await goals.progress(of: learner, in: tenant).allSatisfy { $0.goal.reachedAt != nil })
        try await goals.remove(other.id, by: learner, of: tenant)
        #expect(try await goals.progress(of: learner, in: tenant).count == 1)
        for target in [0.2, .nan, 0.99] {
            await #expect(throws: Problem.self) {
                try await goals.set(bias.id, target: target, by: learner, of: tenant)
            }
        }
        await #expect(throws: Problem.self) { try await goals.remove(other.id, by: learner, of: tenant) }
        await #expect(throws: Problem.self) { try await goals.reach(goal.id, by: house.steward, of: tenant) }
        try await house.database.close()
    }
}
