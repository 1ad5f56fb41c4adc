namespace Xrm.GraphQL.Tests;

/// <summary>What the system knew at a moment, with all that is read below it.</summary>
public sealed class AsOfTests(TownPast town) : IClassFixture<TownPast>
{
    private static readonly Dictionary<string, Scenario> Scenarios = new()
    {
        ["a list with its order, filter, count and groups"] = new(
            """
            { then: persons(asOf: "2026-01-05T09:30:00Z", order: [{ familyName: ASC }], where: { children: { eq: 2 } }) { totalCount nodes { displayName version createdAt updatedAt } groups(by: [CHILDREN]) { children count sum { children } } }
              now: persons(order: [{ familyName: ASC }], where: { children: { gte: 2 } }) { totalCount nodes { displayName version updatedAt } groups(by: [CHILDREN]) { children count } } }
            """,
            """
            {"data":{"then":{"totalCount":2,"nodes":[{"displayName":"Joseph AFRIBO","version":1,"createdAt":"2026-01-05T09:00:00.000Z","updatedAt":"2026-01-05T09:00:00.000Z"},{"displayName":"Zoé LEFÈVRE","version":1,"createdAt":"2026-01-05T09:00:00.000Z","updatedAt":"2026-01-05T09:00:00.000Z"}],"groups":[{"children":2,"count":2,"sum":{"children":"4"}}]},
              "now":{"totalCount":3,"nodes":[{"displayName":"Joseph AFRIBO","version":1,"updatedAt":"2026-01-05T09:00:00.000Z"},{"displayName":"Zoë LEFÈVRE","version":2,"updatedAt":"2026-01-05T11:00:00.000Z"},{"displayName":"NOUVEAU","version":1,"updatedAt":"2026-01-05T12:00:00.000Z"}],"groups":[{"children":2,"count":2},{"children":3,"count":1}]}}}
            """),
        ["relationships, and filters through them"] = new(
            """
            { then: persons(asOf: "2026-01-05T09:30:00Z", where: { employers: { some: { node: { siren: { eq: "123456789" } } } } }) { nodes { id employers { edges { id version position validFrom node { siren employees { totalCount } } } } } }
              now: persons(where: { employers: { some: { node: { siren: { eq: "987654321" } } } } }) { nodes { id employers { edges { id position } } } } none: persons(where: { employers: { some: { node: { siren: { eq: "123456789" } } } } }) { totalCount } }
            """,
            """{"data":{"then":{"nodes":[{"id":"#1","employers":{"edges":[{"id":"#142","version":1,"position":"Clerk","validFrom":"2020-01-01","node":{"siren":"123456789","employees":{"totalCount":1}}}]}}]},"now":{"nodes":[{"id":"#3","employers":{"edges":[{"id":"#143","position":"Boss"}]}}]},"none":{"totalCount":0}}}"""),
        ["a thing by its key of then"] = new(
            """{ then: organisationBySiren(siren: "123456789", asOf: "2026-01-05T09:30:00Z") { siren employees { nodes { givenName } } } later: organisationBySiren(siren: "987654321", asOf: "2026-01-05T09:30:00Z") { siren } now: organisationBySiren(siren: "123456789") { siren } }""",
            """{"data":{"then":{"siren":"123456789","employees":{"nodes":[{"givenName":"Zoé"}]}},"later":null,"now":null}}"""),
        ["what went since was there, what came since was not"] = new(
            """
            { complaint(id: "#71", asOf: "2026-01-05T11:30:00Z") { subject status reporter { givenName complaints { nodes { id } } } reporterLinks { edges { id } } } alone: complaint(id: "#71", asOf: "2026-01-05T11:30:00Z") { subject version } now: complaint(id: "#71") { id }
              complaints(asOf: "2026-01-05T11:30:00Z") { totalCount } left: complaints { totalCount } came: person(id: "#5", asOf: "2026-01-05T11:30:00Z") { id mandates { totalCount } } persons(asOf: "2026-01-05T11:30:00Z") { totalCount } all: persons { totalCount } }
            """,
            """{"data":{"complaint":{"subject":"Nid-de-poule","status":"NEW","reporter":{"givenName":"Zoë","complaints":{"nodes":[{"id":"#71"}]}},"reporterLinks":{"edges":[{"id":"#161"}]}},"alone":{"subject":"Nid-de-poule","version":1},"now":null,"complaints":{"totalCount":2},"left":{"totalCount":1},"came":null,"persons":{"totalCount":4},"all":{"totalCount":5}}}"""),
        ["a relationship field may go to a moment of its own, and all below goes with it"] = new(
            """
            { person(id: "#1") { givenName complaints { totalCount } then: complaints(asOf: "2026-01-05T09:30:00Z") { nodes { subject reporter { givenName complaints { totalCount } back: complaints(asOf: "2030-01-01T00:00:00Z") { totalCount } } } } }
              none: person(id: "#5") { familyName complaints(asOf: "2026-01-05T09:30:00Z") { totalCount } mandates(asOf: "2026-01-05T09:30:00Z", during: {}) { nodes { id } } }
              mandate(id: "#12") { holder(asOf: "2026-01-05T09:30:00Z") { id employers(at: "2016-01-01") { edges { position } } } holderLinks(asOf: "2026-01-05T08:30:00Z") { totalCount } } }
            """,
            """
            {"data":{"person":{"givenName":"Zoë","complaints":{"totalCount":0},"then":{"nodes":[{"subject":"Nid-de-poule","reporter":{"givenName":"Zoé","complaints":{"totalCount":1},"back":{"totalCount":0}}}]}},
              "none":{"familyName":"NOUVEAU","complaints":{"totalCount":0},"mandates":{"nodes":[]}},"mandate":{"holder":{"id":"#2","employers":{"edges":[{"position":"Director"}]}},"holderLinks":{"totalCount":0}}}}
            """),
        ["the two times are independent: today is today's, whatever was known"] = new(
            """
            { then: mandates(asOf: "2026-01-05T13:30:00Z", at: "2026-01-05", order: [{ id: ASC }]) { nodes { id validTo } } now: mandates(at: "2026-01-05") { nodes { id } }
              person(id: "#2", asOf: "2026-01-05T13:30:00Z") { mandates { nodes { id group { name } then: group(at: "2021-01-01") { name } } } } today: person(id: "#2") { mandates { totalCount } ever: mandates(during: {}, order: [{ id: ASC }]) { nodes { id validTo } } } }
            """,
            """{"data":{"then":{"nodes":[{"id":"#12","validTo":null},{"id":"#14","validTo":null}]},"now":{"nodes":[{"id":"#14"}]},"person":{"mandates":{"nodes":[{"id":"#12","group":{"name":"Écologie"},"then":{"name":"Gauche"}}]}},"today":{"mandates":{"totalCount":0},"ever":{"nodes":[{"id":"#11","validTo":"2020-06-28"},{"id":"#12","validTo":"2025-12-31"}]}}}}"""),
        ["before the first block there is nothing, after the last it is now"] = new(
            """
            { before: persons(asOf: "2020-01-01T00:00:00Z") { totalCount nodes { id } pageInfo { hasNextPage } groups(by: [CHILDREN]) { count } } person(id: "#1", asOf: "2020-01-01T00:00:00Z") { id mandates { totalCount } } key: organisationBySiren(siren: "123456789", asOf: "2020-01-01T00:00:00Z") { id }
              empty: persons(asOf: "2026-01-05T08:30:00Z") { totalCount } after: persons(asOf: "2100-01-01T00:00:00Z") { totalCount } }
            """,
            """{"data":{"before":{"totalCount":0,"nodes":[],"pageInfo":{"hasNextPage":false},"groups":[]},"person":null,"key":null,"empty":{"totalCount":0},"after":{"totalCount":5}}}"""),
        ["a commit is known from its own moment on"] = new(
            """{ before: persons(asOf: "2026-01-05T10:59:59.999Z", where: { id: { eq: "#1" } }) { nodes { givenName } } at: persons(asOf: "2026-01-05T11:00:00Z", where: { id: { eq: "#1" } }) { nodes { givenName } } same: persons(asOf: "2026-01-05T12:00:00+01:00", where: { id: { eq: "#1" } }) { nodes { givenName } } }""",
            """{"data":{"before":{"nodes":[{"givenName":"Zoé"}]},"at":{"nodes":[{"givenName":"Zoë"}]},"same":{"nodes":[{"givenName":"Zoë"}]}}}"""),
        ["what was known then is searched"] = new(
            """{ then: persons(asOf: "2026-01-05T10:59:59.999Z", search: "zoe") { totalCount nodes { givenName } } words: persons(asOf: "2026-01-05T08:30:00Z", search: "zoe") { totalCount } now: persons(search: "zoe") { totalCount nodes { givenName } } }""",
            """{"data":{"then":{"totalCount":1,"nodes":[{"givenName":"Zoé"}]},"words":{"totalCount":0},"now":{"totalCount":1,"nodes":[{"givenName":"Zoë"}]}}}"""),
        ["a history tells what had happened by then"] = new(
            """{ then: complaint(id: "#71", asOf: "2026-01-05T09:30:00Z") { history { nodes { kind field after } pageInfo { hasNextPage } } } person(id: "#1", asOf: "2026-01-05T11:30:00Z") { history(first: 50) { nodes { kind } } } earlier: person(id: "#1", asOf: "2026-01-05T10:30:00Z") { history(first: 50) { nodes { kind } } } }""",
            """
            {"data":{"then":{"history":{"nodes":[{"kind":"CREATED","field":"subject","after":"Nid-de-poule"},{"kind":"CREATED","field":"status","after":"NEW"}],"pageInfo":{"hasNextPage":false}}},
              "person":{"history":{"nodes":[{"kind":"CREATED"},{"kind":"CREATED"},{"kind":"CREATED"},{"kind":"CREATED"},{"kind":"CREATED"},{"kind":"CREATED"},{"kind":"UPDATED"},{"kind":"UPDATED"}]}},
              "earlier":{"history":{"nodes":[{"kind":"CREATED"},{"kind":"CREATED"},{"kind":"CREATED"},{"kind":"CREATED"},{"kind":"CREATED"},{"kind":"CREATED"}]}}}}
            """),
        ["what the reader may not see now was not there then"] = new(
            """{ persons(asOf: "2026-01-05T09:30:00Z", where: { email: { eq: "zoe@example.org" } }) { totalCount } person(id: "#1", asOf: "2026-01-05T09:30:00Z") { email givenName complaints { totalCount } mandates(during: {}) { totalCount } } alone: person(id: "#1", asOf: "2026-01-05T09:30:00Z") { email givenName } complaints(asOf: "2026-01-05T09:30:00Z") { totalCount } complaint(id: "#71", asOf: "2026-01-05T09:30:00Z") { id } }""",
            """{"data":{"persons":{"totalCount":0},"person":{"email":null,"givenName":"Zoé","complaints":{"totalCount":0},"mandates":{"totalCount":0}},"alone":{"email":null,"givenName":"Zoé"},"complaints":{"totalCount":0},"complaint":null}}""")
        { AsReader = true },
    };

    public static TheoryData<string> Names => [.. Scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task It_answers(string scenario) => Scenarios[scenario].Hold(town.Server);
}
