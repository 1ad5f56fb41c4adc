using System.Globalization;
using Xrm.Sdk;

namespace Sample;

/// <summary>What somebody asks for.</summary>
public static class Request
{
    public static readonly EntityType Type = EntityType.Named("SampleRequest", Label.Of("Demande", "Request"));

    public static readonly Field<string> Subject = Type.Text("subject", Label.Of("Objet", "Subject")).Required().Searchable();

    /// <summary>Given when it is made, and then kept: <c>2026-3f9c</c>.</summary>
    public static readonly Field<string> Reference = Type.Text("reference", Label.Of("Référence", "Reference"));

    public static readonly Field<bool> IsClosed = Type.Boolean("isClosed", Label.Of("Close", "Closed"));

    public static readonly RelationshipType Follows = RelationshipType
        .Named("SampleFollows", Label.Of("fait suite à", "follows"), Label.Of("a pour suite", "is followed by"))
        .From(Type, "previous", Label.Of("Demande précédente", "Previous request"))
        .To(Type, "followUps", Label.Of("Suites", "Follow-ups"))
        .OneTarget()
        .WhenSourceGoes(Then.Delete);

    /// <summary>Before a request is saved: gives a new one its reference, and refuses to change one.</summary>
    public static ValueTask Number(Saving request, CancellationToken cancellation)
    {
        if (request.Before is null)
            request.Put(Reference, string.Create(CultureInfo.InvariantCulture, $"{request.At.Year}-{request.Id.ToString()[^4..]}"));
        else if (request.Changed(Reference))
            throw new Problem(ProblemCode.Invalid, Label.Of("La référence ne change pas.", "The reference does not change."), Reference.Name, "sample-reference");
        return ValueTask.CompletedTask;
    }
}
