namespace Xrm.GraphQL.Tests;

public sealed class QueryTests(FilledTown town) : IClassFixture<FilledTown>
{
    private static readonly Dictionary<string, Scenario> Scenarios = new()
    {
        ["a thing by its id"] = new(
            """{ person(id: "#1") { __typename id version familyName givenName displayName children donation tags createdAt updatedAt extra } }""",
            """{"data":{"person":{"__typename":"Person","id":"#1","version":1,"familyName":"LEFÈVRE","givenName":"Zoé","displayName":"Zoé LEFÈVRE","children":2,"donation":"12.5","tags":["a","b"],"createdAt":"2026-01-05T09:00:00.000Z","updatedAt":"2026-01-05T09:00:00.000Z","extra":null}}}"""),
        ["a thing that is not there is null"] = new(
            """{ person(id: "#999") { id } other: person(id: "#31") { id } }""",
            """{"data":{"person":null,"other":null}}"""),
        ["a thing by its key"] = new(
            """{ constituencyByConstituencyTypeAndCode(constituencyType: COMMUNE, code: "35238") { name } organisationBySiren(siren: "123456789") { legalName } none: organisationBySiren(siren: "000000000") { legalName } }""",
            """{"data":{"constituencyByConstituencyTypeAndCode":{"name":"Rennes"},"organisationBySiren":{"legalName":"Rennes Métropole"},"none":null}}"""),
        ["nodes of several types in the order asked, null for what is not there"] = new(
            """{ node(id: "#41") { id ... on Organisation { siren } ... on Person { familyName } } nodes(ids: ["#2", "#999", "#31", "#2"]) { __typename ... on Entity { displayName } ... on Person { mandates { totalCount } } } }""",
            """{"data":{"node":{"id":"#41","siren":"123456789"},"nodes":[{"__typename":"Person","displayName":"Nathalie APPÉRÉ","mandates":{"totalCount":1}},null,{"__typename":"Constituency","displayName":"35238"},{"__typename":"Person","displayName":"Nathalie APPÉRÉ","mandates":{"totalCount":1}}]}}"""),
        ["who was mayor of Rethel's neighbour on a day"] = new(
            """
            query($commune: String!, $at: Date) {
              electiveFunctions(at: $at, where: { functionType: { eq: "mayor" }, mandate: { constituency: { constituencyType: { eq: COMMUNE }, code: { eq: $commune } } } }) {
                nodes { validFrom validTo mandate { holder { familyName givenName } } } } }
            """,
            """{"data":{"electiveFunctions":{"nodes":[{"validFrom":"2014-03-23","validTo":"2020-05-28","mandate":{"holder":{"familyName":"AFRIBO","givenName":"Joseph"}}}]}}}""")
        { Variables = """{"commune": "08001", "at": "2019-11-01"}""" },
        ["who is mayor on a later day"] = new(
            """
            query($commune: String!, $at: Date) {
              electiveFunctions(at: $at, where: { functionType: { eq: "mayor" }, mandate: { constituency: { constituencyType: { eq: COMMUNE }, code: { eq: $commune } } } }) {
                nodes { validFrom validTo mandate { holder { familyName givenName } } } } }
            """,
            """{"data":{"electiveFunctions":{"nodes":[{"validFrom":"2020-05-28","validTo":null,"mandate":{"holder":{"familyName":"DÉSIRONT","givenName":"Gérard"}}}]}}}""")
        { Variables = """{"commune": "08001", "at": "2021-01-01"}""" },
        ["without a day a root list has all periods"] = new(
            """
            query($commune: String!, $at: Date) {
              electiveFunctions(at: $at, order: [{ validFrom: ASC }], where: { mandate: { constituency: { code: { eq: $commune } } } }) {
                nodes { validFrom mandate { holder { givenName } } } } }
            """,
            """{"data":{"electiveFunctions":{"nodes":[{"validFrom":"2014-04-04","mandate":{"holder":{"givenName":"Nathalie"}}},{"validFrom":"2020-07-03","mandate":{"holder":{"givenName":"Nathalie"}}}]}}}""")
        { Variables = """{"commune": "35238", "at": null}""" },
        ["mandates of a town over all time"] = new(
            """
            { constituencyByConstituencyTypeAndCode(constituencyType: COMMUNE, code: "35238") {
                name  mandates(during: {}, order: [{ validFrom: ASC }]) { totalCount edges { node { validFrom validTo holder { displayName } functions(during: {}) { nodes { functionType validFrom } } } } } } }
            """,
            """
            {"data":{"constituencyByConstituencyTypeAndCode":{"name":"Rennes","mandates":{"totalCount":2,"edges":[
              {"node":{"validFrom":"2014-03-30","validTo":"2020-06-28","holder":{"displayName":"Nathalie APPÉRÉ"},"functions":{"nodes":[{"functionType":"mayor","validFrom":"2014-04-04"}]}}},
              {"node":{"validFrom":"2020-06-28","validTo":null,"holder":{"displayName":"Nathalie APPÉRÉ"},"functions":{"nodes":[{"functionType":"mayor","validFrom":"2020-07-03"}]}}}]}}}}
            """),
        ["the enclosing day holds for what lies below"] = new(
            """{ persons(at: "2016-01-01", where: { givenName: { eq: "Nathalie" } }) { nodes { mandates { nodes { id } } employers { edges { position node { legalName } } } today: mandates(at: "2026-01-05") { nodes { id } } } } }""",
            """{"data":{"persons":{"nodes":[{"mandates":{"nodes":[{"id":"#11"}]},"employers":{"edges":[{"position":"Director","node":{"legalName":"Rennes Métropole"}}]},"today":{"nodes":[{"id":"#12"}]}}]}}}"""),
        ["the enclosing day holds for filters too"] = new(
            """{ then: persons(at: "2016-01-01", where: { employers: { some: { node: { siren: { eq: "123456789" } } } } }) { nodes { id } } now: persons(where: { employers: { some: { position: { startsWith: "cl" } } } }) { nodes { id } } ever: persons(order: [{ id: ASC }], where: { employers: { some: { during: {} } } }) { nodes { id } } }""",
            """{"data":{"then":{"nodes":[{"id":"#2"}]},"now":{"nodes":[{"id":"#1"}]},"ever":{"nodes":[{"id":"#1"},{"id":"#2"}]}}}"""),
        ["a to-one end and its relationships over time"] = new(
            """{ mandate(id: "#12") { group { name } then: group(at: "2021-01-01") { name } before: group(at: "2019-01-01") { name } groupLinks(during: {}, order: [{ name: DESC }]) { totalCount edges { id version validFrom validTo node { name } } } } }""",
            """{"data":{"mandate":{"group":{"name":"Écologie"},"then":{"name":"Gauche"},"before":null,"groupLinks":{"totalCount":2,"edges":[{"id":"#131","version":1,"validFrom":"2020-07-01","validTo":"2022-01-01","node":{"name":"Gauche"}},{"id":"#132","version":1,"validFrom":"2022-01-01","validTo":null,"node":{"name":"Écologie"}}]}}}}"""),
        ["an end of several types answers entities"] = new(
            """{ address(id: "#61") { city occupants(order: [{ id: ASC }]) { nodes { __typename id displayName ... on Person { addresses { nodes { city } } } ... on Organisation { siren } } } some: occupants(where: { type: { eq: "Organisation" } }) { nodes { id } } } }""",
            """{"data":{"address":{"city":"Rennes","occupants":{"nodes":[{"__typename":"Person","id":"#1","displayName":"Zoé LEFÈVRE","addresses":{"nodes":[{"city":"Rennes"}]}},{"__typename":"Organisation","id":"#41","displayName":"123456789","siren":"123456789"}]},"some":{"nodes":[{"id":"#41"}]}}}}"""),
        ["text is found by its fold and exactly"] = new(
            """{ a: persons(where: { familyName: { startsWith: "desir" } }, order: [{ familyName: ASC }], first: 5) { totalCount nodes { displayName } } b: persons(where: { familyName: { eq: "desiront" } }) { totalCount } c: persons(where: { familyName: { contains: "ER" } }) { totalCount } }""",
            """{"data":{"a":{"totalCount":1,"nodes":[{"displayName":"Gérard DÉSIRONT"}]},"b":{"totalCount":0},"c":{"totalCount":1}}}"""),
        ["filters with and, or, not, in, null"] = new(
            """
            query($names: [String]) {
              a: persons(order: [{ id: ASC }], where: { or: [{ children: { gte: 2 } }, { familyName: { in: $names } }] }) { nodes { id } }
              b: persons(order: [{ id: ASC }], where: { not: { children: { eq: 2 } } }) { nodes { id } }
              c: persons(where: { children: { eq: null } }) { nodes { id } }
              d: persons(order: [{ id: ASC }], where: { children: { neq: 1 } }) { nodes { id } }
              e: persons(order: [{ id: ASC }], where: { and: [{ children: { gt: 0 } }, { children: { lt: 2 } }] }) { nodes { id } }
              f: persons(where: { mandates: { none: { during: {} } } }) { nodes { id } }
              g: persons(where: { id: { in: ["#3"] } }) { nodes { id } } }
            """,
            """{"data":{"a":{"nodes":[{"id":"#1"},{"id":"#2"},{"id":"#4"}]},"b":{"nodes":[{"id":"#2"},{"id":"#3"}]},"c":{"nodes":[{"id":"#3"}]},"d":{"nodes":[{"id":"#1"},{"id":"#3"},{"id":"#4"}]},"e":{"nodes":[{"id":"#2"}]},"f":{"nodes":[{"id":"#1"}]},"g":{"nodes":[{"id":"#3"}]}}}""")
        { Variables = """{"names": ["APPÉRÉ"]}""" },
        ["null is not given for filters that are objects"] = new(
            """query($where: PersonFilter) { persons(where: $where, order: null, first: null) { totalCount } }""",
            """{"data":{"persons":{"totalCount":4}}}""")
        { Variables = """{"where": {"familyName": null, "mandates": null}}""" },
        ["order, nulls last either way"] = new(
            """{ up: persons(order: [{ children: ASC }, { familyName: DESC }]) { nodes { familyName } } down: persons(order: [{ children: DESC, familyName: ASC }]) { nodes { familyName } } }""",
            """{"data":{"up":{"nodes":[{"familyName":"APPÉRÉ"},{"familyName":"LEFÈVRE"},{"familyName":"AFRIBO"},{"familyName":"DÉSIRONT"}]},"down":{"nodes":[{"familyName":"AFRIBO"},{"familyName":"LEFÈVRE"},{"familyName":"APPÉRÉ"},{"familyName":"DÉSIRONT"}]}}}"""),
        ["groups with sums"] = new(
            """{ persons(order: [{ id: ASC }]) { groups(by: [CHILDREN]) { __typename children familyName count sum { donation children } min { donation children } max { children } avg { donation } } } }""",
            """
            {"data":{"persons":{"groups":[
              {"__typename":"PersonGroup","children":1,"familyName":null,"count":1,"sum":{"donation":"7.25","children":"1"},"min":{"donation":"7.25","children":1},"max":{"children":1},"avg":{"donation":"7.25"}},
              {"__typename":"PersonGroup","children":2,"familyName":null,"count":2,"sum":{"donation":"12.5","children":"4"},"min":{"donation":"12.5","children":2},"max":{"children":2},"avg":{"donation":"12.5"}},
              {"__typename":"PersonGroup","children":null,"familyName":null,"count":1,"sum":{"donation":null,"children":null},"min":{"donation":null,"children":null},"max":{"children":null},"avg":{"donation":null}}]}}}
            """),
        ["groups of a dated type on a day"] = new(
            """{ mandates(at: "2021-01-01") { totalCount groups(by: [MANDATE_TYPE]) { mandateType count } } }""",
            """{"data":{"mandates":{"totalCount":2,"groups":[{"mandateType":"municipal","count":2}]}}}"""),
        ["fragments, aliases and merged fields"] = new(
            """
            query { one: person(id: "#1") { ...names ...names mandates { totalCount } mandates { nodes { id } } ... on Person { n: givenName } ... on Node { id } ... on Entity { version } } }
            fragment names on Person { familyName ...more }
            fragment more on Entity { displayName }
            """,
            """{"data":{"one":{"familyName":"LEFÈVRE","displayName":"Zoé LEFÈVRE","mandates":{"totalCount":0,"nodes":[]},"n":"Zoé","id":"#1","version":1}}}"""),
        ["skip and include"] = new(
            """query($yes: Boolean!, $no: Boolean = false) { person(id: "#1") { id @skip(if: $yes) familyName @include(if: $yes) ... @include(if: $no) { givenName } ... @skip(if: $no) { version } } none: person(id: "#1") @include(if: $no) { id } }""",
            """{"data":{"person":{"familyName":"LEFÈVRE","version":1}}}""")
        { Variables = """{"yes": true}""" },
        ["defaults of variables"] = new(
            """query($first: Int = 1, $order: [PersonSort!] = [{ familyName: DESC }]) { persons(first: $first, order: $order) { nodes { familyName } } }""",
            """{"data":{"persons":{"nodes":[{"familyName":"LEFÈVRE"}]}}}"""),
        ["one value stands for a list of one"] = new(
            """query($sort: [PersonSort!]) { persons(first: 1, order: $sort) { nodes { familyName } } }""",
            """{"data":{"persons":{"nodes":[{"familyName":"AFRIBO"}]}}}""")
        { Variables = """{"sort": {"familyName": "ASC"}}""" },
        ["who asks and what the model is"] = new(
            """{ me { id roles isAdministrator } model { plugins { id title { fr } } types { name } relationshipTypes { name } } __typename }""",
            """{"data":{"me":{"id":"user:reader","roles":["reader"],"isAdministrator":false},"model":{"plugins":[{"id":"town","title":{"fr":"town"}}],"types":[{"name":"Person"},{"name":"Mandate"},{"name":"Constituency"}],"relationshipTypes":[{"name":"HoldsMandate"},{"name":"ElectedIn"}]},"__typename":"Query"}}""")
        { AsReader = true },
        ["what the reader may not see is not there"] = new(
            """{ persons(where: { email: { eq: "zoe@example.org" } }) { totalCount } person(id: "#1") { email addresses { totalCount nodes { city } } employers { nodes { legalName } } } organisation(id: "#41") { id } organisations { totalCount } }""",
            """{"data":{"persons":{"totalCount":0},"person":{"email":null,"addresses":{"totalCount":0,"nodes":[]},"employers":{"nodes":[]}},"organisation":null,"organisations":{"totalCount":0}}}""")
        { AsReader = true },
        ["a list of none, with no page info to speak of"] = new(
            """{ persons(where: { familyName: { eq: "?" } }) { nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount } }""",
            """{"data":{"persons":{"nodes":[],"edges":[],"pageInfo":{"hasNextPage":false,"hasPreviousPage":false,"startCursor":null,"endCursor":null},"totalCount":0}}}"""),
        ["the history of a thing"] = new(
            """{ organisation(id: "#41") { history { nodes { kind type id field before after actor at } pageInfo { hasNextPage } } } }""",
            """
            {"data":{"organisation":{"history":{"nodes":[
              {"kind":"CREATED","type":"Organisation","id":"#41","field":"siren","before":null,"after":"123456789","actor":"user:admin","at":"2026-01-05T09:00:00.000Z"},
              {"kind":"CREATED","type":"Organisation","id":"#41","field":"legalName","before":null,"after":"Rennes Métropole","actor":"user:admin","at":"2026-01-05T09:00:00.000Z"}],"pageInfo":{"hasNextPage":false}}}}}
            """),
        ["labels, fields and ends of the model"] = new(
            """{ model { types { name plural isDated label { fr en } keys { name fields } fields { name type shape isRequired isMany isUnique sensitivity maxLength options { name } moves { name to needs label { fr } } } ends { name relationship isToOne isDated isSource far } } } }""",
            """
            {"data":{"model":{"types":[
              {"name":"Person","plural":"persons","isDated":false,"label":{"fr":"Personne","en":"Person"},"keys":[],"fields":[
                {"name":"familyName","type":"text","shape":"TEXT","isRequired":true,"isMany":false,"isUnique":false,"sensitivity":"P0","maxLength":200,"options":[],"moves":[]},
                {"name":"givenName","type":"text","shape":"TEXT","isRequired":false,"isMany":false,"isUnique":false,"sensitivity":"P0","maxLength":200,"options":[],"moves":[]},
                {"name":"children","type":"integer","shape":"INTEGER","isRequired":false,"isMany":false,"isUnique":false,"sensitivity":"P1","maxLength":null,"options":[],"moves":[]},
                {"name":"donation","type":"money","shape":"DECIMAL","isRequired":false,"isMany":false,"isUnique":false,"sensitivity":"P1","maxLength":null,"options":[],"moves":[]},
                {"name":"tags","type":"text","shape":"TEXT","isRequired":false,"isMany":true,"isUnique":false,"sensitivity":"P1","maxLength":200,"options":[],"moves":[]},
                {"name":"extra","type":"json","shape":"JSON","isRequired":false,"isMany":false,"isUnique":false,"sensitivity":"P1","maxLength":null,"options":[],"moves":[]}],
               "ends":[{"name":"mandates","relationship":"HoldsMandate","isToOne":false,"isDated":false,"isSource":true,"far":["Mandate"]}]},
              {"name":"Mandate","plural":"mandates","isDated":true,"label":{"fr":"Mandat","en":"Mandate"},"keys":[],"fields":[
                {"name":"mandateType","type":"text","shape":"TEXT","isRequired":true,"isMany":false,"isUnique":false,"sensitivity":"P1","maxLength":200,"options":[],"moves":[]}],
               "ends":[{"name":"holder","relationship":"HoldsMandate","isToOne":true,"isDated":false,"isSource":false,"far":["Person"]},{"name":"constituency","relationship":"ElectedIn","isToOne":true,"isDated":false,"isSource":true,"far":["Constituency"]}]},
              {"name":"Constituency","plural":"constituencies","isDated":false,"label":{"fr":"Circonscription","en":"Constituency"},"keys":[{"name":"ConstituencyTypeAndCode","fields":["constituencyType","code"]}],"fields":[
                {"name":"constituencyType","type":"choice","shape":"TEXT","isRequired":true,"isMany":false,"isUnique":false,"sensitivity":"P1","maxLength":null,"options":[{"name":"COMMUNE"},{"name":"DEPARTMENT"}],"moves":[]},
                {"name":"code","type":"text","shape":"TEXT","isRequired":true,"isMany":false,"isUnique":false,"sensitivity":"P1","maxLength":200,"options":[],"moves":[]},
                {"name":"name","type":"text","shape":"TEXT","isRequired":false,"isMany":false,"isUnique":false,"sensitivity":"P1","maxLength":200,"options":[],"moves":[]}],
               "ends":[{"name":"mandates","relationship":"ElectedIn","isToOne":false,"isDated":false,"isSource":false,"far":["Mandate"]}]}]}}}
            """)
        { AsReader = true },
    };

    public static TheoryData<string> Names => [.. Scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task It_answers(string scenario) => Scenarios[scenario].Hold(town.Server);
}
