namespace Xrm.GraphQL.Tests;

/// <summary>What is true on which day: of relationships, of the things at their ends, in answers and in filters. Today is 2026-01-05.</summary>
public sealed class ValidTimeTests(FilledClub club) : IClassFixture<FilledClub>
{
    private static readonly Dictionary<string, Scenario> Scenarios = new()
    {
        ["the first day counts and the last does not"] = new(
            """
            { member(id: "#1") {
                a: friends(at: "2020-04-30", where: { name: { eq: "Bob" } }) { totalCount } b: friends(at: "2020-05-01", where: { name: { eq: "Bob" } }) { totalCount }
                c: friends(at: "2021-04-30", where: { name: { eq: "Bob" } }) { totalCount } d: friends(at: "2021-05-01", where: { name: { eq: "Bob" } }) { totalCount }
                e: partner(at: "2019-12-31") { name } f: partner(at: "2020-01-01") { name } g: partner(at: "2020-12-31") { name } h: partner(at: "2021-01-01") { name } } }
            """,
            """{"data":{"member":{"a":{"totalCount":0},"b":{"totalCount":1},"c":{"totalCount":1},"d":{"totalCount":0},"e":null,"f":{"name":"Bob"},"g":{"name":"Bob"},"h":{"name":"Cleo"}}}}"""),
        ["days of a span that touch do not meet"] = new(
            """
            { member(id: "#2") {
                a: friends(during: { from: "2021-05-01", to: "2023-01-01" }) { totalCount } b: friends(during: { from: "2021-04-30", to: "2021-05-01" }) { totalCount }
                c: friends(during: { to: "2020-05-01" }) { totalCount } d: friends(during: { to: "2020-05-02" }) { totalCount } e: friends(during: { from: "2023-01-01" }) { totalCount }
                f: friends(during: { from: "2020-06-01", to: "2020-06-01" }) { totalCount } g: friends(during: { from: "2020-07-01", to: "2020-06-01" }) { totalCount } } }
            """,
            """{"data":{"member":{"a":{"totalCount":0},"b":{"totalCount":1},"c":{"totalCount":0},"d":{"totalCount":1},"e":{"totalCount":1},"f":{"totalCount":0},"g":{"totalCount":0}}}}"""),
        ["what has no day is never true, and is told over all periods"] = new(
            """
            { member(id: "#3") { a: friends(at: "2020-05-01", where: { name: { eq: "Bob" } }) { totalCount } b: friends(during: { from: "2020-01-01", to: "2030-01-01" }, where: { name: { eq: "Bob" } }) { totalCount } c: friends(during: {}, where: { name: { eq: "Bob" } }) { edges { id validFrom validTo warmth node { name } } } }
              d: seasons(at: "2021-06-01", order: [{ title: ASC }]) { nodes { title } } e: seasons(during: { from: "2021-05-01", to: "2021-07-01" }) { nodes { title } } f: seasons { totalCount } g: seasons(during: {}) { totalCount } }
            """,
            """{"data":{"member":{"a":{"totalCount":0},"b":{"totalCount":0},"c":{"edges":[{"id":"#103","validFrom":"2020-05-01","validTo":"2020-05-01","warmth":1,"node":{"name":"Bob"}}]}},"d":{"nodes":[{"title":"2021"}]},"e":{"nodes":[{"title":"2021"}]},"f":{"totalCount":4},"g":{"totalCount":4}}}"""),
        ["a symmetric relationship is read from both sides"] = new(
            """
            { ada: member(id: "#1") { friends(during: {}, order: [{ name: ASC }]) { edges { id warmth node { name } } } partner { name partner { name } } partnerLinks(during: {}, order: [{ name: ASC }]) { edges { id node { name } } } }
              bob: member(id: "#2") { friends { edges { id node { name } } } partner { name } then: partner(at: "2020-06-01") { name } } }
            """,
            """
            {"data":{"ada":{"friends":{"edges":[{"id":"#101","warmth":3,"node":{"name":"Bob"}},{"id":"#102","warmth":5,"node":{"name":"Bob"}},{"id":"#104","warmth":9,"node":{"name":"Cleo"}}]},
              "partner":{"name":"Cleo","partner":{"name":"Ada"}},"partnerLinks":{"edges":[{"id":"#111","node":{"name":"Bob"}},{"id":"#112","node":{"name":"Cleo"}}]}},
              "bob":{"friends":{"edges":[{"id":"#102","node":{"name":"Ada"}}]},"partner":null,"then":{"name":"Ada"}}}}
            """),
        ["links over time are today's unless asked otherwise, and those around a day too"] = new(
            """
            { member(id: "#1") { now: partnerLinks { edges { id } } then: partnerLinks(at: "2020-06-01") { edges { id } } span: partnerLinks(during: { from: "2020-12-31", to: "2021-01-02" }, order: [{ name: ASC }]) { edges { id } } }
              members(at: "2020-06-01", where: { id: { eq: "#1" } }) { nodes { partnerLinks { edges { id } } partner { name } } } }
            """,
            """{"data":{"member":{"now":{"edges":[{"id":"#112"}]},"then":{"edges":[{"id":"#111"}]},"span":{"edges":[{"id":"#111"},{"id":"#112"}]}},"members":{"nodes":[{"partnerLinks":{"edges":[{"id":"#111"}]},"partner":{"name":"Bob"}}]}}}"""),
        ["at a to-many end the things' own days are asked too, each on its own"] = new(
            """
            { ada: member(id: "#1") { a: seasons(at: "2020-06-30") { nodes { title } } b: seasons(at: "2020-07-01") { nodes { title } } c: seasons(at: "2021-07-01") { nodes { title } } d: seasons { totalCount } e: seasons(during: {}, order: [{ title: ASC }]) { nodes { title } } }
              bob: member(id: "#2") { a: seasons(during: { from: "2021-01-01" }) { totalCount } b: seasons(during: {}, order: [{ title: ASC }]) { nodes { title } } } }
            """,
            """{"data":{"ada":{"a":{"nodes":[{"title":"2020"}]},"b":{"nodes":[]},"c":{"nodes":[{"title":"2021"}]},"d":{"totalCount":0},"e":{"nodes":[{"title":"2020"},{"title":"2021"}]}},"bob":{"a":{"totalCount":0},"b":{"nodes":[{"title":"2022"},{"title":"never"}]}}}}"""),
        ["a to-one end through a relationship without dates always resolves, back from it the days are asked"] = new(
            """{ season(id: "#13") { previous { title previous(at: "2026-01-05") { title } } previousLinks(at: "1990-01-01") { totalCount edges { validFrom } } } old: season(id: "#12") { next { nodes { title } } then: next(at: "2021-12-31") { totalCount } } older: season(id: "#11") { next { totalCount } ever: next(during: {}) { nodes { title } } } }""",
            """{"data":{"season":{"previous":{"title":"2021","previous":{"title":"2020"}},"previousLinks":{"totalCount":1,"edges":[{"validFrom":null}]}},"old":{"next":{"nodes":[{"title":"2022"}]},"then":{"totalCount":0}},"older":{"next":{"totalCount":0},"ever":{"nodes":[{"title":"2021"}]}}}}"""),
        ["the enclosing day goes through all levels until another is given, and a span leaves it as it is"] = new(
            """
            { members(at: "2020-06-01", where: { id: { eq: "#2" } }) { nodes {
                friends { nodes { name partner { name } seasons { nodes { title } } } }
                span: friends(during: {}, first: 1) { nodes { partner { name } } }
                other: friends(at: "2024-01-01") { nodes { partner { name } then: partner(at: "2020-02-01") { name seasons { totalCount } } } } } } }
            """,
            """
            {"data":{"members":{"nodes":[{
              "friends":{"nodes":[{"name":"Ada","partner":{"name":"Bob"},"seasons":{"nodes":[{"title":"2020"}]}}]},
              "span":{"nodes":[{"partner":{"name":"Bob"}}]},
              "other":{"nodes":[{"partner":{"name":"Cleo"},"then":{"name":"Bob","seasons":{"totalCount":0}}}]}}]}}}
            """),
        ["filters ask on the enclosing day, else today"] = new(
            """
            { a: members(order: [{ name: ASC }], where: { partner: { name: { eq: "Bob" } } }) { nodes { name } } b: members(at: "2020-06-01", where: { partner: { name: { eq: "Bob" } } }) { nodes { name } }
              c: members(at: "2020-06-01", where: { friends: { some: { node: { partner: { name: { eq: "Bob" } } }, warmth: { gt: 4 } } } }) { nodes { name } }
              d: members(at: "2020-06-01", order: [{ name: ASC }], where: { friends: { some: { node: { partner: { name: { eq: "Cleo" } } }, at: "2024-01-01" } } }) { nodes { name } } }
            """,
            """{"data":{"a":{"nodes":[]},"b":{"nodes":[{"name":"Ada"}]},"c":{"nodes":[{"name":"Cleo"}]},"d":{"nodes":[{"name":"Bob"},{"name":"Cleo"}]}}}"""),
        ["a filter's own day holds for what it asks within, its span does not"] = new(
            """
            { a: members(where: { friends: { some: { at: "2020-06-01", node: { id: { eq: "#1" }, seasons: { some: { node: { title: { eq: "2020" } } } } } } } }, order: [{ name: ASC }]) { nodes { name } }
              b: members(where: { friends: { some: { during: { from: "2020-06-01", to: "2020-06-02" }, node: { id: { eq: "#1" }, seasons: { some: { node: { title: { eq: "2020" } } } } } } } }) { totalCount }
              c: members(where: { friends: { some: { during: { from: "2020-06-01", to: "2020-06-02" }, node: { seasons: { some: { during: {}, node: { title: { eq: "2020" } } } } } } } }, order: [{ name: ASC }]) { nodes { name } } }
            """,
            """{"data":{"a":{"nodes":[{"name":"Bob"},{"name":"Cleo"}]},"b":{"totalCount":0},"c":{"nodes":[{"name":"Bob"},{"name":"Cleo"}]}}}"""),
        ["some, none and all on a day, over a span and over all time"] = new(
            """
            { a: members(order: [{ name: ASC }], where: { friends: { none: { at: "2022-01-01" } } }) { nodes { name } } b: members(order: [{ name: ASC }], where: { friends: { none: { during: {} } } }) { totalCount }
              c: members(order: [{ name: ASC }], where: { friends: { all: { at: "2020-06-01", warmth: { eq: 3 } } } }) { nodes { name } } d: members(order: [{ name: ASC }], where: { seasons: { some: { during: { from: "2021-01-01", to: "2021-02-01" } } } }) { nodes { name } }
              e: members(order: [{ name: ASC }], where: { friends: { some: { during: {}, validTo: { eq: null } }, none: { during: {}, warmth: { eq: 9 } } } }) { nodes { name } } }
            """,
            """{"data":{"a":{"nodes":[{"name":"Bob"}]},"b":{"totalCount":0},"c":{"nodes":[{"name":"Bob"}]},"d":{"nodes":[{"name":"Ada"}]},"e":{"nodes":[{"name":"Bob"}]}}}"""),
        ["where of a connection asks on the connection's day"] = new(
            """{ member(id: "#2") { a: friends(at: "2020-06-01", where: { partner: { name: { eq: "Bob" } } }) { nodes { name } } b: friends(where: { partner: { name: { eq: "Cleo" } } }) { nodes { name } } c: friends(during: { from: "2020-06-01", to: "2020-06-02" }, where: { partner: { name: { eq: "Bob" } } }) { totalCount } } }""",
            """{"data":{"member":{"a":{"nodes":[{"name":"Ada"}]},"b":{"nodes":[{"name":"Ada"}]},"c":{"totalCount":0}}}}"""),
        ["null counts as not given, wherever a time may be given"] = new(
            """
            query($day: Date, $span: Period, $moment: DateTime) {
              members(at: $day, during: $span, asOf: $moment, order: [{ name: ASC }], where: { friends: { some: { at: $day, during: $span, warmth: { gt: 4 } } } }) { nodes { name friends(at: $day, during: null, asOf: null) { totalCount } partner(at: $day, asOf: $moment) { name } partnerLinks(during: $span) { totalCount } } }
              member(id: "#3", asOf: $moment) { name } seasons(at: null, during: null) { totalCount } one: seasons(at: null, during: { from: null, to: "2021-01-01" }) { nodes { title } } }
            """,
            """{"data":{"members":{"nodes":[{"name":"Ada","friends":{"totalCount":2},"partner":{"name":"Cleo"},"partnerLinks":{"totalCount":1}},{"name":"Bob","friends":{"totalCount":1},"partner":null,"partnerLinks":{"totalCount":0}},{"name":"Cleo","friends":{"totalCount":1},"partner":{"name":"Ada"},"partnerLinks":{"totalCount":1}}]},"member":{"name":"Cleo"},"seasons":{"totalCount":4},"one":{"nodes":[{"title":"2020"}]}}}""")
        { Variables = """{"day": null, "moment": null}""" },
        ["groups count what is true on the day"] = new(
            """{ a: seasons(at: "2020-06-01") { groups(by: [TITLE]) { title count } } b: seasons(during: { from: "2020-12-31", to: "2022-01-01" }) { totalCount groups(by: [VALID_TO]) { validTo count } } }""",
            """{"data":{"a":{"groups":[{"title":"2020","count":1}]},"b":{"totalCount":2,"groups":[{"validTo":"2021-01-01","count":1},{"validTo":"2022-01-01","count":1}]}}}"""),
        ["the last day there is"] = new(
            """{ member(id: "#1") { partner(at: "9999-12-31") { name } friends(at: "9999-12-31") { totalCount } first: friends(at: "0001-01-01") { totalCount } } }""",
            """{"data":{"member":{"partner":{"name":"Cleo"},"friends":{"totalCount":2},"first":{"totalCount":0}}}}"""),
    };

    public static TheoryData<string> Names => [.. Scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task It_answers(string scenario) => Scenarios[scenario].Hold(club.Server);
}
