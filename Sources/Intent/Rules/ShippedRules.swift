import Authorization

/// The rules that Leeway ships with: version 0. They take nothing away from what the routes' rights give, but for AI
/// uses that are stopped or prohibited.
enum ShippedRules {
    static let text = #"""
        // The rules that Leeway ships with. They give what the roles give; change them to take more away.

        @id("recommend")
        @reason("Leeway suggests to everybody what to learn next.")
        permit (principal is Person, action == Action::"recommend", resource is AIUse)
        when { principal.isActive };

        @id("ai-use-open")
        @reason("The AI use may run, and you are among those it is meant for.")
        permit (principal is Person, action == Action::"useAI", resource is AIUse)
        when { principal.isActive && context.inAudience };

        @id("ai-use-programs")
        @reason("The AI use may run.")
        permit (principal is System, action == Action::"useAI", resource is AIUse);

        @id("ai-use-stopped")
        @reason("The AI use is suspended, retired, or only an idea so far.")
        forbid (principal, action in Action::"ai", resource is AIUse)
        unless { ["sandbox", "pilot", "live"].contains(resource.status) };

        @id("ai-use-prohibited")
        @reason("Article 5 of the AI Act prohibits this AI use.")
        forbid (principal, action in Action::"ai", resource is AIUse)
        when { resource has level && resource.level == "prohibited" };

        @id("publish-content")
        @reason("Designers, stewards and administrators bring in content.")
        permit (principal is Person, action == Action::"publishContent", resource is Content)
        when { principal.isActive && principal.roles.containsAny(["designer", "steward", "administrator"]) };

        @id("publish-intent")
        @reason("Sponsors and stewards publish strategies, mandates and the leeway policy.")
        permit (
          principal is Person,
          action in [Action::"publishStrategy", Action::"publishMandate", Action::"publishPolicy"],
          resource
        )
        when { principal.isActive && principal.roles.containsAny(["sponsor", "steward"]) };

        @id("publish-rules")
        @reason("Stewards publish access rules.")
        permit (principal is Person, action == Action::"publishRules", resource is Rules)
        when { principal.isActive && principal.roles.contains("steward") };

        @id("publish-documents")
        @reason("Stewards publish policies to accept.")
        permit (principal is Person, action == Action::"publishDocument", resource is Document)
        when { principal.isActive && principal.roles.contains("steward") };

        @id("view-people")
        @reason("Administrators, stewards and auditors see who there is.")
        permit (principal is Person, action in [Action::"viewPerson", Action::"viewPeople"], resource)
        when { principal.isActive && principal.roles.containsAny(["administrator", "steward", "auditor"]) };

        @id("view-asked")
        @reason("Sponsors, stewards and auditors see who is asked.")
        permit (principal is Person, action == Action::"viewAsked", resource)
        when { principal.isActive && principal.roles.containsAny(["sponsor", "steward", "auditor"]) };

        @id("view-team")
        @reason("Managers see what is asked of their team.")
        permit (principal is Person, action == Action::"viewTeam", resource is Team)
        when { principal.isActive && principal.roles.contains("manager") };

        @id("view-statements")
        @reason("Stewards and auditors read the record.")
        permit (principal is Person, action == Action::"viewStatements", resource is Statements)
        when { principal.isActive && principal.roles.containsAny(["steward", "auditor"]) };

        @id("programs-read")
        @reason("A program reads what its credentials are for.")
        permit (principal is System, action == Action::"viewStatements", resource is Statements);

        @id("rights-of-people")
        @reason("Administrators hand out and erase a person’s data when the person asks for it.")
        permit (principal is Person, action in [Action::"exportPerson", Action::"erasePerson"], resource is Person)
        when { principal.isActive && principal.roles.contains("administrator") };

        """#

    static let tests = #"""
        entity Person::"learner" { roles: ["learner"], isActive: true, attributes: {} };
        entity Person::"left" { roles: ["learner"], isActive: false, attributes: {} };
        entity Person::"steward" { roles: ["steward"], isActive: true, attributes: {} };
        entity Person::"manager" { roles: ["manager"], isActive: true, attributes: {} };
        entity AIUse::"live" {
            name: "Tutor", status: "live", kind: "tool", data: ["open"], provider: "", model: "",
            hasOwner: true, isRegistered: true
        };
        entity AIUse::"suspended" {
            name: "Tutor", status: "suspended", kind: "tool", data: ["open"], provider: "", model: "",
            hasOwner: true, isRegistered: true
        };
        entity AIUse::"prohibited" {
            name: "Tutor", status: "live", level: "prohibited", kind: "tool", data: ["open"], provider: "",
            model: "", hasOwner: true, isRegistered: true
        };

        test "Everybody gets suggestions" {
            principal Person::"learner";
            action Action::"recommend";
            resource AIUse::"live";
            context { weekday: 1, isOwn: false, inAudience: true };
            expect allow by ["recommend"];
            expect errors [];
        }

        test "A suspended AI suggests nothing" {
            principal Person::"learner";
            action Action::"recommend";
            resource AIUse::"suspended";
            context { weekday: 1, isOwn: false, inAudience: true };
            expect deny by ["ai-use-stopped"];
        }

        test "A prohibited AI is not used" {
            principal Person::"learner";
            action Action::"useAI";
            resource AIUse::"prohibited";
            context { weekday: 1, hour: 9, isOwn: false, inAudience: true };
            expect deny by ["ai-use-prohibited"];
        }

        test "An AI is for its audience" {
            principal Person::"learner";
            action Action::"useAI";
            resource AIUse::"live";
            context { weekday: 1, hour: 9, isOwn: false, inAudience: false };
            expect deny by [];
        }

        test "Who has left uses nothing" {
            principal Person::"left";
            action Action::"useAI";
            resource AIUse::"live";
            context { weekday: 1, hour: 9, isOwn: false, inAudience: true };
            expect deny by [];
        }

        test "A steward publishes rules" {
            principal Person::"steward";
            action Action::"publishRules";
            resource Rules::"access";
            context { weekday: 1, hour: 9, isOwn: false };
            expect allow by ["publish-rules"];
        }

        test "A learner publishes no rules" {
            principal Person::"learner";
            action Action::"publishRules";
            resource Rules::"access";
            context { weekday: 1, hour: 9, isOwn: false };
            expect deny by [];
        }

        test "A manager sees the team" {
            principal Person::"manager";
            action Action::"viewTeam";
            resource Team::"manager";
            context { weekday: 1, isOwn: true, isManager: true };
            expect allow by ["view-team"];
        }

        test "A manager does not look people up" {
            principal Person::"manager";
            action Action::"viewPerson";
            resource Person::"learner";
            context { weekday: 1, isOwn: false, isManager: true };
            expect deny by [];
        }

        """#
}
