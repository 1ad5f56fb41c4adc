using System.Text;
using Xrm.GraphQL.Documents;
using Xrm.Sdk;

namespace Xrm.GraphQL.Tests.Documents;

/// <summary>Lists of documents as the builds of clients write them.</summary>
public sealed class DocumentManifestTests
{
    [Theory]
    [InlineData("""{ "abc": "{ a }", "def": "{ b }" }""")]
    [InlineData("""{ "abc": { "name": "A", "source": "{ a }" }, "def": { "name": "B", "source": "{ b }" } }""")]
    [InlineData("""{ "format": "apollo-persisted-query-manifest", "version": 1, "operations": [{ "id": "abc", "name": "A", "type": "query", "body": "{ a }" }, { "id": "def", "body": "{ b }" }] }""")]
    public void Each_form_is_read(string json) => Read(json).ShouldBe([new("abc", "{ a }"), new("def", "{ b }")]);

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{ "abc": 7 }""")]
    [InlineData("""{ "operations": [{ "id": "abc" }] }""")]
    [InlineData("""{ "abc": "\ud800" }""")]
    public void Another_is_refused_with_the_name_of_the_list(string json) =>
        Should.Throw<Problem>(() => Read(json)).ShouldSatisfyAllConditions(p => p.Code.ShouldBe(ProblemCode.Invalid), p => p.Message.ShouldStartWith("portal.json: "));

    [Fact]
    public void Two_documents_of_one_id_are_a_fault_and_the_same_twice_is_none()
    {
        Should.Throw<Problem>(() => TrustedDocuments.Of([new("a", "{ a }"), new("a", "{ b }"), new("c", "{ a }"), new("c", "{ b }")])).Faults.Select(f => f.Field).ShouldBe(["a", "c"]);
        TrustedDocuments.Of([new("a", "{ a }"), new("a", "{ a }"), new("b", "{ a }")]).Count.ShouldBe(1);
    }

    private static List<ListedDocument> Read(string json) => DocumentManifest.Read(Encoding.UTF8.GetBytes(json), "portal.json");
}
