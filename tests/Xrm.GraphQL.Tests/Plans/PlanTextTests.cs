using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Plans;

/// <summary>Plans as text: which step is run for each relation and level, and by which way.</summary>
public sealed class PlanTextTests(Crowd crowd) : IClassFixture<Crowd>
{
    [Fact]
    public Task A_list_with_a_filter_an_order_links_and_a_count() => Is(
        """
        query($name: String) {
          persons(where: { familyName: { startsWith: $name }, children: { lt: 4 } }, order: [{ givenName: DESC }], first: 20) {
            totalCount
            nodes { displayName complaints(first: 3) { totalCount nodes { subject reporter { id } } } work: employers(during: {}) { edges { position node { legalName } } } }
          }
        }
        """, new { name = "name 0" },
        """
        query
          persons: list of Person
            filter familyName startsWith ? and children < ?
            order givenName desc, id
            window first 20
            way index familyName, 100 of 400
            count of what is found
            cost 100
            run once, touched 100, answered 20
            complaints: relationships by ReportedBy to Complaint
              from 20 at most, during a period
              order id, relationship
              window first 3
              count of what is found
              cost 4
              run once, touched 5, answered 5
              reporter: one by ReportedBy to Person
                from 60 at most, during a period
                cost 60
                run once, touched 5, answered 5
            work = employers: relationships by WorksFor to Organisation
              from 20 at most, during all periods
              order id, relationship
              window first 50
              cost 2
              run once, touched 2, answered 2
        """);

    [Fact]
    public Task What_is_passed_over_in_an_order_that_is_kept_is_not_looked_at() => Is("{ persons(order: [{ children: ASC }], first: 20, offset: 350) { nodes { id } } }", null,
        """
        query
          persons: list of Person
            order children, id
            window first 20 past 350
            way kept order children, at most 20 of 400
            cost 20
            run once, touched 22, answered 20
        """);

    [Fact]
    public Task What_is_passed_over_of_what_a_filter_finds_is_looked_at() => Is("""{ persons(where: { givenName: { contains: "given" } }, first: 20, offset: 350) { nodes { id } } }""", null,
        """
        query
          persons: list of Person
            filter givenName contains ?
            order id
            window first 20 past 350
            way kept order id, at most 400 of 400
            cost 400
            run once, touched 371, answered 20
        """);

    [Fact]
    public Task A_unique_key_is_the_shortest_way() => Is("""{ persons(where: { email: { eq: "p7@example.org" }, givenName: { contains: "given" } }) { nodes { id } } personless: organisationBySiren(siren: "100000001") { employees(first: 2) { totalCount } } }""", null,
        """
        query
          persons: list of Person
            filter email = ? and givenName contains ?
            order id
            window first 50
            way unique key email of 400
            cost 1
            run once, touched 1, answered 1
          personless = organisation: Organisation by key siren
            employees: relationships by WorksFor to Person
              from 1 at most, during a period
              count of what is found
              cost 20
              run once, touched 20, answered 0
        """);

    [Fact]
    public Task Ids_and_indexes_stand_together_where_one_of_several_conditions_is_enough() => Is($$"""{ persons(where: { or: [{ id: { in: ["{{TownServer.Id(3)}}", "{{TownServer.Id(4)}}"] } }, { givenName: { eq: "Given 9" } }] }) { nodes { id } } }""", null,
        """
        query
          persons: list of Person
            filter id in 2 ? or givenName = ?
            order id
            window first 50
            way any of [ids, 2; index givenName, 1], about 3 of 400
            cost 3
            run once, touched 3, answered 3
        """);

    [Fact]
    public Task From_few_things_beyond_the_way_leads_back() => Is("""{ persons(where: { employers: { some: { node: { siren: { eq: "100000002" } } } } }, first: 5) { nodes { id } } }""", null,
        """
        query
          persons: list of Person
            filter some employers (node: siren = ?)
            order id
            window first 5
            way back through employers [unique key siren], about 20 of 400
            cost 22
            run once, touched 20, answered 5
        """);

    [Fact]
    public Task An_order_that_is_kept_is_walked_until_the_page_is_full() => Is("""{ persons(order: [{ familyName: ASC }], first: 5) { totalCount nodes { id } } }""", null,
        """
        query
          persons: list of Person
            order familyName, id
            window first 5
            way kept order familyName, at most 5 of 400
            count kept
            cost 5
            run once, touched 6, answered 5
        """);

    [Fact]
    public Task A_number_that_is_kept_touches_nothing() => Is("{ persons { totalCount } }", null,
        """
        query
          persons: list of Person
            way kept numbers
            count kept
            cost 0
            run once, touched 0, answered 0
        """);

    [Fact]
    public Task What_no_index_answers_looks_at_all_and_at_what_lies_behind() => Is("""{ a: persons(where: { familyName: { contains: "1" } }) { totalCount } b: persons(where: { not: { complaints: { some: { node: { subject: { neq: null } } } } } }, first: 5) { nodes { id } } }""", null,
        """
        query
          a = persons: list of Person
            filter familyName contains ?
            way all 400
            count of what is found
            cost 400
            run once, touched 400, answered 0
          b = persons: list of Person
            filter not some complaints (node: subject != null)
            order id
            window first 5
            way kept order id, at most 400 of 400
            cost 480
            run once, touched 7, answered 5
        """);

    [Fact]
    public Task Groups() => Is("{ persons(where: { children: { gt: 3 } }) { groups(by: [FAMILY_NAME, CHILDREN]) { count sum { children donation } } } }", null,
        """
        query
          persons: list of Person
            filter children > ?
            way index children, 80 of 400
            groups by familyName, children with sums of children, donation, of what is found
            cost 80
            run once, touched 80, answered 0
        """);

    [Fact]
    public Task Links_of_several_types_and_roots_that_read_no_list() => Is($$"""{ me { id } model { version } node(id: "{{TownServer.Id(5)}}") { ... on Person { mandates { totalCount } } ... on Complaint { reporter { id } } } changes(first: 1) { nodes { id } } }""", null,
        """
        query
          me
          model
          node: by id
            Person.mandates: relationships by HoldsMandate to Mandate
              from 1 at most, during a period
              count of what is found
              cost 1
              run once, touched 0, answered 0
            Complaint.reporter: one by ReportedBy to Person
              from 1 at most, during a period
              cost 1
          changes: the log
        """);

    [Fact]
    public async Task A_search_of_one_type_and_of_several() => await Is("""
        { persons(search: "a", first: 2) { totalCount nodes { id } } search(text: "a", types: []) { nodes { id } } }
        """, null, """
        query
          persons: list of Person
            order how well it was found
            way words, of 400
            count of what is found
            run once, answered 0
          search: things by their words
            order how well it was found
            way words, of 0
            run once, answered 0
        """);

    private async Task Is(string query, object? variables, string expected) => (await crowd.Explained(query, variables)).ShouldBe(expected.ReplaceLineEndings("\n"));
}
